package io.firn.connect.sink;

import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Counts what goes through a writer. Confined to the task's thread. */
final class MeasuredWriter implements LaneWriter {
    private final LaneWriter writer;
    private final SinkMeters meters;
    private long records;
    private long bytes;
    private long next;
    private boolean openSegment;
    private boolean fenced;

    MeasuredWriter(LaneWriter writer, SinkMeters meters) {
        this.writer = writer;
        this.meters = meters;
        this.next = writer.position();
    }

    /** Records that were appended since the last commit. */
    long uncommittedRecords() {
        return records;
    }

    /** Bytes of their keys and values. */
    long uncommittedBytes() {
        return bytes;
    }

    /** Whether something was appended since the last roll. */
    boolean hasOpenSegment() {
        return openSegment;
    }

    /** Offsets from the committed position to behind what was appended last. */
    long lag() {
        return Math.max(0, next - writer.position());
    }

    @Override
    public long append(long offset, SinkRecord record) {
        long sizeBytes = writer.append(offset, record);
        records++;
        bytes += sizeBytes;
        next = offset + 1;
        openSegment = true;
        return sizeBytes;
    }

    @Override
    public boolean storesByItself() {
        return writer.storesByItself();
    }

    @Override
    public long position() {
        return writer.position();
    }

    @Override
    public void advanceTo(long offset) {
        writer.advanceTo(offset);
        next = Math.max(next, offset);
    }

    @Override
    public void recordGap(long from, long to) {
        writer.recordGap(from, to);
    }

    @Override
    public void roll() {
        writer.roll();
        openSegment = false;
    }

    @Override
    public long commit() {
        try {
            long position = writer.commit();
            meters.archived(records, bytes);
            forget();
            return position;
        } catch (WriterFencedException e) {
            noteFenced();
            throw e;
        } catch (FirnException e) {
            meters.commitFailed();
            throw e;
        }
    }

    @Override
    public void rollback() {
        meters.rolledBack();
        forget();
        try {
            writer.rollback();
            next = writer.position();
        } catch (WriterFencedException e) {
            noteFenced();
            throw e;
        }
    }

    private void forget() {
        records = 0;
        bytes = 0;
    }

    private void noteFenced() {
        if (!fenced) {
            fenced = true;
            meters.fenced();
        }
    }

    @Override
    public boolean keepsAppendedWhenFull() {
        return writer.keepsAppendedWhenFull();
    }

    @Override
    public void close() {
        meters.closed(this);
        writer.close();
    }
}
