package io.firn.segment;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The blocks that one reader of a sealed segment takes one after the other, some of them loaded ahead.
 *
 * <p>The number ahead starts at one with the second block in a row and doubles with each further one, so that a reader
 * that soon stops or jumps costs little. Confined to one thread.
 */
final class BlockSequence implements AutoCloseable {
    private final SegmentBlocks blocks;
    private final ReadAhead readAhead;
    private final Deque<AheadBlock> ahead = new ArrayDeque<>();
    private int wantedAhead;

    BlockSequence(SegmentBlocks blocks, ReadAhead readAhead) {
        this.blocks = blocks;
        this.readAhead = readAhead;
    }

    /**
     * Gives the block behind the one that was taken before, and begins to load those that follow.
     *
     * @param limit raw offset that is not read beyond
     * @return the block, whose memory the caller closes
     */
    LoadedBlock next(int block, long limit) {
        AheadBlock begun = ahead.pollFirst();
        if (begun != null && begun.block() != block) {
            begun.abandon();
            close();
            begun = null;
        }
        wantedAhead = Math.min(readAhead.maxBlocks(), wantedAhead == 0 ? 1 : wantedAhead * 2);
        begin(block + 1, limit);
        if (begun == null) {
            return new LoadedBlock(blocks.scannedBlock(block), false);
        }
        readAhead.taken(begun);
        begun.loading().runOrHelp(() -> ahead.stream().map(AheadBlock::loading).iterator());
        return begun.take();
    }

    /** Begins to load what follows those that are ahead already, up to the wanted number. */
    private void begin(int next, long limit) {
        int block = ahead.isEmpty() ? next : ahead.getLast().block() + 1;
        while (ahead.size() < wantedAhead && block < blocks.blockCount() && blocks.blockStart(block) < limit) {
            int loading = block++;
            AheadBlock begun = readAhead.begin(
                    loading, blocks.blockEnd(loading) - blocks.blockStart(loading), () -> blocks.aheadBlock(loading));
            if (begun == null) {
                return;
            }
            ahead.addLast(begun);
        }
    }

    /** Gives up what is ahead: the reader jumps or ends. On return no thread reads the segment for this reader. */
    @Override
    public void close() {
        wantedAhead = 0;
        ahead.forEach(begun -> begun.loading().doNotBegin());
        for (AheadBlock begun = ahead.pollFirst(); begun != null; begun = ahead.pollFirst()) {
            begun.abandon();
        }
    }
}
