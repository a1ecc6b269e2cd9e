package io.firn.series.codec;

import java.util.OptionalInt;

/** Finds the scale that restores the most of some values, from a sample of these. Confined to one thread. */
final class DecimalSearch {
    private static final int SAMPLE = 32;
    /** Of a sample, more exceptions than this many mean that the values are no decimals. */
    private static final int MAX_MISSED = SAMPLE / 4;

    private final double[] sample = new double[SAMPLE];

    /** The best scale for the values; empty when they are no decimals. */
    OptionalInt scaleOf(double[] values, int count) {
        int taken = Math.min(SAMPLE, count);
        for (int i = 0; i < taken; i++) {
            sample[i] = values[(int) ((long) i * count / taken)];
        }
        return best(taken);
    }

    /** The best scale for those values whose indices are given. */
    OptionalInt scaleOf(double[] values, int[] indices, int count) {
        int taken = Math.min(SAMPLE, count);
        for (int i = 0; i < taken; i++) {
            sample[i] = values[indices[(int) ((long) i * count / taken)]];
        }
        return best(taken);
    }

    /** Quotients before products, small exponents before large ones: their integers are smaller. */
    private OptionalInt best(int taken) {
        int best = 0;
        int restored = -1;
        for (int form = 0; form <= DecimalScale.PRODUCT && restored < taken; form += DecimalScale.PRODUCT) {
            for (int exponent = 0; exponent <= DecimalScale.MAX_EXPONENT && restored < taken; exponent++) {
                int code = form + exponent;
                int found = restored(code, taken);
                if (found > restored) {
                    restored = found;
                    best = code;
                }
            }
        }
        return taken - restored > MAX_MISSED * taken / SAMPLE ? OptionalInt.empty() : OptionalInt.of(best);
    }

    private int restored(int code, int taken) {
        int found = 0;
        for (int i = 0; i < taken; i++) {
            found += DecimalScale.restores(sample[i], code) ? 1 : 0;
        }
        return found;
    }
}
