package io.firn.table;

import io.firn.error.ClosedException;
import io.firn.record.RecordView;

/**
 * Reads the records of a table in the order of {@link ScanOptions#order}, hot and cold alike.
 *
 * <p>{@link #next} returns false when everything that was visible at the last plan is read; {@link #refresh} plans
 * again, and {@link #next} goes on with what came since: new records, new writers, new partitions, over rolls, settling
 * and compression. No record is skipped or seen twice. Confined to one thread.
 *
 * <p>In {@link ReadOrder#WRITER} a reader of {@link Isolation#READ_UNCOMMITTED} also goes on, without a new plan, with
 * what is appended to the open segments that it has come to: {@link #next} then looks into memory shared with the
 * writer. New segments, writers and owners need a {@link #refresh}.
 */
public final class TableReader implements AutoCloseable {
    private final Table table;
    private final TableScan scan;
    private boolean closed;

    TableReader(Table table, ScanOptions options) {
        this.table = table;
        this.scan = switch (options.order()) {
            case WRITER -> new WriterOrderScan(table, options);
            case TIME -> new TimeOrderScan(table, options);
            case PARTITION -> new PartitionOrderScan(table, options);
        };
    }

    /**
     * Moves to the next record.
     *
     * @return false when nothing more is visible at present
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged; the message names file and offset
     */
    public boolean next() {
        checkOpen();
        return scan.next();
    }

    /** The record that the reader stands on, valid until the next move. */
    public RecordView record() {
        checkOpen();
        return scan.record();
    }

    /** Name of the writer that appended the record. */
    public String writer() {
        checkOpen();
        return scan.writer();
    }

    /** Hive path of the record's partition, empty in an unpartitioned table. */
    public String partitionPath() {
        checkOpen();
        return scan.partitionPath();
    }

    /**
     * Plans again, so that {@link #next} finds what was committed since. Cheap when nothing was.
     *
     * <p>In any order but {@link ReadOrder#WRITER} what came since is a part of its own, ordered in itself: it begins
     * when the part before it was read to its end, and until then this does nothing.
     *
     * @return false when nothing changed since the last plan, or the part before is not read to its end
     */
    public boolean refresh() {
        checkOpen();
        table.tickAccess();
        return scan.refresh();
    }

    /**
     * The first sequence of a writer that this reader has not passed, so that a later reader can go on from there
     * ({@link ScanOptions.Builder#fromSequences}). In any order but {@link ReadOrder#WRITER} it moves only when
     * {@link #next} has returned false.
     */
    public long position(String writer) {
        return scan.position(writer);
    }

    /** Closes every open file, and lets other processes know what was read. Idempotent. */
    @Override
    public void close() {
        boolean first = !closed;
        closed = true;
        scan.close();
        if (first) {
            table.flushAccess();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException("The reader of " + table.path() + " is closed");
        }
    }
}
