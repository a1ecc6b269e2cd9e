package io.firn.series.codec;

import java.util.Arrays;

/** How the values of a chunk are encoded. Thread-safe. */
public enum ValueCodec {
    /** Eight bytes each; the specification's SIMPLE. */
    RAW(0),
    /** One bit pattern for all. */
    CONSTANT(1),
    /** Runs of one bit pattern: their lengths and their values. */
    RUN_LENGTH(2),
    /** Up to 512 distinct bit patterns and an index for each value. */
    DICTIONARY(3),
    /** XOR with the previous value (Pelkonen et al., "Gorilla", VLDB 2015). */
    GORILLA(4),
    /** XOR of neighbouring differences of the bit patterns taken as integers. */
    DELTA_XOR(5),
    /** Integers times a power of ten, with exceptions (after Afroozeh et al., "ALP", SIGMOD 2024). */
    DECIMAL(6),
    /** Values that are exact as 32-bit floats: packed differences of their bit patterns. */
    FLOAT32(7),
    /** In a configuration only: the smallest of the others for each chunk. */
    ADAPTIVE(15);

    private static final ValueCodec[] BY_ID = new ValueCodec[16];

    static {
        Arrays.stream(values()).filter(codec -> codec != ADAPTIVE).forEach(codec -> BY_ID[codec.id] = codec);
    }

    private final int id;

    ValueCodec(int id) {
        this.id = id;
    }

    /** Number in encoded chunks, 0 to 15. */
    int id() {
        return id;
    }

    static ValueCodec of(int id, ByteSource source) {
        ValueCodec codec = BY_ID[id];
        if (codec == null) {
            throw source.corrupt("unknown value codec " + id);
        }
        return codec;
    }
}
