package io.firn.segment;

import io.firn.compress.SeekableZstdWriter;
import io.firn.compress.ZstdCodecs;
import io.firn.error.CorruptDataException;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import io.firn.record.FrameFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the cold form of a sealed segment: blocks of whole frames without their checksums, or of their columns, then
 * header, footer and block directory. Trusts nothing that {@link ColdSegmentVerifier} will not compare. Confined to one
 * thread.
 */
final class ColdSegmentWriter {
    private final Segment source;
    private final ZstdCodecs codecs;
    private final CompressionOptions options;
    private final SeekableZstdWriter target;
    private final BlockEncoder encoder;
    private final FrameWalk walk;
    private final List<ColdBlock> blocks = new ArrayList<>();

    private ColdSegmentWriter(
            Segment source, SeekableZstdWriter target, ZstdCodecs codecs, CompressionOptions options) {
        this.source = source;
        this.codecs = codecs;
        this.options = options;
        this.target = target;
        this.encoder = new BlockEncoder(target, codecs.buffers(), options.columnar());
        this.walk = new FrameWalk(source.path(), source.newContextTable());
    }

    /**
     * Writes a cold file, not forced and not verified.
     *
     * @param source a sealed segment
     * @param target an empty file
     * @return its size in bytes
     */
    static long write(Segment source, StoreFile target, ZstdCodecs codecs, CompressionOptions options) {
        try (SeekableZstdWriter blocks = SeekableZstdWriter.create(target, codecs, options.level())) {
            ColdSegmentWriter writer = new ColdSegmentWriter(source, blocks, codecs, options);
            writer.writeBlocks();
            return writer.finish();
        }
    }

    private void writeBlocks() {
        long dataEnd = source.dataEnd();
        long position = source.dataStart();
        PooledBuffer memory = codecs.buffers().take(options.blockSizeBytes());
        try {
            while (position < dataEnd) {
                ByteBuffer frames = memory.bytes();
                int bytes = read(frames, position, dataEnd);
                ColdBlock block = walk.takeBlock(frames, bytes, position);
                if (block.rawBytes() == 0) {
                    int wanted = roomForFrame(frames, bytes, position, dataEnd);
                    memory.close();
                    memory = codecs.buffers().take(wanted);
                    continue;
                }
                int encoding = encoder.write(frames.position(0).limit(block.rawBytes()));
                blocks.add(block.withEncoding(encoding));
                position = block.rawEnd();
            }
        } finally {
            memory.close();
        }
    }

    private int read(ByteBuffer frames, long position, long dataEnd) {
        frames.clear().limit((int) Math.min(frames.capacity(), dataEnd - position));
        int wanted = frames.limit();
        int read = source.readAt(position, frames);
        if (read < wanted) {
            throw new CorruptDataException(
                    source.path(), position + read, "the segment ends here, its footer says at " + dataEnd);
        }
        return read;
    }

    /** The size of a frame that is larger than a block. */
    private int roomForFrame(ByteBuffer frames, int bytes, long position, long dataEnd) {
        int length = bytes < FrameFormat.FIXED_SIZE ? 0 : frames.getInt(0);
        long padded = length < FrameFormat.FIXED_SIZE ? Long.MAX_VALUE : FrameFormat.paddedLength(length);
        if (padded <= bytes || padded > dataEnd - position) {
            throw new CorruptDataException(
                    source.path(), position, "a frame of " + length + " bytes, but the frames end at " + dataEnd);
        }
        return (int) padded;
    }

    private long finish() {
        checkCount();
        ByteBuffer header = readBytes(0, source.dataStart());
        long footerStart = source.dataEnd() + SegmentFormat.END_WORD_SIZE;
        ByteBuffer footer = readBytes(footerStart, source.sizeBytes() - footerStart);
        return target.finish(ColdIndexCodec.encode(new ColdIndex(header, footer, blocks)));
    }

    private void checkCount() {
        long found = blocks.stream().mapToLong(ColdBlock::recordCount).sum();
        long expected = source.summary().orElseThrow().recordCount();
        if (found != expected) {
            throw new CorruptDataException(
                    source.path(), source.dataEnd(), found + " records, but the footer counts " + expected);
        }
    }

    private ByteBuffer readBytes(long from, long size) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size));
        int read = source.readAt(from, bytes);
        if (read < size) {
            throw new CorruptDataException(source.path(), from + read, "the segment ends here");
        }
        return bytes.flip();
    }
}
