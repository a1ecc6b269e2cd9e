package io.firn.series.codec;

/** How the timestamps of a group are laid out. Thread-safe. */
public enum TimestampLayout {
    /** Vectors as in chunks. */
    VECTORS(0),
    /** Vectors as in chunks, through zstd. */
    COMPRESSED_VECTORS(1),
    /** Byte planes of differences, through zstd. */
    COMPRESSED_PLANES(2),
    /** Nothing: all timestamps ascend at one distance. */
    STRIDE(3);

    private final int id;

    TimestampLayout(int id) {
        this.id = id;
    }

    /** Number in encoded groups, 0 to 15. */
    int id() {
        return id;
    }

    static TimestampLayout of(int id, ByteSource source) {
        for (TimestampLayout layout : values()) {
            if (layout.id == id) {
                return layout;
            }
        }
        throw source.corrupt("unknown layout of timestamps " + id);
    }

    boolean isCompressed() {
        return this == COMPRESSED_VECTORS || this == COMPRESSED_PLANES;
    }
}
