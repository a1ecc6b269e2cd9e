package io.firn.segment;

import io.firn.error.CorruptDataException;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.record.FrameChecksum;
import io.firn.record.FrameFormat;
import io.firn.record.FrameState;
import io.firn.record.FrameVerifier;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Compares a written cold file with the segment it was made of, byte for byte: every block is read from the file,
 * decompressed, given its checksums back and compared with the source. So the source's own checksums are checked too,
 * and what was written gives back exactly the same hot file. Confined to one thread.
 */
final class ColdSegmentVerifier {
    private final Segment source;
    private final ColdSegment cold;
    private final BufferPool buffers;
    private final FrameChecksum checksum;
    private final CRC32C dataCrc = new CRC32C();

    private ColdSegmentVerifier(Segment source, ColdSegment cold, BufferPool buffers) {
        this.source = source;
        this.cold = cold;
        this.buffers = buffers;
        this.checksum = new FrameChecksum(cold.header().salt());
    }

    /**
     * Compares everything.
     *
     * @throws CorruptDataException naming the file that is damaged, the source or the cold one
     */
    static void verify(Segment source, ColdSegment cold, BufferPool buffers) {
        new ColdSegmentVerifier(source, cold, buffers).run();
    }

    private void run() {
        ColdIndex index = cold.index();
        if (source.dataStart() != cold.dataStart()
                || source.dataEnd() != cold.dataEnd()
                || source.sizeBytes() != cold.sizeBytes()) {
            throw new CorruptDataException(cold.path(), 0, "it was not made of " + source.path() + ": sizes differ");
        }
        compare(index.header(), 0);
        compare(index.footer(), index.dataEnd() + SegmentFormat.END_WORD_SIZE);
        dataCrc.update(index.header().duplicate().clear());
        for (int i = 0; i < index.blocks().size(); i++) {
            try (PooledBuffer block = cold.readBlock(i)) {
                FrameWalk.restoreChecksums(block.bytes(), checksum, cold.path());
                dataCrc.update(block.bytes().duplicate());
                compare(block.bytes(), index.blocks().get(i).rawOffset());
            }
        }
        int expected = cold.footerOrThrow().summary().dataCrc();
        if ((int) dataCrc.getValue() != expected) {
            throw new CorruptDataException(
                    source.path(),
                    0,
                    String.format(
                            "checksum 0x%08x of all frames, the footer says 0x%08x", dataCrc.getValue(), expected));
        }
    }

    private void compare(ByteBuffer bytes, long rawOffset) {
        ByteBuffer found = bytes.duplicate().clear();
        try (PooledBuffer memory = buffers.take(found.remaining())) {
            ByteBuffer expected = memory.bytes();
            int read = source.readAt(rawOffset, expected);
            int mismatch = expected.flip().mismatch(found);
            if (read < found.remaining() || mismatch >= 0) {
                throw describe(expected, rawOffset, mismatch);
            }
        }
    }

    private CorruptDataException describe(ByteBuffer expected, long rawOffset, int mismatch) {
        boolean inFrames = rawOffset >= source.dataStart() && rawOffset < source.dataEnd();
        FrameVerifier verifier = new FrameVerifier(source.header().salt());
        int at = 0;
        while (inFrames && at < expected.limit()) {
            if (verifier.check(expected, at, expected.limit()) != FrameState.VALID) {
                return new CorruptDataException(
                        source.path(), rawOffset + at, verifier.describe(expected, at, expected.limit()));
            }
            at += FrameFormat.paddedLength(expected.getInt(at));
        }
        return new CorruptDataException(
                cold.path(),
                Math.max(0, mismatch),
                "it does not give back byte " + (rawOffset + Math.max(0, mismatch)) + " of " + source.path());
    }
}
