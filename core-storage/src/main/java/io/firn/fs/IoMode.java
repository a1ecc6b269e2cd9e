package io.firn.fs;

/** How files are accessed: option {@code io.mode}. */
public enum IoMode {
    /** Memory-mapped on local file systems, else not mapped. */
    AUTO,
    /** Memory-mapped. */
    MMAP,
    /** Reads and writes by position only; for network file systems. */
    CHANNEL
}
