package io.firn.connect.sink;

import io.firn.table.TableWriter;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Stores the records of one Kafka partition, with the position behind them in the same commit. Confined to the task's
 * thread.
 */
interface LaneWriter extends AutoCloseable {
    /**
     * Takes a record; it may be stored only with the next commit.
     *
     * @return bytes of its key and value
     * @throws io.firn.error.InvalidRecordException when it cannot be stored; nothing of it is
     */
    long append(long offset, SinkRecord record);

    /** Whether the next append stores what was taken before, and moves the position, without a commit. */
    boolean storesByItself();

    /** The offset that follows what is stored. */
    long position();

    /** The position may move to here: what lies before was filtered or set aside. */
    void advanceTo(long next);

    /** Offsets that never come: the topic has lost them. */
    void recordGap(long from, long to);

    /** Ends the present segment. */
    void roll();

    /** Makes everything durable; returns the position. */
    long commit();

    /** Goes back to what is committed. */
    void rollback();

    /** Whether what was appended before is still there when an append finds the disk full. */
    boolean keepsAppendedWhenFull();

    @Override
    void close();

    /**
     * A lane of a table.
     *
     * @param form how records are stored
     */
    record OfTable(TableWriter writer, RecordForm form) implements LaneWriter {
        @Override
        public long append(long offset, SinkRecord record) {
            return form.append(record, offset, writer);
        }

        @Override
        public boolean storesByItself() {
            return false;
        }

        @Override
        public long position() {
            return writer.position();
        }

        @Override
        public void advanceTo(long next) {
            writer.advanceTo(next);
        }

        @Override
        public void recordGap(long from, long to) {
            writer.recordGap(from, to);
        }

        @Override
        public void roll() {
            writer.roll();
        }

        @Override
        public long commit() {
            return writer.commit();
        }

        @Override
        public void rollback() {
            writer.rollback();
        }

        @Override
        public boolean keepsAppendedWhenFull() {
            return true;
        }

        @Override
        public void close() {
            writer.close();
        }
    }
}
