package io.firn.bench;

/**
 * Counts durations in buckets whose width is a 64th of the duration or less, so that a quantile is at most 1.6 % off.
 * Recording allocates nothing and touches 32 KiB at most. Confined to one thread.
 */
final class LatencyHistogram {
    private static final int SUB_BITS = 6;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;

    private final long[] counts = new long[(Long.SIZE - SUB_BITS) << SUB_BITS];
    private long total;
    private long highest;

    /** Records a duration, {@code >= 0}. */
    void record(long nanos) {
        counts[bucket(nanos)]++;
        total++;
        highest = Math.max(highest, nanos);
    }

    /** How many durations were recorded. */
    long total() {
        return total;
    }

    /** The longest one. */
    long highest() {
        return highest;
    }

    /** The upper end of the bucket of the duration that this share of all does not exceed. */
    long quantile(double share) {
        long wanted = Math.max(1, (long) Math.ceil(share * total));
        long passed = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            passed += counts[bucket];
            if (passed >= wanted) {
                return Math.min(highest, upperEnd(bucket));
            }
        }
        throw new IllegalStateException("nothing was recorded");
    }

    /** Durations below 64 have a bucket each; above, every power of two has 64. */
    private static int bucket(long nanos) {
        if (nanos < SUB_BUCKETS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(nanos);
        return (shift + 1 << SUB_BITS) + (int) (nanos >>> shift) - SUB_BUCKETS;
    }

    private static long upperEnd(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        int shift = (bucket >>> SUB_BITS) - 1;
        long first = SUB_BUCKETS + (bucket & (SUB_BUCKETS - 1));
        return (first + 1 << shift) - 1;
    }
}
