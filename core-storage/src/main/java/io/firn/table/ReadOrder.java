package io.firn.table;

/** The order in which a reader shows records; the same whatever was settled, compressed or decompressed. */
public enum ReadOrder {
    /** Writer by writer (names ascending), each in the order of its sequences: what costs least. */
    WRITER,

    /**
     * By timestamp (nanoseconds), then by partition path, writer and sequence, over all writers and partitions. Exact
     * however disordered the records are: more disorder costs more reading, never more memory.
     */
    TIME,

    /** Partition by partition (Hive paths ascending), in each of them writer by writer in the order of sequences. */
    PARTITION
}
