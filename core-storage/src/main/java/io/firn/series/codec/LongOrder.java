package io.firn.series.codec;

/** The order of neighbours in an array. Thread-safe: no state. */
public final class LongOrder {
    private LongOrder() {}

    /** Whether all neighbours of {@code from} to {@code to}, exclusive, have the same distance, modulo 2^64. */
    public static boolean isStride(long[] numbers, int from, int to) {
        long distance = to - from < 2 ? 0 : numbers[from + 1] - numbers[from];
        if (to - from > 2 && numbers[from + 2] - numbers[from + 1] != distance) {
            return false;
        }
        long different = 0;
        for (int i = from + 1; i < to; i++) {
            different |= numbers[i] - numbers[i - 1] - distance;
        }
        return different == 0;
    }

    /**
     * Whether numbers are a stride that rises by {@code least} or more each time, 0 or more, and does not wrap: a total
     * below 2^64 that ends above its beginning has not. Faster than looking at the order of neighbours, so the first
     * question to ask; of two numbers it does not know a distance that is no long.
     */
    public static boolean isRisingStride(long[] numbers, int from, int to, long least) {
        if (to - from < 2) {
            return true;
        }
        long distance = numbers[from + 1] - numbers[from];
        return distance >= least
                && Math.multiplyHigh(distance, to - from - 1L) == 0
                && numbers[to - 1] >= numbers[from]
                && isStride(numbers, from, to);
    }
}
