package io.firn.task;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads of the process for work that somebody is going to need ({@link Ahead}): one for each core but one, at most 4,
 * shared by everybody. Daemons that begin with the first work and end after 30 seconds without any.
 */
public final class SpareThreads {
    private static final int MAX_THREADS = 4;
    private static final int QUEUE_LIMIT = 1024;
    private static final long IDLE_THREAD_MS = 30_000;

    private SpareThreads() {}

    /** Number of threads; 0 when the process has one core. */
    public static int count() {
        return Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors() - 1);
    }

    /** The threads; an executor that does nothing when there are none. Refuses work when very much of it waits. */
    public static Executor executor() {
        return count() == 0 ? work -> {} : ProcessThreads.EXECUTOR;
    }

    /** Threads of somebody's own, of the same kind. */
    public static ThreadPoolExecutor newExecutor(int threads, long idleMs) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads, threads, idleMs, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(QUEUE_LIMIT), task -> {
                    Thread thread = new Thread(task, "firn-ahead-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private static final class ProcessThreads {
        /** One at least: the number of cores may have changed since the caller asked for it. */
        static final Executor EXECUTOR = newExecutor(Math.max(1, count()), IDLE_THREAD_MS);
    }
}
