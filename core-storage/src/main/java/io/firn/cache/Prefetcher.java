package io.firn.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks that were loaded on a guess and wait for their reader, beside the cache: a guess never evicts what somebody
 * has really asked for. Bounded by bytes, loading ones included. Thread-safe.
 */
final class Prefetcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);
    private static final int THREADS = 4;
    private static final int MAX_WAITING = 1024;
    private static final long IDLE_THREAD_MS = 10_000;
    private static final long CLOSE_MS = 10_000;

    private final Executor executor;
    private final long maxBytes;
    private final Map<BlockKey, StagedBlock> staged = new ConcurrentHashMap<>();
    private final AtomicLong heldBytes = new AtomicLong();
    private final LongAdder issued = new LongAdder();
    private final LongAdder used = new LongAdder();
    private final LongAdder usedReady = new LongAdder();
    private final LongAdder wasted = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder issuedBytes = new LongAdder();
    private final LongAdder wastedBytes = new LongAdder();
    private volatile boolean closed;

    Prefetcher(Executor executor, long maxBytes) {
        this.executor = executor;
        this.maxBytes = maxBytes;
    }

    /** Daemon threads that begin with the first guess and end when there is none for a while. */
    static ExecutorService newExecutor() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_THREAD_MS,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                task -> {
                    Thread thread = new Thread(task, "firn-prefetch-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Most bytes that wait or load. */
    long maxBytes() {
        return maxBytes;
    }

    /** Bytes that wait or load at present. */
    long heldBytes() {
        return heldBytes.get();
    }

    boolean isStaged(BlockKey key) {
        return staged.containsKey(key);
    }

    /** Begins to load a block; null when a bound is reached or it is there already. */
    @Nullable
    StagedBlock begin(StagedBlock.Guess guess, Supplier<CachedBlock> loader) {
        if (closed || !hold(guess.bytes())) {
            return null;
        }
        StagedBlock block = new StagedBlock(guess, loader);
        if (staged.putIfAbsent(guess.key(), block) != null) {
            heldBytes.addAndGet(-guess.bytes());
            return null;
        }
        try {
            executor.execute(block::run);
        } catch (RejectedExecutionException e) {
            LOG.debug("too many guesses wait, one is not made block={}", guess.key(), e);
            if (end(block)) {
                block.abandon();
            }
            return null;
        }
        issued.increment();
        issuedBytes.add(guess.bytes());
        return block;
    }

    private boolean hold(long bytes) {
        long held = heldBytes.addAndGet(bytes);
        if (held > maxBytes) {
            heldBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    private boolean end(StagedBlock block) {
        if (!block.settle()) {
            return false;
        }
        staged.remove(block.key(), block);
        heldBytes.addAndGet(-block.bytes());
        return true;
    }

    /** Gives a block that was guessed, loaded or waited for; null when it was not, and that is a miss. */
    @Nullable
    CachedBlock take(BlockKey key) {
        StagedBlock block = staged.get(key);
        if (block == null || !end(block)) {
            misses.increment();
            return null;
        }
        boolean ready = block.isDone();
        CachedBlock taken = block.take();
        if (taken == null) {
            misses.increment();
            return null;
        }
        used.increment();
        if (ready) {
            usedReady.increment();
        }
        return new CachedBlock(taken.block(), taken.stored(), true);
    }

    /** Gives a guess up; false when somebody has taken it. */
    boolean waste(StagedBlock block) {
        if (!end(block)) {
            return false;
        }
        block.abandon();
        wasted.increment();
        wastedBytes.add(block.bytes());
        return true;
    }

    PrefetchStats stats() {
        return new PrefetchStats(
                issued.sum(),
                used.sum(),
                usedReady.sum(),
                wasted.sum(),
                misses.sum(),
                issuedBytes.sum(),
                wastedBytes.sum());
    }

    void resetStats() {
        issued.reset();
        used.reset();
        usedReady.reset();
        wasted.reset();
        misses.reset();
        issuedBytes.reset();
        wastedBytes.reset();
    }

    /** Gives up what waits, and ends the threads. */
    @Override
    public void close() {
        closed = true;
        staged.values().forEach(this::waste);
        if (executor instanceof ExecutorService threads) {
            threads.shutdown();
            try {
                if (!threads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                    LOG.warn("guessed blocks are still being read");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
