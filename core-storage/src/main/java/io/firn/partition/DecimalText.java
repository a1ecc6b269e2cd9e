package io.firn.partition;

/** Reads decimal numbers from characters without allocating. Confined to one thread. */
final class DecimalText {
    private static final int MAX_FRACTION_CHARS = 64;

    private long value;

    /** The number that was read last. */
    long value() {
        return value;
    }

    /** Reads a signed 64-bit number; false when the text is anything else. */
    boolean readLong(char[] chars, int offset, int length) {
        boolean negative = length > 0 && chars[offset] == '-';
        int at = negative ? offset + 1 : offset;
        int end = offset + length;
        if (at == end || end - at > 19) {
            return false;
        }
        long number = 0;
        for (; at < end; at++) {
            int digit = chars[at] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            number = number * 10 - digit;
            if (number > 0) {
                return false;
            }
        }
        value = negative ? number : -number;
        return negative || number != Long.MIN_VALUE;
    }

    /** Reads a number of an instant and turns it into whole seconds since the epoch, rounded down. */
    boolean readEpoch(char[] chars, int offset, int length, EpochUnit unit) {
        if (readLong(chars, offset, length)) {
            value = Math.floorDiv(value, unit.perSecond());
            return true;
        }
        if (length == 0 || length > MAX_FRACTION_CHARS) {
            return false;
        }
        try {
            double seconds = Math.floor(Double.parseDouble(new String(chars, offset, length)) / unit.perSecond());
            value = (long) seconds;
            return Math.abs(seconds) < 1e18;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
