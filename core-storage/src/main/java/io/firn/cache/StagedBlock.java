package io.firn.cache;

import io.firn.task.UninterruptedWait;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block that is loaded on a guess, by a thread of the {@link Prefetcher} or by the reader that asks for it, whoever
 * comes first. Ends with exactly one {@link #take} or {@link #abandon} that does something. Thread-safe.
 */
final class StagedBlock {
    private static final Logger LOG = LoggerFactory.getLogger(StagedBlock.class);

    private final BlockKey key;
    private final AccessPattern pattern;
    private final int bytes;
    private final long issuedAt;
    private final FutureTask<@Nullable CachedBlock> load;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile boolean abandoned;

    StagedBlock(Guess guess, Supplier<CachedBlock> loader) {
        this.key = guess.key();
        this.pattern = guess.pattern();
        this.bytes = guess.bytes();
        this.issuedAt = guess.issuedAt();
        this.load = new FutureTask<@Nullable CachedBlock>(() -> abandoned ? null : loader.get());
    }

    /**
     * What is guessed.
     *
     * @param key the block
     * @param pattern why
     * @param bytes its decoded size
     * @param issuedAt number of the access that led to the guess
     */
    record Guess(BlockKey key, AccessPattern pattern, int bytes, long issuedAt) {}

    BlockKey key() {
        return key;
    }

    AccessPattern pattern() {
        return pattern;
    }

    int bytes() {
        return bytes;
    }

    long issuedAt() {
        return issuedAt;
    }

    /** Loads the block unless somebody has begun to. */
    void run() {
        load.run();
        if (abandoned) {
            release();
        }
    }

    /** Whether the block is loaded, or could not be. */
    boolean isDone() {
        return load.isDone();
    }

    /** Makes the block the caller's; false when it was taken or given up before. */
    boolean settle() {
        return settled.compareAndSet(false, true);
    }

    /** Gives a block that the caller has settled, waiting for who loads it; null when it cannot be loaded. */
    @Nullable
    CachedBlock take() {
        load.run();
        try {
            return UninterruptedWait.get(load);
        } catch (ExecutionException e) {
            LOG.debug("a guessed block cannot be loaded, its reader will be told why block={}", key, e);
            return null;
        }
    }

    /** Gives up a block that the caller has settled. Does not wait: who loads it gives it back. */
    void abandon() {
        abandoned = true;
        load.run();
        if (load.isDone()) {
            release();
        }
    }

    private void release() {
        if (released.compareAndSet(false, true)) {
            CachedBlock block = take();
            if (block != null) {
                block.release();
            }
        }
    }
}
