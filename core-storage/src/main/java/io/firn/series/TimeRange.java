package io.firn.series;

import io.firn.error.ConfigException;

/**
 * A half-open range of timestamps in the unit of the store.
 *
 * @param from first timestamp, inclusive
 * @param to end, exclusive; {@link Long#MAX_VALUE} means no end
 */
public record TimeRange(long from, long to) {
    /** Every timestamp. */
    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    /** Checks the order. */
    public TimeRange {
        if (from >= to) {
            throw new ConfigException("The time range [" + from + ", " + to
                    + ") is empty: from must be below to, which does not belong to the range");
        }
    }

    /** Whether a timestamp lies in the range. */
    public boolean includes(long timestamp) {
        return timestamp >= from && (timestamp < to || to == Long.MAX_VALUE);
    }

    /** Whether a range of timestamps, both inclusive, has something in common with this one. */
    boolean overlaps(long min, long max) {
        return max >= from && (min < to || to == Long.MAX_VALUE);
    }

    /** Whether a range of timestamps, both inclusive, lies in this one. */
    boolean covers(long min, long max) {
        return includes(min) && includes(max);
    }
}
