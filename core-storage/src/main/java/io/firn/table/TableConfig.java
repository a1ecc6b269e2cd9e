package io.firn.table;

/**
 * How a table stores its records; persisted with the table.
 *
 * <p>Immutable; thread-safe.
 */
public final class TableConfig {
    private static final long DEFAULT_SEGMENT_SIZE_BYTES = 64L << 20;
    private static final int DEFAULT_INDEX_STRIDE = 100;
    private static final long DEFAULT_HOT_ROLL_MS = 600_000;
    private static final long DEFAULT_RESERVE_BYTES_MAX = 1L << 30;

    private final long segmentSizeBytes;

    private TableConfig(Builder builder) {
        this.segmentSizeBytes = builder.segmentSizeBytes;
    }

    /** The defaults of every option. */
    public static TableConfig defaults() {
        return builder().build();
    }

    /** Starts a configuration with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Size at which a segment is rolled, in bytes; default 64 MiB. */
    public long segmentSizeBytes() {
        return segmentSizeBytes;
    }

    /** Records per entry of a segment's sparse index. */
    public int indexStride() {
        return DEFAULT_INDEX_STRIDE;
    }

    /** Age at which a hot segment with committed records is rolled, in milliseconds. */
    public long hotRollMs() {
        return DEFAULT_HOT_ROLL_MS;
    }

    /** Bytes that a process reserves ahead of its writers at most. */
    public long reserveBytesMax() {
        return DEFAULT_RESERVE_BYTES_MAX;
    }

    /** Builds a configuration. Confined to one thread. */
    public static final class Builder {
        private long segmentSizeBytes = DEFAULT_SEGMENT_SIZE_BYTES;

        private Builder() {}

        /** Size at which a segment is rolled, in bytes. */
        public Builder segmentSizeBytes(long bytes) {
            this.segmentSizeBytes = bytes;
            return this;
        }

        /** Builds the configuration. */
        public TableConfig build() {
            return new TableConfig(this);
        }
    }
}
