package io.firn.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts durations in buckets: 16 for each power of two, so that a quantile is at most about 3 % off.
 *
 * <p>Bucket borders as in HdrHistogram (a value's leading bit and the four bits behind it); recording is one
 * {@link LongAdder} and no lock. Memory about 30 KiB. Thread-safe; a quantile taken while others record is of some
 * moment in between.
 */
public final class LatencyHistogram {
    private static final int SUB_BITS = 4;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;
    private static final int BUCKETS = (Long.SIZE - SUB_BITS) * SUB_BUCKETS;

    private final LongAdder[] counts = new LongAdder[BUCKETS];

    /** Creates an empty histogram. */
    public LatencyHistogram() {
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Counts a duration in nanoseconds; less than 0 counts as 0. */
    public void record(long durationNs) {
        counts[bucketOf(Math.max(0, durationNs))].increment();
    }

    /** Durations that were counted. */
    public long count() {
        long sum = 0;
        for (LongAdder each : counts) {
            sum += each.sum();
        }
        return sum;
    }

    /**
     * The duration that a part of all durations does not exceed.
     *
     * @param quantile 0 to 1, for example 0.99
     * @return nanoseconds, the middle of the bucket; 0 when nothing was counted
     */
    public long quantileNs(double quantile) {
        if (!(quantile >= 0 && quantile <= 1)) {
            throw new IllegalArgumentException("quantile " + quantile + " is not in 0..1");
        }
        long[] copy = new long[BUCKETS];
        long total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts[i].sum();
            total += copy[i];
        }
        long rank = Math.max(1, (long) Math.ceil(quantile * total));
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += copy[i];
            if (seen >= rank) {
                return middleOf(i);
            }
        }
        return 0;
    }

    /** Forgets all durations. */
    public void reset() {
        for (LongAdder each : counts) {
            each.reset();
        }
    }

    static int bucketOf(long value) {
        if (value < SUB_BUCKETS) {
            return (int) value;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
        int sub = (int) (value >>> (exponent - SUB_BITS)) & (SUB_BUCKETS - 1);
        return (exponent - SUB_BITS + 1) * SUB_BUCKETS + sub;
    }

    static long lowestOf(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        int shift = bucket / SUB_BUCKETS - 1;
        return (long) (SUB_BUCKETS + bucket % SUB_BUCKETS) << shift;
    }

    private static long middleOf(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        long width = 1L << (bucket / SUB_BUCKETS - 1);
        return lowestOf(bucket) + width / 2;
    }
}
