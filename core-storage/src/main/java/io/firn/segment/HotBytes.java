package io.firn.segment;

import io.firn.fs.PooledBuffer;
import io.firn.record.FrameChecksum;
import io.firn.record.FrameFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Answers for a cold segment what its hot form holds: checksum words are computed again. Confined to one thread. */
final class HotBytes {
    private final ColdSegment segment;
    private final ColdIndex index;
    private final FrameChecksum checksum;

    HotBytes(ColdSegment segment) {
        this.segment = segment;
        this.index = segment.index();
        this.checksum = new FrameChecksum(segment.header().salt());
    }

    /** Fills the target from an offset of the hot form; returns the number of bytes, 0 at or beyond its end. */
    int read(long rawOffset, ByteBuffer target) {
        int before = target.remaining();
        long at = rawOffset;
        while (target.hasRemaining() && at < index.hotSizeBytes()) {
            at += readPart(at, target);
        }
        return before - target.remaining();
    }

    private int readPart(long at, ByteBuffer target) {
        long footerStart = index.dataEnd() + SegmentFormat.END_WORD_SIZE;
        if (at < index.dataStart()) {
            return copy(index.header(), at, target);
        }
        if (at < index.dataEnd()) {
            return readBlock(index.blockAt(at), at, target);
        }
        if (at < footerStart) {
            return copy(endWord(), at - index.dataEnd(), target);
        }
        return copy(index.footer(), at - footerStart, target);
    }

    /** The end word of a sealed segment. */
    static ByteBuffer endWord() {
        return ByteBuffer.allocate(SegmentFormat.END_WORD_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, FrameFormat.LENGTH_END);
    }

    private static int copy(ByteBuffer source, long from, ByteBuffer target) {
        int bytes = (int) Math.min(source.capacity() - from, target.remaining());
        target.put(source.slice((int) from, bytes));
        return bytes;
    }

    private int readBlock(int number, long at, ByteBuffer target) {
        try (PooledBuffer block = segment.randomBlock(number)) {
            ByteBuffer frames = block.bytes();
            int from = (int) (at - index.blocks().get(number).rawOffset());
            int targetAt = target.position();
            int bytes = copy(frames, from, target);
            putChecksums(frames, from, target, targetAt, bytes);
            return bytes;
        }
    }

    /** Puts the checksum words that lie in a copied range of a block, or reach into it, into the copy. */
    private void putChecksums(ByteBuffer frames, int from, ByteBuffer target, int targetAt, int bytes) {
        int to = from + bytes;
        int frame = 0;
        while (frame < to) {
            int padded = FrameWalk.paddedLength(frames, frame, frames.capacity(), segment.path());
            int length = frames.getInt(frame);
            int word = frame + FrameFormat.CRC_OFFSET;
            if (word + Integer.BYTES > from && word < to) {
                int value = checksum.of(frames, frame, length);
                for (int i = 0; i < Integer.BYTES; i++) {
                    if (word + i >= from && word + i < to) {
                        target.put(targetAt + word + i - from, (byte) (value >>> (i * Byte.SIZE)));
                    }
                }
            }
            frame += padded;
        }
    }
}
