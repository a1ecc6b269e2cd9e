package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.LaneRange;
import io.firn.log.RewrittenFile;
import io.firn.log.SegmentEntry;
import io.firn.record.RecordView;
import io.firn.segment.Segment;
import io.firn.segment.SegmentContext;
import io.firn.segment.SegmentCursor;
import java.nio.file.Path;

/** One lane in one file of the catalog: as many records as the catalog says. Confined to one thread. */
final class LaneSource implements AutoCloseable {
    private final Path path;
    private final LaneRange range;
    private final Segment segment;
    private final SegmentCursor cursor;
    private long seen;

    private LaneSource(Path path, LaneRange range, Segment segment, SegmentCursor cursor) {
        this.path = path;
        this.range = range;
        this.segment = segment;
        this.cursor = cursor;
    }

    /** Opens a file before the lane's first record. */
    static LaneSource open(RewriteContext context, SegmentEntry file, LaneRange range) {
        Path path = context.layout().resolve(file.path());
        Segment segment = RewrittenFile.open(context.layout().store(), path, file, context.access());
        try {
            SegmentCursor cursor = segment.cursor();
            cursor.seekSequence(range.lane(), range.firstSequence());
            return new LaneSource(path, range, segment, cursor);
        } catch (RuntimeException failed) {
            segment.close();
            throw failed;
        }
    }

    /** Moves to the lane's next record; false behind the last one. */
    boolean next() {
        while (seen < range.records()) {
            if (!cursor.next()) {
                throw damaged("expected " + range.records() + " records of lane " + range.lane() + ", found " + seen);
            }
            if (cursor.context().lane().equals(range.lane())) {
                seen++;
                return true;
            }
        }
        return false;
    }

    long sequence() {
        return cursor.record().sequence();
    }

    SegmentContext context() {
        return cursor.context();
    }

    RecordView record() {
        return cursor.record();
    }

    /** Damage at the present record. */
    CorruptDataException damaged(String reason) {
        return new CorruptDataException(path, cursor.offset(), reason);
    }

    @Override
    public void close() {
        cursor.close();
        segment.close();
    }
}
