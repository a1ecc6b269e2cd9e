package io.firn.segment;

import java.util.Arrays;

/** How well single bytes of a sample can be coded (Shannon's entropy of order 0). Confined to one thread. */
final class ByteEntropy {
    /** Most bytes of a sample. */
    static final int MAX_SAMPLE = 4096;

    private static final int VALUES = 256;
    /** n times the binary logarithm of n. */
    private static final double[] N_LOG_N = new double[MAX_SAMPLE + 1];

    static {
        for (int n = 2; n <= MAX_SAMPLE; n++) {
            N_LOG_N[n] = n * Math.log(n) / Math.log(2);
        }
    }

    private final int[] counts = new int[VALUES];
    private int total;

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    /** Adds the low byte of a number; at most {@link #MAX_SAMPLE} times. */
    void add(int number) {
        counts[number & (VALUES - 1)]++;
        total++;
    }

    /** Bits of all bytes of the sample; 0 when they are all equal. */
    double bits() {
        double sum = N_LOG_N[total];
        for (int n : counts) {
            sum -= N_LOG_N[n];
        }
        return sum;
    }
}
