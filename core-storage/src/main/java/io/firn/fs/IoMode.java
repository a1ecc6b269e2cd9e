package io.firn.fs;

/** How active segments are written: option {@code io.mode}. */
public enum IoMode {
    /** Memory-mapped on local file systems, positioned writes elsewhere. */
    AUTO,
    /** Memory-mapped. */
    MMAP,
    /** Positioned writes only; for network file systems. */
    CHANNEL
}
