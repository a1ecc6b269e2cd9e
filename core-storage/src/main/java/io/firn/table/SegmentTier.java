package io.firn.table;

/** How a segment is stored. */
public enum SegmentTier {
    /** Uncompressed, {@code .q}. */
    HOT,
    /** Rewritten into series chunks, not compressed. */
    WARM,
    /** Compressed, {@code .q.zst}. */
    COLD
}
