package io.firn.series.codec;

/**
 * What a group says about itself before its samples. Thread-safe.
 *
 * @param timestampLayout how the timestamps are laid out
 * @param valueLayout how the values are laid out
 * @param count samples, 0 to {@link GroupFormat#MAX_SAMPLES}
 * @param minTimestamp the least timestamp, in the unit of the series; 0 without samples
 * @param maxTimestamp the greatest timestamp, inclusive; 0 without samples
 * @param sizeBytes bytes of the whole group
 */
public record GroupHeader(
        TimestampLayout timestampLayout,
        ValueLayout valueLayout,
        int count,
        long minTimestamp,
        long maxTimestamp,
        int sizeBytes) {}
