package io.firn.metrics;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times operations; an instance that is off does neither and holds nothing.
 *
 * <p>Counting is a {@link LongAdder}, timing one histogram bucket more; nobody waits. Exact when nobody counts at the
 * time of {@link #snapshot}. A timed operation is {@code long start = metrics.startNs()}, the work, then
 * {@link #recordWrite} or {@link #recordRead}, or {@link #recordError} instead. Thread-safe.
 */
public final class OperationMetrics {
    private static final OperationMetrics OFF = new OperationMetrics(null);

    private final @Nullable Counters counters;

    private OperationMetrics(@Nullable Counters counters) {
        this.counters = counters;
    }

    private static final class Counters {
        final LongSupplier nanoClock;
        final LongAdder writes = new LongAdder();
        final LongAdder reads = new LongAdder();
        final LongAdder cacheHits = new LongAdder();
        final LongAdder cacheMisses = new LongAdder();
        final LongAdder compressions = new LongAdder();
        final LongAdder errors = new LongAdder();
        final LatencyHistogram writeLatency = new LatencyHistogram();
        final LatencyHistogram readLatency = new LatencyHistogram();

        Counters(LongSupplier nanoClock) {
            this.nanoClock = nanoClock;
        }
    }

    /** Metrics that count, timed by the system's clock. */
    public static OperationMetrics enabled() {
        return enabled(System::nanoTime);
    }

    /** Metrics that count, timed by a clock in nanoseconds. */
    public static OperationMetrics enabled(LongSupplier nanoClock) {
        return new OperationMetrics(new Counters(nanoClock));
    }

    /** Metrics that are off: all counters stay zero, no clock is read. */
    public static OperationMetrics disabled() {
        return OFF;
    }

    /** Whether anything is counted. */
    public boolean isEnabled() {
        return counters != null;
    }

    /** The begin of a timed operation; 0 when off. */
    public long startNs() {
        return counters == null ? 0 : counters.nanoClock.getAsLong();
    }

    /** Counts a call that has written records. */
    public void recordWrite(long records, long startNs) {
        if (counters != null) {
            counters.writes.add(records);
            counters.writeLatency.record(counters.nanoClock.getAsLong() - startNs);
        }
    }

    /** Counts a call that has read records. */
    public void recordRead(long records, long startNs) {
        if (counters != null) {
            counters.reads.add(records);
            counters.readLatency.record(counters.nanoClock.getAsLong() - startNs);
        }
    }

    /** Counts records that a timed call has read since. */
    public void addReads(long records) {
        if (counters != null) {
            counters.reads.add(records);
        }
    }

    /** Counts a block that a cache had. */
    public void recordCacheHit() {
        if (counters != null) {
            counters.cacheHits.increment();
        }
    }

    /** Counts a block that no cache had. */
    public void recordCacheMiss() {
        if (counters != null) {
            counters.cacheMisses.increment();
        }
    }

    /** Counts a compression. */
    public void recordCompression() {
        recordCompressions(1);
    }

    /** Counts compressions. */
    public void recordCompressions(long count) {
        if (counters != null) {
            counters.compressions.add(count);
        }
    }

    /** Counts an operation that failed, instead of its write or read. */
    public void recordError() {
        if (counters != null) {
            counters.errors.increment();
        }
    }

    /** The counters now; zeros when off. */
    public MetricsSnapshot snapshot() {
        if (counters == null) {
            return new MetricsSnapshot(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        return new MetricsSnapshot(
                counters.writes.sum(),
                counters.reads.sum(),
                counters.cacheHits.sum(),
                counters.cacheMisses.sum(),
                counters.compressions.sum(),
                counters.errors.sum(),
                counters.writeLatency.count(),
                counters.readLatency.count(),
                counters.writeLatency.quantileNs(0.5),
                counters.writeLatency.quantileNs(0.99),
                counters.readLatency.quantileNs(0.5),
                counters.readLatency.quantileNs(0.99));
    }
}
