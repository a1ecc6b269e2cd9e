package io.firn.flink.source;

/** Where a record stands that is deserialized. Valid for that call only. */
public interface RecordPlace {
    /** Name of the writer that appended it. */
    String writer();

    /** Hive path of its partition, empty in a table without partitions. */
    String partitionPath();
}
