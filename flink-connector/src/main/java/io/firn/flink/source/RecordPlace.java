package io.firn.flink.source;

import io.firn.table.RecordFile;

/** Where a record stands that is deserialized. Valid for that call only. */
public interface RecordPlace {
    /** Name of the writer that appended it. */
    String writer();

    /** Hive path of its partition, empty in a table without partitions. */
    String partitionPath();

    /** The file that it was read from; the same object for all records of a file that stays open. */
    RecordFile file();
}
