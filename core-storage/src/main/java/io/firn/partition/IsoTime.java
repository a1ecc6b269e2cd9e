package io.firn.partition;

/**
 * Reads ISO 8601 dates and times from characters without allocating: {@code 2001-01-31}, {@code 2001-01-31T23:59},
 * seconds, fraction, and {@code Z} or an offset; a space may stand for the T. Years have four digits.
 *
 * <p>Confined to one thread; the getters tell about the last text that {@link #read} accepted.
 */
final class IsoTime {
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

    private char[] chars = new char[0];
    private int at;
    private int end;
    private boolean failed;
    private boolean dateOnly;
    private boolean hasOffset;
    private int offsetSeconds;
    private int nanos;
    private long localSeconds;

    /** Reads a text; false when it is not a date or time. */
    boolean read(char[] text, int offset, int length) {
        chars = text;
        at = offset;
        end = offset + length;
        failed = false;
        hasOffset = false;
        offsetSeconds = 0;
        nanos = 0;
        long day = readDate();
        dateOnly = at == end;
        localSeconds = day * 86_400;
        if (!dateOnly) {
            readTime();
        }
        return !failed && at == end;
    }

    /** Whether the text had no time of day. */
    boolean isDateOnly() {
        return dateOnly;
    }

    /** Whether the text named its offset from UTC. */
    boolean hasOffset() {
        return hasOffset;
    }

    /** Seconds since 1970-01-01T00:00 on the clock that the text was written by. */
    long localSeconds() {
        return localSeconds;
    }

    /** Seconds since the epoch; only with an offset. */
    long epochSeconds() {
        return localSeconds - offsetSeconds;
    }

    /** The fraction of the second in nanoseconds. */
    int nanos() {
        return nanos;
    }

    private long readDate() {
        int year = digits(4);
        expect('-');
        int month = digits(2);
        expect('-');
        int day = digits(2);
        if (failed || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
            failed = true;
            return 0;
        }
        int leapDay = month > 2 && isLeap(year) ? 1 : 0;
        return daysBeforeYear(year) + DAYS_BEFORE_MONTH[month - 1] + leapDay + day - 1;
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static int daysOf(int year, int month) {
        return switch (month) {
            case 2 -> isLeap(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    private static long daysBeforeYear(int year) {
        long before = year - 1L;
        long leapDays = Math.floorDiv(before, 4) - Math.floorDiv(before, 100) + Math.floorDiv(before, 400);
        return before * 365 + leapDays - 719_162;
    }

    private void readTime() {
        if (peek() == ' ' || peek() == 't') {
            at++;
        } else {
            expect('T');
        }
        int hour = digits(2);
        expect(':');
        int minute = digits(2);
        int second = 0;
        if (peek() == ':') {
            at++;
            second = digits(2);
            readFraction();
        }
        readOffset();
        failed |= hour > 23 || minute > 59 || second > 59;
        localSeconds += hour * 3_600L + minute * 60L + second;
    }

    private void readFraction() {
        if (peek() != '.' && peek() != ',') {
            return;
        }
        at++;
        int scale = 100_000_000;
        int first = at;
        while (at < end && chars[at] >= '0' && chars[at] <= '9') {
            nanos += (chars[at++] - '0') * scale;
            scale /= 10;
        }
        failed |= at == first || at - first > 9;
    }

    private void readOffset() {
        char sign = peek();
        if (sign == 'Z' || sign == 'z') {
            at++;
            hasOffset = true;
        } else if (sign == '+' || sign == '-') {
            at++;
            int hours = digits(2);
            if (peek() == ':') {
                at++;
            }
            int minutes = at < end ? digits(2) : 0;
            failed |= hours > 18 || minutes > 59;
            offsetSeconds = (hours * 3_600 + minutes * 60) * (sign == '-' ? -1 : 1);
            hasOffset = true;
        }
    }

    private char peek() {
        return at < end ? chars[at] : '\0';
    }

    private void expect(char c) {
        failed |= at >= end || chars[at] != c;
        at++;
    }

    private int digits(int count) {
        int number = 0;
        for (int i = 0; i < count; i++, at++) {
            if (at >= end || chars[at] < '0' || chars[at] > '9') {
                failed = true;
                return 0;
            }
            number = number * 10 + chars[at] - '0';
        }
        return number;
    }
}
