package io.firn.series.codec;

import java.util.OptionalInt;

/** Finds the scale that restores the most of some values, from a sample of these. Confined to one thread. */
final class DecimalSearch {
    private static final int SAMPLE = 32;
    /** Of a sample, more exceptions than this many mean that the values are no decimals. */
    private static final int MAX_MISSED = SAMPLE / 4;
    /** What an exception takes beside its place among the integers: a gap and eight bytes. */
    private static final int EXCEPTION_BITS = 72;
    /** A decimal digit takes 3.3 bits. */
    private static final int DIGIT_BITS_TIMES_THREE = 10;

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

    /** Weighs the digits that all integers get against the exceptions that are left. */
    private OptionalInt best(int taken) {
        int best = 0;
        int missedByBest = taken;
        long leastBits = Long.MAX_VALUE;
        for (int exponent = 0; exponent <= DecimalScale.MAX_EXPONENT; exponent++) {
            if (sizeBits(taken, exponent, 0) >= leastBits) {
                break;
            }
            for (int code = exponent; code <= exponent + DecimalScale.PRODUCT; code += DecimalScale.PRODUCT) {
                int missed = taken - restored(code, taken);
                long bits = sizeBits(taken, code, missed);
                if (bits < leastBits) {
                    leastBits = bits;
                    missedByBest = missed;
                    best = code;
                }
            }
        }
        return missedByBest > MAX_MISSED * taken / SAMPLE ? OptionalInt.empty() : OptionalInt.of(best);
    }

    /** What digits behind the point and exceptions take together; only differences of it mean something. */
    static long sizeBits(int count, int code, int exceptions) {
        return (long) count * DecimalScale.exponent(code) * DIGIT_BITS_TIMES_THREE / 3
                + (long) exceptions * EXCEPTION_BITS;
    }

    private int restored(int code, int taken) {
        int found = 0;
        for (int i = 0; i < taken; i++) {
            found += DecimalScale.restores(sample[i], code) ? 1 : 0;
        }
        return found;
    }
}
