package io.firn.series.codec;

/**
 * The two ways by which integers become decimals, as one number: an exponent from 0 to 18 in the low five bits, and 32
 * when the integer is multiplied by the double nearest to 10^-exponent instead of being divided by 10^exponent.
 *
 * <p>Division rounds correctly, so it restores every number that was written with that many decimals; products restore
 * what was computed as a product. Thread-safe: no state.
 */
final class DecimalScale {
    static final int MAX_EXPONENT = 18;
    static final int PRODUCT = 32;

    private static final int EXPONENT_MASK = PRODUCT - 1;
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18
    };
    private static final double[] INVERSES = {
        1e-0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16,
        1e-17, 1e-18
    };

    private DecimalScale() {}

    static boolean isValid(int code) {
        return code >= 0 && code <= PRODUCT + MAX_EXPONENT && (code & EXPONENT_MASK) <= MAX_EXPONENT;
    }

    static boolean isProduct(int code) {
        return (code & PRODUCT) != 0;
    }

    static int exponent(int code) {
        return code & EXPONENT_MASK;
    }

    /** 10^exponent, exact. */
    static double power(int code) {
        return POWERS[exponent(code)];
    }

    /** The double nearest to 10^-exponent. */
    static double inverse(int code) {
        return INVERSES[exponent(code)];
    }

    /** The integer that is most likely to give the value back. */
    static long toInteger(double value, int code) {
        return (long) Math.rint(value * power(code));
    }

    /** The value that an integer stands for. */
    static double toValue(long integer, int code) {
        return isProduct(code) ? integer * inverse(code) : integer / power(code);
    }

    /** Whether a value comes back bit for bit. */
    static boolean restores(double value, int code) {
        return Double.doubleToRawLongBits(toValue(toInteger(value, code), code)) == Double.doubleToRawLongBits(value);
    }
}
