package io.firn.series;

import io.firn.error.ConfigException;
import java.util.Locale;

/** The unit of a store's timestamps, fixed when it is created. Thread-safe. */
public enum TimestampUnit {
    /** Seconds, text {@code s}. */
    SECONDS("s", 1),
    /** Milliseconds, text {@code ms}. */
    MILLIS("ms", 1_000),
    /** Microseconds, text {@code us}. */
    MICROS("us", 1_000_000),
    /** Nanoseconds, text {@code ns}. */
    NANOS("ns", 1_000_000_000);

    private static final long MS_PER_SECOND = 1_000;

    private final String text;
    private final long perSecond;

    TimestampUnit(String text, long perSecond) {
        this.text = text;
        this.perSecond = perSecond;
    }

    /** The text in options. */
    public String text() {
        return text;
    }

    /** Nanoseconds of one unit. */
    public long nanos() {
        return NANOS.perSecond / perSecond;
    }

    long perSecond() {
        return perSecond;
    }

    /** The first moment of this unit that is not before a number of nanoseconds. */
    public long ceilingOfNanos(long timestampNs) {
        long floor = Math.floorDiv(timestampNs, nanos());
        return Math.floorMod(timestampNs, nanos()) == 0 ? floor : floor + 1;
    }

    /** A number of milliseconds in this unit, rounded towards negative infinity, saturated at the ends of a long. */
    public long ofMillis(long ms) {
        if (perSecond < MS_PER_SECOND) {
            return Math.floorDiv(ms, MS_PER_SECOND / perSecond);
        }
        long factor = perSecond / MS_PER_SECOND;
        long high = Math.multiplyHigh(ms, factor);
        long low = ms * factor;
        boolean fits = (high == 0 && low >= 0) || (high == -1 && low < 0);
        return fits ? low : ms < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** Milliseconds of a number of this unit, rounded towards negative infinity, saturated at the ends of a long. */
    public long toMillis(long timestamp) {
        if (perSecond >= MS_PER_SECOND) {
            return Math.floorDiv(timestamp, perSecond / MS_PER_SECOND);
        }
        long factor = MS_PER_SECOND / perSecond;
        long limit = Long.MAX_VALUE / factor;
        return timestamp > limit ? Long.MAX_VALUE : timestamp < -limit ? Long.MIN_VALUE : timestamp * factor;
    }

    static TimestampUnit parse(String text) {
        for (TimestampUnit unit : values()) {
            if (unit.text.equals(text.strip().toLowerCase(Locale.ROOT))) {
                return unit;
            }
        }
        throw new ConfigException("use s, ms, us or ns");
    }
}
