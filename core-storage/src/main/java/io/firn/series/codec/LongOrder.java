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
     * Whether the numbers, at least one, are a stride that rises by {@code least} or more each time and does not wrap.
     * Faster than looking at the order of neighbours, so the first question to ask.
     */
    public static boolean isRisingStride(long[] numbers, int from, int to, long least) {
        if (to - from < 2) {
            return true;
        }
        long distance = numbers[from + 1] - numbers[from];
        long range = numbers[to - 1] - numbers[from];
        return distance >= least
                && range >= 0
                && Math.multiplyHigh(distance, to - from - 1L) == 0
                && distance * (to - from - 1L) == range
                && numbers[to - 1] >= numbers[from]
                && isStride(numbers, from, to);
    }
}
