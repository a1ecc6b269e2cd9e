package io.firn.series;

import io.firn.error.InvalidRecordException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Reads values and times of samples from text. Thread-safe: no state. */
final class SampleNumber {
    /** Longer ones are no numbers that anybody writes, and exponents beyond these limits cost time and memory. */
    private static final int MAX_CHARS = 400;

    private static final int MAX_SCALE = 400;

    private SampleNumber() {}

    /**
     * A value as Prometheus and JSON write it: a decimal number, rounded to the nearest double, {@code NaN}, {@code
     * Inf}, {@code +Inf} or {@code -Inf}, in letters of any case.
     */
    static double value(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!isDecimal(text)) {
                    throw new InvalidRecordException("the value '" + shortened(text) + "' is not a number");
                }
                yield Double.parseDouble(text);
            }
        };
    }

    /**
     * A time as a decimal number of some unit since 1970, in the unit of a store, rounded down.
     *
     * @param perSecond how many of its units make a second
     */
    static long timestamp(String text, long perSecond, TimestampUnit unit) {
        if (!isDecimal(text)) {
            throw new InvalidRecordException("the time '" + shortened(text) + "' is not a number");
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException exponent) {
            throw tooFar(text);
        }
        if (Math.abs((long) number.scale()) > MAX_SCALE) {
            throw tooFar(text);
        }
        BigDecimal scaled = number.multiply(BigDecimal.valueOf(unit.perSecond()))
                .divide(BigDecimal.valueOf(perSecond), 0, RoundingMode.FLOOR);
        if (scaled.toBigInteger().bitLength() >= Long.SIZE) {
            throw tooFar(text);
        }
        return scaled.longValueExact();
    }

    /** Seconds and nanoseconds since 1970 in the unit of a store, rounded down. */
    static long timestamp(long seconds, int nanos, TimestampUnit unit) {
        try {
            long part = nanos / (TimestampUnit.NANOS.perSecond() / unit.perSecond());
            return Math.addExact(Math.multiplyExact(seconds, unit.perSecond()), part);
        } catch (ArithmeticException overflow) {
            throw tooFar(seconds + " s");
        }
    }

    private static InvalidRecordException tooFar(String text) {
        return new InvalidRecordException("the time '" + shortened(text) + "' is too far from 1970");
    }

    /** Java also takes spaces, letters behind the number and hexadecimal ones. */
    private static boolean isDecimal(String text) {
        boolean digit = false;
        boolean point = false;
        boolean exponent = false;
        if (text.length() > MAX_CHARS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digit = true;
            } else if (c == '.' && !point && !exponent) {
                point = true;
            } else if ((c == 'e' || c == 'E') && digit && !exponent) {
                exponent = true;
                digit = false;
            } else if ((c != '+' && c != '-') || (i > 0 && "eE".indexOf(text.charAt(i - 1)) < 0)) {
                return false;
            }
        }
        return digit;
    }

    private static String shortened(String text) {
        return text.length() > MAX_CHARS / 4 ? text.substring(0, MAX_CHARS / 4) + "..." : text;
    }
}
