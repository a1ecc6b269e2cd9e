package io.firn.metrics;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long an operation took lately: average and maximum over the last half to whole minute, and the last one.
 *
 * <p>Two windows of 30 seconds that are forgotten as a whole, as the windowed statistics of Kafka are. Thread-safe.
 */
public final class RecentTimes {
    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(30);
    private static final double NS_PER_MS = 1e6;

    private final LongSupplier nanoClock;
    private Window present = Window.EMPTY;
    private Window previous = Window.EMPTY;
    private long presentSinceNs;
    private long count;
    private long lastNs;

    private record Window(long count, long sumNs, long maxNs) {
        static final Window EMPTY = new Window(0, 0, 0);

        Window plus(long durationNs) {
            return new Window(count + 1, sumNs + durationNs, Math.max(maxNs, durationNs));
        }
    }

    /** Nothing was timed yet; the clock counts nanoseconds from an arbitrary moment. */
    public RecentTimes(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.presentSinceNs = nanoClock.getAsLong();
    }

    /** Counts an operation that took so many nanoseconds. */
    public synchronized void record(long durationNs) {
        turn();
        present = present.plus(Math.max(0, durationNs));
        lastNs = Math.max(0, durationNs);
        count++;
    }

    /** Operations so far. */
    public synchronized long count() {
        return count;
    }

    /** Milliseconds of the last operation; NaN before the first. */
    public synchronized double lastMs() {
        return count == 0 ? Double.NaN : lastNs / NS_PER_MS;
    }

    /** Milliseconds on average; NaN when there was none lately. */
    public synchronized double averageMs() {
        turn();
        long recent = present.count + previous.count;
        return recent == 0 ? Double.NaN : (present.sumNs + previous.sumNs) / NS_PER_MS / recent;
    }

    /** Milliseconds of the longest one; NaN when there was none lately. */
    public synchronized double maxMs() {
        turn();
        long recent = present.count + previous.count;
        return recent == 0 ? Double.NaN : Math.max(present.maxNs, previous.maxNs) / NS_PER_MS;
    }

    private void turn() {
        long windows = (nanoClock.getAsLong() - presentSinceNs) / WINDOW_NS;
        if (windows > 0) {
            previous = windows == 1 ? present : Window.EMPTY;
            present = Window.EMPTY;
            presentSinceNs += windows * WINDOW_NS;
        }
    }
}
