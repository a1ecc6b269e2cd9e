package io.firn.series.codec;

/**
 * What a chunk says about itself before its samples. Thread-safe.
 *
 * @param flags bits of the flags
 * @param timestampCodec how the timestamps are encoded
 * @param valueCodec how the values are encoded
 * @param count samples, 0 to {@link ChunkFormat#MAX_SAMPLES}
 * @param minTimestamp the least timestamp, in the unit of the series; 0 without samples
 * @param maxTimestamp the greatest timestamp, inclusive; 0 without samples
 * @param sizeBytes bytes of the whole chunk
 */
public record ChunkHeader(
        int flags,
        TimestampCodec timestampCodec,
        ValueCodec valueCodec,
        int count,
        long minTimestamp,
        long maxTimestamp,
        int sizeBytes) {
    /** Whether the configured timestamp codec gave way to raw. */
    public boolean timestampsFellBack() {
        return has(ChunkFlag.TIMESTAMPS_FELL_BACK);
    }

    /** Whether the configured value codec gave way to raw. */
    public boolean valuesFellBack() {
        return has(ChunkFlag.VALUES_FELL_BACK);
    }

    /** Whether the samples stayed raw because they were too few. */
    public boolean isBelowThreshold() {
        return has(ChunkFlag.BELOW_THRESHOLD);
    }

    private boolean has(ChunkFlag flag) {
        return (flags & flag.bit()) != 0;
    }
}
