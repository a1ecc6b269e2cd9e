package io.firn.flink.source;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets so many records a second through, in bursts of at most a tenth of a second. Confined to one thread.
 */
final class RateGate {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double BURST_SECONDS = 0.1;

    private final double recordsPerSecond;
    private final double burst;
    private final LongSupplier nanoClock;
    private double available;
    private long filledNs;

    /**
     * Creates the gate.
     *
     * @param recordsPerSecond the rate; 0 lets everything through
     * @param nanoClock a clock like {@link System#nanoTime}
     */
    RateGate(double recordsPerSecond, LongSupplier nanoClock) {
        this.recordsPerSecond = recordsPerSecond;
        this.burst = Math.max(1, recordsPerSecond * BURST_SECONDS);
        this.nanoClock = nanoClock;
        this.filledNs = nanoClock.getAsLong();
        this.available = burst;
    }

    /** How many records may pass now, at most so many. */
    int allowed(int wanted) {
        if (recordsPerSecond == 0) {
            return wanted;
        }
        long now = nanoClock.getAsLong();
        available = Math.min(burst, available + (now - filledNs) / NANOS_PER_SECOND * recordsPerSecond);
        filledNs = now;
        return (int) Math.min(wanted, available);
    }

    void passed(int records) {
        available -= records;
    }

    /** Milliseconds until the next record may pass, at least 1. */
    long waitMs() {
        return recordsPerSecond == 0 ? 1 : (long) Math.max(1, Math.ceil((1 - available) / recordsPerSecond * 1000));
    }
}
