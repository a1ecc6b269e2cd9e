package io.firn.task;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task of a {@link BackgroundProcessor}, its schedule and its counters. Thread-safe. */
final class BackgroundTask {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundTask.class);

    private final String name;
    private final long intervalNs;
    private final Runnable work;
    private final LongSupplier nanoClock;
    private long dueNs;
    private long runs;
    private long failures;
    private long lastDurationNs;
    private boolean running;

    BackgroundTask(String name, long intervalNs, Runnable work, LongSupplier nanoClock) {
        this.name = name;
        this.intervalNs = intervalNs;
        this.work = work;
        this.nanoClock = nanoClock;
        this.dueNs = nanoClock.getAsLong() + intervalNs;
    }

    /** Begins the first interval. */
    synchronized void schedule() {
        dueNs = nanoClock.getAsLong() + intervalNs;
    }

    /** Time until the next run, 0 or less when it is due; the greatest value while one runs. */
    synchronized long waitNs(long nowNs) {
        return running ? Long.MAX_VALUE : dueNs - nowNs;
    }

    /** Claims the run that is due; false when none is. Who claims calls {@link #run} or {@link #giveBack}. */
    synchronized boolean claim(long nowNs) {
        if (running || dueNs - nowNs > 0) {
            return false;
        }
        running = true;
        return true;
    }

    /** Says that a claimed run did not happen; it is due again after an interval. */
    synchronized void giveBack() {
        running = false;
        schedule();
    }

    /** Runs the work; what it throws is logged and counted. */
    void run() {
        long startNs = nanoClock.getAsLong();
        boolean failed = true;
        try {
            work.run();
            failed = false;
        } catch (RuntimeException | Error e) {
            // also an error: it belongs to this task alone, the others go on
            LOG.warn("background task failed, it goes on task={}", name, e);
        } finally {
            ended(nanoClock.getAsLong() - startNs, failed);
        }
    }

    private synchronized void ended(long durationNs, boolean failed) {
        runs++;
        failures += failed ? 1 : 0;
        lastDurationNs = durationNs;
        giveBack();
    }

    synchronized TaskStats stats() {
        return new TaskStats(name, runs, failures, lastDurationNs, running);
    }
}
