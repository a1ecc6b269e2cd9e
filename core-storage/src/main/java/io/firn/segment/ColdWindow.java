package io.firn.segment;

import io.firn.fs.PooledBuffer;
import io.firn.record.FrameFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A window that shows one block of a cold segment, or its end word. Blocks that follow each other are decompressed for
 * this window alone, ahead of it where cores are spare, so that a scan does not flush the cache; where it jumps to, it
 * asks the cache.
 */
final class ColdWindow implements FrameWindow {
    private static final int NO_BLOCK = -2;

    private final ColdSegment segment;
    private final BlockSequence sequence;
    private final ByteBuffer endWord = ByteBuffer.allocateDirect(SegmentFormat.END_WORD_SIZE)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0, FrameFormat.LENGTH_END);
    private @Nullable PooledBuffer memory;
    private ByteBuffer buffer = endWord;
    private int block = NO_BLOCK;
    private long startOffset;
    private long endOffset;

    /** Creates a window that owns the sequence. */
    ColdWindow(ColdSegment segment, BlockSequence sequence) {
        this.segment = segment;
        this.sequence = sequence;
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public long startOffset() {
        return startOffset;
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public void load(long offset, long minBytes, long limit) {
        if (offset >= segment.dataEnd()) {
            showEndWord(limit);
            return;
        }
        int wanted = segment.index().blockAt(offset);
        if (wanted != block) {
            show(wanted, limit);
        }
        endOffset = Math.min(limit, segment.index().blocks().get(wanted).rawEnd());
    }

    private void show(int wanted, long limit) {
        boolean next = wanted == block + 1;
        release();
        PooledBuffer bytes = next ? sequence.next(wanted, limit) : jump(wanted);
        memory = bytes;
        buffer = bytes.bytes();
        block = wanted;
        startOffset = segment.index().blocks().get(wanted).rawOffset();
    }

    private PooledBuffer jump(int wanted) {
        sequence.close();
        return segment.cachedBlock(wanted);
    }

    private void showEndWord(long limit) {
        close();
        buffer = endWord;
        startOffset = segment.dataEnd();
        endOffset = Math.min(limit, startOffset + SegmentFormat.END_WORD_SIZE);
    }

    private void release() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
        block = NO_BLOCK;
        startOffset = 0;
        endOffset = 0;
    }

    @Override
    public void close() {
        release();
        sequence.close();
    }
}
