package io.firn.connect.sink;

import io.firn.record.StreamRecord;
import io.firn.schema.SchemaCapture;

/**
 * Stores the schemas that a record needs before the record itself. Confined to the task's thread.
 *
 * @param writer stores the records
 * @param capture stores the schemas
 */
record CapturingWriter(LaneWriter writer, SchemaCapture capture) implements LaneWriter {
    @Override
    public void append(long offset, StreamRecord record) {
        capture.meet(record.key(), record.value());
        writer.append(offset, record);
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
        return writer.keepsAppendedWhenFull();
    }

    @Override
    public void close() {
        writer.close();
    }
}
