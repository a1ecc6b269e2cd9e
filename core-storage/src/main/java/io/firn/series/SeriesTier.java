package io.firn.series;

/** Where samples stand. Thread-safe. */
public enum SeriesTier {
    /** As they were written, and in memory: the head. */
    HOT,
    /** Chunks of a block. */
    WARM,
    /** The samples of a block as groups, compressed with zstd. */
    COLD
}
