package io.firn.segment;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that one reader of a sealed segment takes one after the other, some of them loaded ahead in runs.
 *
 * <p>One run of one block is ahead with the second block in a row; with each further step the number of runs and their
 * length double up to their bounds, so that a reader that soon stops or jumps costs little. Confined to one thread.
 */
final class BlockSequence implements AutoCloseable {
    private final SegmentBlocks blocks;
    private final ReadAhead readAhead;
    private final Deque<AheadRun> ahead = new ArrayDeque<>();
    private int wantedAhead;
    /** The run whose blocks are being given out, and those that are left of it. */
    private @Nullable AheadRun taken;

    private Deque<LoadedBlock> left = new ArrayDeque<>();

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
        LoadedBlock next = nextOfTaken();
        if (next == null) {
            AheadRun begun = nextRun(block);
            wantedAhead = Math.min(readAhead.maxRuns(), wantedAhead == 0 ? 1 : wantedAhead * 2);
            begin(begun == null ? block + 1 : begun.end(), limit);
            if (begun != null) {
                take(begun);
                next = nextOfTaken();
            }
        }
        return next == null ? new LoadedBlock(blocks.scannedBlock(block), false) : next;
    }

    private @Nullable LoadedBlock nextOfTaken() {
        LoadedBlock next = left.pollFirst();
        if (left.isEmpty()) {
            releaseTaken();
        }
        return next;
    }

    /** The run that begins with a block. If a block before could not be loaded, nothing that is ahead follows. */
    private @Nullable AheadRun nextRun(int block) {
        AheadRun next = ahead.peekFirst();
        if (next != null && next.first() != block) {
            close();
        }
        return ahead.pollFirst();
    }

    private void take(AheadRun begun) {
        readAhead.taken(begun);
        taken = begun;
        begun.loading().runOrHelp(() -> ahead.stream().map(AheadRun::loading).iterator());
        left = begun.take();
    }

    /** Begins to load what follows those that are ahead already, up to the wanted number. */
    private void begin(int next, long limit) {
        int first = ahead.isEmpty() ? next : ahead.getLast().end();
        while (ahead.size() < wantedAhead && isWanted(first, limit)) {
            int end = endOfRun(first, limit);
            long bytes = blocks.blockEnd(end - 1) - blocks.blockStart(first);
            AheadRun begun = readAhead.begin(first, end, bytes, blocks::aheadBlock);
            if (begun == null) {
                return;
            }
            ahead.addLast(begun);
            first = end;
        }
    }

    private int endOfRun(int first, long limit) {
        long start = blocks.blockStart(first);
        int end = first + 1;
        while (end - first < wantedAhead
                && isWanted(end, limit)
                && blocks.blockEnd(end) - start <= readAhead.runBytes()) {
            end++;
        }
        return end;
    }

    private boolean isWanted(int block, long limit) {
        return block < blocks.blockCount() && blocks.blockStart(block) < limit;
    }

    private void releaseTaken() {
        AheadRun done = taken;
        taken = null;
        if (done != null) {
            done.release();
        }
    }

    /** Gives up what is ahead: the reader jumps or ends. On return no thread reads the segment for this reader. */
    @Override
    public void close() {
        wantedAhead = 0;
        for (LoadedBlock block = left.pollFirst(); block != null; block = left.pollFirst()) {
            block.memory().close();
        }
        releaseTaken();
        ahead.forEach(begun -> begun.loading().doNotBegin());
        for (AheadRun begun = ahead.pollFirst(); begun != null; begun = ahead.pollFirst()) {
            begun.abandon();
        }
    }
}
