package io.firn.cache;

import io.firn.fs.PooledBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes blocks to local levels off the threads of readers. What is too much is dropped and counted: a cache may lose
 * blocks, a reader must not wait for it. Thread-safe.
 */
final class Demotions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Demotions.class);
    private static final int MAX_WAITING = 64;
    private static final long IDLE_THREAD_MS = 10_000;
    private static final long CLOSE_MS = 30_000;

    private final List<LocalLevel> levels;
    private final Executor executor;
    private final LongAdder done = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    Demotions(List<LocalLevel> levels, Executor executor) {
        this.levels = levels;
        this.executor = executor;
    }

    /** One daemon thread that begins with the first block and ends when there is none for a while. */
    static ExecutorService newExecutor() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                1, 1, IDLE_THREAD_MS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "firn-cache-writer");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Offers a block that memory evicts to the level below; called before its references are given back. */
    void offer(BlockKey key, CachedBlock block) {
        PooledBuffer stored = block.stored();
        if (stored == null || levels.isEmpty()) {
            return;
        }
        write(key, stored, levels.get(0), done);
    }

    /** Writes a block to the level above the one that had it. */
    void raise(BlockKey key, PooledBuffer stored, LocalLevel above) {
        write(key, stored, above, new LongAdder());
    }

    private void write(BlockKey key, PooledBuffer stored, LocalLevel level, LongAdder written) {
        if (!stored.retain()) {
            return;
        }
        try {
            executor.execute(() -> {
                try (stored) {
                    if (level.put(key, stored)) {
                        written.increment();
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("too many blocks wait to be written, one is dropped key={}", key, e);
            dropped.increment();
            stored.close();
        }
    }

    /** Blocks that moved down from memory. */
    long done() {
        return done.sum();
    }

    /** Blocks that found no place among those that wait. */
    long dropped() {
        return dropped.sum();
    }

    void reset() {
        done.reset();
        dropped.reset();
    }

    /** Waits for what is written; what takes longer than half a minute goes on beside a level that is closed. */
    @Override
    public void close() {
        if (!(executor instanceof ExecutorService threads)) {
            return;
        }
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("blocks are still being written to the cache");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
