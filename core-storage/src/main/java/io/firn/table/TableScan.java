package io.firn.table;

import io.firn.record.RecordView;

/** A table's records in one {@link ReadOrder}; what each method promises stands in {@link TableReader}. */
interface TableScan extends AutoCloseable {
    /** A file that vanishes between plan and open was rewritten; more often than this it is missing. */
    int MAX_REPLANS = 100;

    /** Moves to the next record. */
    boolean next();

    /** The record that the scan stands on. */
    RecordView record();

    /** Name of its writer. */
    String writer();

    /** Hive path of its partition. */
    String partitionPath();

    /** Plans again; returns whether anything may have come since. */
    boolean refresh();

    /** The first sequence of a writer that was not passed. */
    long position(String writer);

    @Override
    void close();
}
