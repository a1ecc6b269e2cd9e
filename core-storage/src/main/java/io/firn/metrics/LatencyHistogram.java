package io.firn.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts durations in buckets whose width is at most an eighth of their lower bound, so that a quantile is right to
 * 12.5 %. No lock, no allocation. Thread-safe; a quantile asked for meanwhile may miss what is just being added.
 */
public final class LatencyHistogram {
    /** Buckets of each power of two, as a power of two. */
    private static final int SUB_BITS = 3;

    private static final int SUB_BUCKETS = 1 << SUB_BITS;

    private final AtomicLongArray buckets = new AtomicLongArray((Long.SIZE - SUB_BITS) * SUB_BUCKETS);
    private final LongAdder totalNs = new LongAdder();

    /** Creates a histogram without durations. */
    public LatencyHistogram() {}

    /** Counts a duration in nanoseconds; a negative one counts as 0. */
    public void record(long durationNs) {
        long value = Math.max(0, durationNs);
        buckets.incrementAndGet(bucketOf(value));
        totalNs.add(value);
    }

    /** Number of durations. */
    public long count() {
        long count = 0;
        for (int i = 0; i < buckets.length(); i++) {
            count += buckets.get(i);
        }
        return count;
    }

    /** Sum of all durations, nanoseconds. */
    public long totalNs() {
        return totalNs.sum();
    }

    /**
     * The duration that a share of all does not exceed, rounded up to the end of its bucket.
     *
     * @param share 0 to 1, for example 0.99
     * @return nanoseconds, 0 without durations
     */
    public long quantileNs(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share " + share + " is not in 0..1");
        }
        long count = count();
        long wanted = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int i = 0; i < buckets.length() && count > 0; i++) {
            seen += buckets.get(i);
            if (seen >= wanted) {
                return lastOf(i);
            }
        }
        return 0;
    }

    private static int bucketOf(long value) {
        if (value < SUB_BUCKETS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(value);
        return (shift + 1) * SUB_BUCKETS + (int) (value >>> shift) - SUB_BUCKETS;
    }

    /** The greatest value of a bucket. */
    private static long lastOf(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        int shift = bucket / SUB_BUCKETS - 1;
        long lowest = (long) (bucket % SUB_BUCKETS + SUB_BUCKETS) << shift;
        return lowest + (1L << shift) - 1;
    }
}
