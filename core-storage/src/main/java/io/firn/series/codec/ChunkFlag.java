package io.firn.series.codec;

/** What the writer of a chunk says beside the codecs. Thread-safe. */
enum ChunkFlag {
    /** The configured timestamp codec did not suit or expanded; raw was used. */
    TIMESTAMPS_FELL_BACK(1),
    /** The configured value codec did not suit or expanded; raw was used. */
    VALUES_FELL_BACK(2),
    /** The samples were too few to be worth encoding. */
    BELOW_THRESHOLD(4);

    static final int ALL = 7;

    private final int bit;

    ChunkFlag(int bit) {
        this.bit = bit;
    }

    int bit() {
        return bit;
    }

    /** The bit when a condition holds, else 0. */
    int bitIf(boolean condition) {
        return condition ? bit : 0;
    }
}
