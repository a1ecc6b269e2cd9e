package io.firn.series.codec;

/** How the values of a group are laid out. Thread-safe. */
public enum ValueLayout {
    /** Vectors as in chunks, each with the codec that was smallest. */
    VECTORS(0),
    /** Vectors as in chunks, through zstd. */
    COMPRESSED_VECTORS(1),
    /** Byte planes of the differences of decimals' integers, with exceptions, through zstd. */
    COMPRESSED_DECIMAL_PLANES(2),
    /** Byte planes of the bit patterns, through zstd. */
    COMPRESSED_RAW_PLANES(3),
    /** The bit patterns one behind the other, through zstd. */
    COMPRESSED_RAW(4);

    private final int id;

    ValueLayout(int id) {
        this.id = id;
    }

    /** Number in encoded groups, 0 to 15. */
    int id() {
        return id;
    }

    static ValueLayout of(int id, ByteSource source) {
        for (ValueLayout layout : values()) {
            if (layout.id == id) {
                return layout;
            }
        }
        throw source.corrupt("unknown layout of values " + id);
    }

    boolean isCompressed() {
        return this != VECTORS;
    }
}
