package io.firn.segment;

import io.firn.fs.FileStore;
import io.firn.record.FrameFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Walks over a segment that may not be sealed, as after a crash, and says how far its frames are valid. Never changes
 * anything. Confined to one thread.
 */
public final class SegmentScanner {
    private static final int CHUNK_BYTES = 64 << 10;
    /** Bytes that are checksummed at most while looking for frames behind damage. */
    private static final long SEARCH_BUDGET_BYTES = 4L << 30;

    private final Segment segment;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long budget = SEARCH_BUDGET_BYTES;

    private SegmentScanner(Segment segment) {
        this.segment = segment;
    }

    /**
     * Scans a segment.
     *
     * @param committedLength what is known to be committed, 0 if nothing is
     * @throws io.firn.error.CorruptDataException if a frame below the committed length is missing or damaged
     */
    public static SegmentScan scan(FileStore store, Path path, SegmentAccess access, long committedLength) {
        try (Segment segment = Segment.open(store, path, access)) {
            return new SegmentScanner(segment).scan(committedLength);
        }
    }

    private SegmentScan scan(long committedLength) {
        long end = endOfFrames(committedLength);
        return new SegmentScan(segment.header(), segment.verify(end), endingAt(end));
    }

    /** The end of the last valid frame that can be reached from the first one, whatever a footer says. */
    private long endOfFrames(long committedLength) {
        FrameSource frames = new WithoutFooter(segment);
        try (FrameCursor cursor = new FrameCursor(frames, segment.newWindow(), 0, committedLength, true)) {
            long end = cursor.nextOffset();
            while (cursor.next()) {
                end = cursor.nextOffset();
            }
            return Math.max(end, cursor.nextOffset());
        }
    }

    private SegmentScan.Ending endingAt(long end) {
        long size = segment.sizeBytes();
        fill(end);
        if (chunk.remaining() >= Integer.BYTES && chunk.getInt(0) == FrameFormat.LENGTH_END) {
            return SegmentScan.Ending.SEALED;
        }
        boolean zeros = true;
        for (long offset = end; offset < size; offset += CHUNK_BYTES) {
            fill(offset);
            for (int i = 0; i + Long.BYTES <= chunk.limit(); i += Long.BYTES) {
                boolean zero = chunk.getLong(i) == 0;
                zeros &= zero;
                if (!zero && offset + i > end && isFrame(offset + i, chunk.getInt(i))) {
                    return SegmentScan.Ending.BROKEN;
                }
            }
        }
        return zeros ? SegmentScan.Ending.CLEAN : SegmentScan.Ending.TORN;
    }

    private void fill(long offset) {
        chunk.clear();
        segment.readAt(offset, chunk);
        chunk.flip();
    }

    private boolean isFrame(long offset, int length) {
        long size = segment.sizeBytes();
        if (length < FrameFormat.FIXED_SIZE || length > size - offset || length > budget) {
            return false;
        }
        ByteBuffer head = ByteBuffer.allocate(FrameFormat.FIXED_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        segment.readAt(offset, head);
        int flags = Short.toUnsignedInt(head.getShort(FrameFormat.FLAGS_OFFSET));
        if ((flags & ~FrameFormat.KNOWN_FLAGS) != 0) {
            return false;
        }
        int salt = segment.header().salt();
        return head.getInt(FrameFormat.CRC_OFFSET) == (checksum(offset, length) ^ salt ^ length);
    }

    private int checksum(long offset, int length) {
        budget -= length;
        CRC32C crc = new CRC32C();
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES);
        long end = offset + FrameFormat.paddedLength(length);
        for (long at = offset + FrameFormat.TIMESTAMP_OFFSET; at < end; at += CHUNK_BYTES) {
            bytes.clear().limit((int) Math.min(CHUNK_BYTES, end - at));
            segment.readAt(at, bytes);
            crc.update(bytes.flip());
        }
        return (int) crc.getValue();
    }
}
