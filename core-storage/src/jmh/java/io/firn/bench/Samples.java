package io.firn.bench;

import java.util.Arrays;

/** Measured values of one quantity, in the order in which they came. Confined to one thread. */
final class Samples {
    private long[] values = new long[1024];
    private int count;

    void add(long value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
    }

    void clear() {
        count = 0;
    }

    /** The arithmetic mean. */
    double mean() {
        return Arrays.stream(values, 0, count).average().orElseThrow();
    }

    /** The value that this share of all values does not exceed; 0.5 is the median. */
    long quantile(double share) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1L, (long) (share * count))];
    }
}
