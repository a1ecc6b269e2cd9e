package io.firn.lifecycle;

import io.firn.error.ConfigException;
import java.time.Duration;

/**
 * How a process runs the lifecycle of its tables.
 *
 * @param threads background threads ({@code lifecycle.threads}), 1 to 64
 * @param interval how often a table is looked at without commits ({@code lifecycle.interval.ms})
 * @param commitDelay how long after a commit the table is looked at; commits in between cost one look together
 * @param closeTimeout how long closing waits for a rewrite that is being stopped
 * @param forceThreads how many files are made durable at the same time, 1 to 64
 */
public record LifecycleOptions(
        int threads, Duration interval, Duration commitDelay, Duration closeTimeout, int forceThreads) {
    private static final int MAX_THREADS = 64;

    /** Checks the numbers. */
    public LifecycleOptions {
        checkThreads("lifecycle.threads", threads);
        checkThreads("forceThreads", forceThreads);
        if (interval.isNegative() || interval.isZero()) {
            throw new ConfigException("lifecycle.interval.ms = " + interval.toMillis() + " is not above 0");
        }
        if (commitDelay.isNegative() || closeTimeout.isNegative()) {
            throw new ConfigException(
                    "commit delay " + commitDelay + " or close timeout " + closeTimeout + " is negative");
        }
    }

    /** One thread, a look each minute and one second after commits. */
    public static LifecycleOptions defaults() {
        return new LifecycleOptions(1, Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(2), 8);
    }

    /** The same with another number of background threads. */
    public LifecycleOptions withThreads(int count) {
        return new LifecycleOptions(count, interval, commitDelay, closeTimeout, forceThreads);
    }

    /** The same with another interval. */
    public LifecycleOptions withInterval(Duration duration) {
        return new LifecycleOptions(threads, duration, commitDelay, closeTimeout, forceThreads);
    }

    /** The same with another delay after commits. */
    public LifecycleOptions withCommitDelay(Duration duration) {
        return new LifecycleOptions(threads, interval, duration, closeTimeout, forceThreads);
    }

    /** The same with another bound for closing. */
    public LifecycleOptions withCloseTimeout(Duration duration) {
        return new LifecycleOptions(threads, interval, commitDelay, duration, forceThreads);
    }

    /** The same with another number of files that are made durable at the same time. */
    public LifecycleOptions withForceThreads(int count) {
        return new LifecycleOptions(threads, interval, commitDelay, closeTimeout, count);
    }

    private static void checkThreads(String name, int count) {
        if (count < 1 || count > MAX_THREADS) {
            throw new ConfigException(name + " = " + count + " is not in 1.." + MAX_THREADS);
        }
    }
}
