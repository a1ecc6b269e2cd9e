package io.firn.table;

import io.firn.record.RecordView;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import java.nio.file.Path;

/** One file in which single records of a lane are looked up. Confined to one thread. */
final class PointSource implements AutoCloseable {
    private static final long NOWHERE = Long.MIN_VALUE;

    private final Segment segment;
    private final SegmentCursor cursor;
    private final SourceSpec spec;
    private final String lane;
    /** Sequence of the record that the cursor stands on. */
    private long position = NOWHERE;

    private PointSource(Segment segment, SegmentCursor cursor, SourceSpec spec, String lane) {
        this.segment = segment;
        this.cursor = cursor;
        this.spec = spec;
        this.lane = lane;
    }

    static PointSource open(Table table, String lane, SourceSpec spec) {
        Segment segment = spec.open(table);
        try {
            long limit = spec.limitBytes() == SourceSpec.TO_THE_END ? segment.dataEnd() : spec.limitBytes();
            SegmentCursor cursor = segment.cursor(0, limit);
            table.recordAccess(spec.path(), ScanOptions.ALL);
            return new PointSource(segment, cursor, spec, lane);
        } catch (RuntimeException failed) {
            segment.close();
            throw failed;
        }
    }

    Path file() {
        return segment.path();
    }

    /** Raw offset of the record in the file. */
    long offset() {
        return cursor.offset();
    }

    RecordView record() {
        return cursor.record();
    }

    /** Moves to the record of a sequence; false when it is not here. The next record is found by going on. */
    boolean seek(long sequence) {
        if (position != sequence) {
            move(sequence);
        }
        return position == sequence
                && sequence >= spec.firstLeft(cursor.context().ref());
    }

    private void move(long sequence) {
        if (position == NOWHERE || position + 1 != sequence) {
            cursor.seekSequence(lane, sequence);
        }
        position = NOWHERE;
        while (position < sequence && cursor.next()) {
            if (cursor.context().lane().equals(lane)) {
                position = cursor.record().sequence();
            }
        }
    }

    @Override
    public void close() {
        cursor.close();
        segment.close();
    }
}
