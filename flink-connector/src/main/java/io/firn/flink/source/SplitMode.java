package io.firn.flink.source;

/** How a table is divided into splits. */
enum SplitMode {
    /** Bounded: each writer's records in ranges, which readers take one after the other, oldest first. */
    RANGES,
    /** Bounded: a split for each writer, so that his order holds. */
    ORDERED,
    /** Unbounded: a split for each writer, without an end; new writers are looked for. */
    FOLLOW
}
