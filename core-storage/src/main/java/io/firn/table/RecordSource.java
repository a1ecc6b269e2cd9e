package io.firn.table;

import io.firn.record.RecordView;

/**
 * Records of one lane in the order of their sequences. Confined to one thread.
 */
interface RecordSource extends AutoCloseable {
    /** Moves to the next record; false at the end. */
    boolean next();

    /** The record that the source stands on, valid until the next move. */
    RecordView record();

    /** Hive path of its partition. */
    String partitionPath();

    /** The file that it stands in; the same object for all records of a file that stays open. */
    RecordFile file();

    @Override
    void close();
}
