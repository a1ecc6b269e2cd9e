package io.firn.series.codec;

/** Differences between neighbours; all arithmetic wraps in 64 bits. Thread-safe: no state. */
final class Differences {
    private Differences() {}

    /** Puts {@code source[i + 1] - source[i]}, one less than {@code count}. */
    static void of(long[] source, int count, long[] target) {
        for (int i = 1; i < count; i++) {
            target[i - 1] = source[i] - source[i - 1];
        }
    }
}
