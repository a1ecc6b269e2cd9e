package io.firn.segment;

import io.firn.fs.PooledBuffer;
import io.firn.record.FrameFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A window that shows one block of a sealed segment, or its end word. Blocks that follow each other are loaded for this
 * window alone, ahead of it where cores are spare, so that a scan does not flush the cache of a cold segment; where it
 * jumps to, it asks the cache.
 */
final class BlockWindow implements FrameWindow {
    private static final int NO_BLOCK = -2;

    private final SegmentBlocks blocks;
    private final BlockSequence sequence;
    private final ByteBuffer endWord = ByteBuffer.allocateDirect(SegmentFormat.END_WORD_SIZE)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0, FrameFormat.LENGTH_END);
    private @Nullable PooledBuffer memory;
    private ByteBuffer buffer = endWord;
    private int block = NO_BLOCK;
    private long startOffset;
    private long endOffset;
    private boolean checked;

    /** Creates a window that owns the sequence. */
    BlockWindow(SegmentBlocks blocks, BlockSequence sequence) {
        this.blocks = blocks;
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
    public long checkedEnd() {
        return checked && endOffset == blocks.blockEnd(block) ? endOffset : 0;
    }

    @Override
    public void load(long offset, long minBytes, long limit) {
        if (offset >= blocks.dataEnd()) {
            showEndWord(limit);
            return;
        }
        int wanted = blocks.blockAt(offset);
        if (wanted != block) {
            show(wanted, limit);
        }
        endOffset = Math.min(limit, blocks.blockEnd(wanted));
    }

    private void show(int wanted, long limit) {
        boolean next = wanted == block + 1;
        release();
        LoadedBlock loaded = next ? sequence.next(wanted, limit) : jump(wanted);
        memory = loaded.memory();
        buffer = loaded.memory().bytes();
        block = wanted;
        checked = loaded.checked();
        startOffset = blocks.blockStart(wanted);
    }

    private LoadedBlock jump(int wanted) {
        sequence.close();
        return new LoadedBlock(blocks.randomBlock(wanted), false);
    }

    private void showEndWord(long limit) {
        close();
        buffer = endWord;
        startOffset = blocks.dataEnd();
        endOffset = Math.min(limit, startOffset + SegmentFormat.END_WORD_SIZE);
    }

    private void release() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
        block = NO_BLOCK;
        checked = false;
        startOffset = 0;
        endOffset = 0;
    }

    @Override
    public void close() {
        release();
        sequence.close();
    }
}
