package io.firn.series.codec;

import java.util.Arrays;

/** How the timestamps of a chunk are encoded. Thread-safe. */
public enum TimestampCodec {
    /** Eight bytes each. */
    RAW(0),
    /** Ascending timestamps at one distance: nothing is stored beside the least and the greatest. */
    STRIDE(1),
    /** Bit-packed distances of the timestamps, their differences or the differences of these, with patches. */
    PACKED(2),
    /** As {@link #PACKED}, always differences of differences. */
    DELTA_OF_DELTA(3),
    /** In a configuration only: the smallest of the others for each chunk. */
    ADAPTIVE(15);

    private static final TimestampCodec[] BY_ID = new TimestampCodec[16];

    static {
        Arrays.stream(values()).filter(codec -> codec != ADAPTIVE).forEach(codec -> BY_ID[codec.id] = codec);
    }

    private final int id;

    TimestampCodec(int id) {
        this.id = id;
    }

    /** Number in encoded chunks, 0 to 15. */
    int id() {
        return id;
    }

    static TimestampCodec of(int id, ByteSource source) {
        TimestampCodec codec = BY_ID[id];
        if (codec == null) {
            throw source.corrupt("unknown timestamp codec " + id);
        }
        return codec;
    }
}
