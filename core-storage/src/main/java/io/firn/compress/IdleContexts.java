package io.firn.compress;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The zstd contexts of one {@link ZstdCodecs} that nobody uses at present: kept for the next caller, freed when none
 * was given back for a while. So codecs that are forgotten without being closed keep no native memory, and no thread
 * stays that would hold on to their class loader. Thread-safe.
 */
final class IdleContexts {
    private static final int MAX_COMPRESSORS = 2;
    private static final int MAX_DECOMPRESSORS = 16;
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

    private final BlockingQueue<ZstdCompressCtx> compressors = new ArrayBlockingQueue<>(MAX_COMPRESSORS);
    private final BlockingQueue<ZstdDecompressCtx> decompressors = new ArrayBlockingQueue<>(MAX_DECOMPRESSORS);
    private final AtomicLong givenBack = new AtomicLong();
    private final AtomicBoolean sweepIsDue = new AtomicBoolean();
    private final ScheduledExecutorService sweeper;
    private final long sweepMs;

    /** Contexts that are swept on the process's thread. */
    IdleContexts() {
        this(ProcessThread.EXECUTOR, SWEEP_INTERVAL);
    }

    /** Contexts that are freed when none was given back between two sweeps. */
    IdleContexts(ScheduledExecutorService sweeper, Duration sweepInterval) {
        this.sweeper = sweeper;
        this.sweepMs = sweepInterval.toMillis();
    }

    BlockingQueue<ZstdCompressCtx> compressors() {
        return compressors;
    }

    BlockingQueue<ZstdDecompressCtx> decompressors() {
        return decompressors;
    }

    /** Says that a context has just been put into one of the queues. */
    void gaveBack() {
        scheduleSweep(givenBack.incrementAndGet());
    }

    int count() {
        return compressors.size() + decompressors.size();
    }

    void free() {
        for (ZstdCompressCtx c = compressors.poll(); c != null; c = compressors.poll()) {
            c.close();
        }
        for (ZstdDecompressCtx d = decompressors.poll(); d != null; d = decompressors.poll()) {
            d.close();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // freeing memory cannot fail
    private void scheduleSweep(long seen) {
        if (sweepIsDue.compareAndSet(false, true)) {
            sweeper.schedule(() -> sweep(seen), sweepMs, TimeUnit.MILLISECONDS);
        }
    }

    private void sweep(long seen) {
        long now = givenBack.get();
        if (now == seen) {
            free();
        }
        sweepIsDue.set(false);
        // also what came back between the two: nobody else will schedule a sweep for it
        if (count() > 0) {
            scheduleSweep(now);
        }
    }

    /** One daemon thread that begins with the first sweep and ends when none is due. */
    static ScheduledThreadPoolExecutor newSweeper() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "firn-zstd-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(1, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** The process-wide thread. */
    private static final class ProcessThread {
        static final ScheduledExecutorService EXECUTOR = newSweeper();
    }
}
