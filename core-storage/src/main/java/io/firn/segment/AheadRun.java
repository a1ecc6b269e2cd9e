package io.firn.segment;

import io.firn.task.Ahead;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks in a row that are loaded ahead of their reader as one piece of work, which is faster than a piece for each of
 * many small ones (D85). Its reader takes and then releases it, or abandons it.
 */
final class AheadRun {
    private static final Logger LOG = LoggerFactory.getLogger(AheadRun.class);

    private final int first;
    private final int end;
    private final Ahead<Deque<LoadedBlock>> loading;
    private final Runnable released;

    /** Blocks [first, end) that nobody has begun to load; {@code released} runs when the reader needs them no more. */
    AheadRun(int first, int end, IntFunction<LoadedBlock> loader, Runnable released) {
        this.first = first;
        this.end = end;
        this.loading = new Ahead<>(() -> load(loader), AheadRun::closeAll);
        this.released = released;
    }

    /** The first block's number. */
    int first() {
        return first;
    }

    /** The number behind the last block's. */
    int end() {
        return end;
    }

    /** How they are loaded. */
    Ahead<Deque<LoadedBlock>> loading() {
        return loading;
    }

    /** Loads as many as can be loaded: the one that cannot be is tried again by its reader, who is told then. */
    private Deque<LoadedBlock> load(IntFunction<LoadedBlock> loader) {
        Deque<LoadedBlock> loaded = new ArrayDeque<>(end - first);
        try {
            for (int block = first; block < end; block++) {
                loaded.add(loader.apply(block));
            }
        } catch (RuntimeException failed) {
            LOG.debug("cannot be loaded, its reader will be told why block={}", first + loaded.size(), failed);
        } catch (Error failed) {
            closeAll(loaded);
            throw failed;
        }
        return loaded;
    }

    /**
     * Gives the blocks up to the first that cannot be loaded; as {@link Ahead#take}. The caller closes their memory,
     * and calls {@link #release} then.
     */
    Deque<LoadedBlock> take() {
        return loading.take();
    }

    /** Says that the reader has closed its blocks, or all but the one it shows. */
    void release() {
        released.run();
    }

    /** Gives the blocks up; as {@link Ahead#abandon}. */
    void abandon() {
        try {
            loading.abandon();
        } finally {
            release();
        }
    }

    private static void closeAll(Iterable<LoadedBlock> blocks) {
        blocks.forEach(block -> block.memory().close());
    }
}
