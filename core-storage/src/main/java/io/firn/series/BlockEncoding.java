package io.firn.series;

/** How the samples of a block are encoded. Thread-safe. */
enum BlockEncoding {
    /** Chunks, for WARM: quickly written and read. */
    CHUNKS,
    /** Groups of chunks where they are smaller, for COLD. */
    GROUPS
}
