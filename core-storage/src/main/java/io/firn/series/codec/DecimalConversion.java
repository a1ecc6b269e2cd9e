package io.firn.series.codec;

import java.util.OptionalInt;

/**
 * Values as integers over a power of ten, and those values that are none of this form, the exceptions. Confined to one
 * thread.
 */
final class DecimalConversion {
    /** Above one exception in this many values the vector is left to other codecs. */
    private static final int VALUES_PER_EXCEPTION = 10;
    /** Above one exception in this many values another scale is looked for. */
    private static final int VALUES_PER_EASY_EXCEPTION = 24;

    private static final int BASE = 10;

    private final DecimalSearch search = new DecimalSearch();
    private final long[] integers;
    private final int[] exceptionAt;
    private int exceptions;

    DecimalConversion(int maxCount) {
        integers = new long[maxCount];
        exceptionAt = new int[maxCount];
    }

    /** Makes integers of the values; empty when too many are none. */
    OptionalInt convert(ValueVector vector) {
        OptionalInt known = vector.hint().scaleCode();
        if (known.isPresent() && isFine(vector, known.getAsInt())) {
            return known;
        }
        OptionalInt found = search.scaleOf(vector.values(), vector.count());
        if (found.isEmpty()) {
            return found;
        }
        int code = found.getAsInt();
        convert(vector, code);
        if (exceptions > vector.count() / VALUES_PER_EASY_EXCEPTION) {
            code = convertForExceptions(vector, code);
        }
        if (exceptions > vector.count() / VALUES_PER_EXCEPTION) {
            return OptionalInt.empty();
        }
        vector.hint().remember(code);
        return OptionalInt.of(code);
    }

    /** The integers of the last conversion, or those to be converted back. */
    long[] integers() {
        return integers;
    }

    /** How many values the last conversion could not make integers of. */
    int exceptions() {
        return exceptions;
    }

    /** Whether the scale of the previous vector does: few exceptions, and no digit that all have in vain. */
    private boolean isFine(ValueVector vector, int code) {
        convert(vector, code);
        return exceptions <= vector.count() / VALUES_PER_EASY_EXCEPTION
                && (DecimalScale.exponent(code) == 0 || hasLastDigit(vector.count()));
    }

    private boolean hasLastDigit(int count) {
        for (int i = 0; i < count; i++) {
            if (integers[i] % BASE != 0) {
                return true;
            }
        }
        return false;
    }

    /** Tries the scale that the exceptions would have, and keeps it when its digits take less than they did. */
    private int convertForExceptions(ValueVector vector, int code) {
        long before = DecimalSearch.sizeBits(vector.count(), code, exceptions);
        OptionalInt other = search.scaleOf(vector.values(), exceptionAt, exceptions);
        if (other.isEmpty() || other.getAsInt() == code) {
            return code;
        }
        convert(vector, other.getAsInt());
        if (DecimalSearch.sizeBits(vector.count(), other.getAsInt(), exceptions) < before) {
            return other.getAsInt();
        }
        convert(vector, code);
        return code;
    }

    /** An exception gets the integer before it, which costs least as a difference. */
    private void convert(ValueVector vector, int code) {
        int count = vector.count();
        int found = 0;
        long previous = 0;
        for (int i = 0; i < count; i++) {
            long integer = DecimalScale.toInteger(vector.values()[i], code);
            double restored = DecimalScale.toValue(integer, code);
            if (Double.doubleToRawLongBits(restored) == vector.bits()[i]) {
                previous = integer;
            } else {
                exceptionAt[found++] = i;
            }
            integers[i] = previous;
        }
        exceptions = found;
        for (int i = leadingExceptions() - 1; i >= 0 && i + 1 < count; i--) {
            integers[i] = integers[i + 1];
        }
    }

    private int leadingExceptions() {
        int leading = 0;
        while (leading < exceptions && exceptionAt[leading] == leading) {
            leading++;
        }
        return leading;
    }

    /** Appends the values that the last conversion could not make integers of. */
    void putExceptions(long[] bits, ByteSink sink) {
        sink.unsigned(exceptions);
        int next = 0;
        for (int i = 0; i < exceptions; i++) {
            sink.unsigned(exceptionAt[i] - next);
            sink.word(bits[exceptionAt[i]]);
            next = exceptionAt[i] + 1;
        }
    }

    /** Takes the number of a scale. */
    static int takeScale(ByteSource source) {
        int code = source.octet();
        if (!DecimalScale.isValid(code)) {
            throw source.corrupt("unknown scale " + code);
        }
        return code;
    }

    /** Puts the values of the integers. */
    void toValues(int count, int code, double[] target, int at) {
        if (DecimalScale.exponent(code) == 0) {
            for (int i = 0; i < count; i++) {
                target[at + i] = integers[i];
            }
        } else if (DecimalScale.isProduct(code)) {
            double inverse = DecimalScale.inverse(code);
            for (int i = 0; i < count; i++) {
                target[at + i] = integers[i] * inverse;
            }
        } else {
            double power = DecimalScale.power(code);
            for (int i = 0; i < count; i++) {
                target[at + i] = integers[i] / power;
            }
        }
    }

    /** Takes what {@link #putExceptions} put, over values that are there already. */
    static void takeExceptions(ByteSource source, int count, double[] target, int at) {
        int exceptions = source.count(count, "number of exceptions");
        int next = 0;
        for (int i = 0; i < exceptions; i++) {
            int index = next + source.count(count, "gap between exceptions");
            if (index >= count) {
                throw source.corrupt("exception at value " + index + " of " + count);
            }
            target[at + index] = Double.longBitsToDouble(source.word());
            next = index + 1;
        }
    }
}
