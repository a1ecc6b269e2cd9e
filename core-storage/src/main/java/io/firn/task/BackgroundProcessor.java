package io.firn.task;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs named tasks again and again, each with its interval between the end of one run and the begin of the next.
 *
 * <p>A task never runs beside itself, and at most {@value #MAX_TASKS} tasks can be added, so there is a thread for
 * every task that runs: a slow one delays no other. A task that throws is logged, counted and run again. Threads are
 * daemons and end with {@link #close}, which waits for running work, then interrupts it, each for a bounded time.
 * Thread-safe.
 */
public final class BackgroundProcessor implements AutoCloseable {
    /** Most tasks of one processor. */
    public static final int MAX_TASKS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundProcessor.class);
    /** A thread is not free yet when the task that it has run may be due again. */
    private static final int MAX_THREADS = 2 * MAX_TASKS;

    private static final long IDLE_THREAD_MS = 10_000;

    private final BackgroundOptions options;
    private final LongSupplier nanoClock;
    private final Executor workers;
    private final Map<String, BackgroundTask> tasks = new LinkedHashMap<>();
    private @Nullable Thread timer;
    private boolean closed;

    /** Creates a processor without tasks on the system's clock; no thread begins before {@link #start}. */
    public BackgroundProcessor(BackgroundOptions options) {
        this(options, System::nanoTime, newWorkers());
    }

    /** The same on a clock and threads of the caller's; what an executor that is no service runs is not waited for. */
    BackgroundProcessor(BackgroundOptions options, LongSupplier nanoClock, Executor workers) {
        this.options = options;
        this.nanoClock = nanoClock;
        this.workers = workers;
    }

    private static ExecutorService newWorkers() {
        return new ThreadPoolExecutor(
                0, MAX_THREADS, IDLE_THREAD_MS, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "firn-background");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Adds a task. Its first run is an interval after this, or after {@link #start} if that comes later.
     *
     * @param name unique among the tasks of this processor
     * @param interval time between the end of a run and the begin of the next, positive
     * @param work what is done; it should end soon after an interrupt
     * @throws IllegalArgumentException when the name is taken or the interval is not positive
     * @throws IllegalStateException when there are too many tasks, or the processor is closed
     */
    public synchronized void add(String name, Duration interval, Runnable work) {
        requireOpen();
        BackgroundOptions.requirePositive("interval of " + name, interval);
        if (tasks.containsKey(name)) {
            throw new IllegalArgumentException("There is a background task '" + name + "' already");
        }
        if (tasks.size() == MAX_TASKS) {
            throw new IllegalStateException("More than " + MAX_TASKS + " background tasks; the last is '" + name + "'");
        }
        tasks.put(name, new BackgroundTask(name, interval.toNanos(), work, nanoClock));
        notifyAll();
    }

    /** How this processor was set. */
    public BackgroundOptions options() {
        return options;
    }

    /** Starts, unless it has started or is not enabled. */
    public synchronized void start() {
        requireOpen();
        if (timer != null || !options.enabled()) {
            return;
        }
        tasks.values().forEach(BackgroundTask::schedule);
        Thread thread = new Thread(this::keepTime, "firn-background-timer");
        thread.setDaemon(true);
        timer = thread;
        thread.start();
    }

    /** Whether it has started and was not closed. */
    public synchronized boolean isRunning() {
        return timer != null && !closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The background processor is closed");
        }
    }

    private synchronized void keepTime() {
        try {
            while (!closed) {
                long waitNs = runDue();
                if (waitNs > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, waitNs);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hands what is due to the workers; gives the time until something else may be due. */
    synchronized long runDue() {
        long nowNs = nanoClock.getAsLong();
        long waitNs = Long.MAX_VALUE;
        for (BackgroundTask task : List.copyOf(tasks.values())) {
            if (!closed && task.claim(nowNs)) {
                submit(task);
            }
            waitNs = Math.min(waitNs, task.waitNs(nowNs));
        }
        return waitNs;
    }

    private void submit(BackgroundTask task) {
        try {
            workers.execute(() -> {
                task.run();
                wakeTimer();
            });
        } catch (RejectedExecutionException e) {
            LOG.warn("no thread for a background task, it is run an interval later task={}", task.stats(), e);
            task.giveBack();
        }
    }

    private synchronized void wakeTimer() {
        notifyAll();
    }

    /** What the tasks did so far, in the order in which they were added. */
    public synchronized List<TaskStats> stats() {
        return tasks.values().stream().map(BackgroundTask::stats).toList();
    }

    /**
     * Stops: nothing begins any more, running work is waited for, then interrupted and waited for again, each time for
     * at most {@link BackgroundOptions#stopTimeout}. Who is interrupted meanwhile, or was before, waits no longer;
     * running work is interrupted then. Idempotent.
     */
    @Override
    public void close() {
        Thread keeper;
        synchronized (this) {
            closed = true;
            notifyAll();
            keeper = timer;
        }
        try {
            if (keeper != null) {
                keeper.join(options.stopTimeout().toMillis());
            }
            if (workers instanceof ExecutorService service) {
                stop(service);
            }
        } catch (InterruptedException e) {
            if (workers instanceof ExecutorService service) {
                service.shutdownNow();
            }
            Thread.currentThread().interrupt();
        }
    }

    private void stop(ExecutorService service) throws InterruptedException {
        long timeoutMs = options.stopTimeout().toMillis();
        service.shutdown();
        if (service.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS)) {
            return;
        }
        LOG.warn("background work takes too long and is interrupted tasks={}", stats());
        service.shutdownNow();
        if (!service.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS)) {
            LOG.error("background work goes on though it was interrupted tasks={}", stats());
        }
    }
}
