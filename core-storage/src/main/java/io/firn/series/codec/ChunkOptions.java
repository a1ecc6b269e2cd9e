package io.firn.series.codec;

import java.util.Objects;

/**
 * How the columns of a chunk are encoded.
 *
 * @param timestamps codec of the timestamps, or adaptive
 * @param values codec of the values, or adaptive
 * @param thresholdBytes chunks with fewer raw bytes (16 for a sample) stay raw, {@code >= 0}
 */
public record ChunkOptions(TimestampCodec timestamps, ValueCodec values, int thresholdBytes) {
    /** Raw bytes below which chunks stay raw unless configured otherwise. */
    public static final int DEFAULT_THRESHOLD_BYTES = 1024;

    /** Checks the threshold. */
    public ChunkOptions {
        Objects.requireNonNull(timestamps);
        Objects.requireNonNull(values);
        if (thresholdBytes < 0) {
            throw new IllegalArgumentException("thresholdBytes " + thresholdBytes + " is negative");
        }
    }

    /** Both columns adaptive, the default threshold. */
    public static ChunkOptions adaptive() {
        return new ChunkOptions(TimestampCodec.ADAPTIVE, ValueCodec.ADAPTIVE, DEFAULT_THRESHOLD_BYTES);
    }
}
