package io.firn.segment;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block that is loaded by whoever comes first: a thread of {@link ReadAhead}, or the reader that needs it.
 *
 * <p>Ends with exactly one {@link #take} or {@link #abandon}, by the reader; {@link #run} may be called by any thread
 * at any time.
 */
final class AheadBlock {
    private static final Logger LOG = LoggerFactory.getLogger(AheadBlock.class);

    private final int block;
    private final FutureTask<@Nullable LoadedBlock> load;
    private final Runnable released;
    private volatile boolean abandoned;

    AheadBlock(int block, Supplier<LoadedBlock> loader, Runnable released) {
        this.block = block;
        this.load = new FutureTask<@Nullable LoadedBlock>(() -> abandoned ? null : loader.get());
        this.released = released;
    }

    /** The block's number. */
    int block() {
        return block;
    }

    /** Loads the block unless somebody has begun to. */
    void run() {
        load.run();
    }

    /** Whether the block is loaded, or could not be. */
    boolean isDone() {
        return load.isDone();
    }

    /**
     * Gives the block, whose memory the caller closes. Who has begun to load it is waited for; if nobody has,
     * it is loaded here.
     *
     * @throws RuntimeException what loading has thrown
     */
    LoadedBlock take() {
        try {
            LoadedBlock loaded = loaded();
            if (loaded == null) {
                throw new IllegalStateException("block " + block + " was abandoned");
            }
            return loaded;
        } catch (ExecutionException failed) {
            throw unwrapped(failed);
        } finally {
            released.run();
        }
    }

    /** Says that the block will be given up, so that nobody begins to load it any more. */
    void doNotBegin() {
        abandoned = true;
    }

    /** Gives the block up. On return nobody loads it, and nobody will. */
    void abandon() {
        doNotBegin();
        try {
            LoadedBlock loaded = loaded();
            if (loaded != null) {
                loaded.memory().close();
            }
        } catch (ExecutionException notMissed) {
            LOG.debug(
                    "block {} was given up and could not be read; who asks for its records is told", block, notMissed);
        } finally {
            released.run();
        }
    }

    /** Loads or waits. An interrupt does not end the wait, which lasts no longer than loading a block; it is kept. */
    private @Nullable LoadedBlock loaded() throws ExecutionException {
        load.run();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return load.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}
