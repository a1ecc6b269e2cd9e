package io.firn.cache;

/** What a reader's accesses look like to a {@link Prefetcher}. */
enum AccessPattern {
    /** The block behind the last one. */
    SEQUENTIAL,
    /** Steps of one size, up or down, that most of the last steps had. */
    STRIDE,
    /** The block that most often followed this one. */
    TRANSITION
}
