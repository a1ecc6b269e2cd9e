package io.firn.table;

import io.firn.log.TableLayout;
import io.firn.record.RecordView;
import io.firn.segment.Segment;
import io.firn.segment.SegmentContext;
import io.firn.segment.SegmentCursor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of one lane in one segment file that a scan wants. Confined to one thread.
 */
final class SegmentSource implements RecordSource {
    private final ScanOptions options;
    private final PartitionPruning pruning;
    private final String lane;
    private final Segment segment;
    private final SegmentCursor cursor;
    /** The view that the cursor moves from record to record. */
    private final RecordView record;

    private final RecordFile file;
    private final boolean timeRange;
    private SourceSpec spec;
    private SequenceRange range;
    /** No record of the lane in this file behind it is wanted; {@link Long#MAX_VALUE}: read to the limit. */
    private long lastWanted;

    private boolean exhausted;
    private boolean ended;
    private @Nullable SegmentContext lastContext;
    private boolean ofLane;
    private boolean contextWanted;
    private long firstWanted;

    private SegmentSource(
            ScanOptions options,
            PartitionPruning pruning,
            String lane,
            SourceSpec spec,
            SequenceRange range,
            Segment segment,
            SegmentCursor cursor) {
        this.options = options;
        this.pruning = pruning;
        this.lane = lane;
        this.spec = spec;
        this.range = range;
        this.lastWanted = Math.min(range.last(), spec.lastSequence());
        this.segment = segment;
        this.cursor = cursor;
        this.record = cursor.record();
        this.file = new RecordFile(spec.path(), segment.isCompressed() ? SegmentTier.COLD : SegmentTier.HOT);
        this.timeRange = options.hasTimeRange();
    }

    /** Opens a file at the lane's first record that the scan may want. */
    static SegmentSource open(
            Table table,
            ScanOptions options,
            PartitionPruning pruning,
            String lane,
            SourceSpec spec,
            SequenceRange range) {
        return of(spec.open(table), table, options, pruning, lane, spec, range);
    }

    /** Opens a file that no commit names; empty while its writer is still creating it. */
    static Optional<SegmentSource> openIfBegun(
            Table table,
            ScanOptions options,
            PartitionPruning pruning,
            String lane,
            SourceSpec spec,
            SequenceRange range) {
        TableLayout layout = table.layout();
        return Segment.openIfBegun(layout.store(), layout.resolve(spec.path()), table.segmentAccess())
                .map(segment -> of(segment, table, options, pruning, lane, spec, range));
    }

    private static SegmentSource of(
            Segment segment,
            Table table,
            ScanOptions options,
            PartitionPruning pruning,
            String lane,
            SourceSpec spec,
            SequenceRange range) {
        try {
            SegmentCursor cursor = cursor(segment, spec);
            if (segment.isSealed()) {
                cursor.seekSequence(lane, Math.max(range.from(), spec.firstSequence()));
            }
            table.recordAccess(spec.path(), options);
            return new SegmentSource(options, pruning, lane, spec, range, segment, cursor);
        } catch (RuntimeException failed) {
            segment.close();
            throw failed;
        }
    }

    private static SegmentCursor cursor(Segment segment, SourceSpec spec) {
        if (spec.tail()) {
            return segment.tail(0, spec.limitBytes());
        }
        return segment.cursor(0, spec.limitBytes() == SourceSpec.TO_THE_END ? segment.dataEnd() : spec.limitBytes());
    }

    @Override
    public boolean next() {
        exhausted = false;
        if (ended) {
            return false;
        }
        while (cursor.next()) {
            boolean wanted = isWanted();
            if (lastWanted != Long.MAX_VALUE && isBehindLast()) {
                ended = true; // what follows belongs to other lanes, or to nobody who reads this range
                return wanted && record.sequence() == lastWanted;
            }
            if (wanted) {
                return true;
            }
        }
        exhausted = true;
        return false;
    }

    private boolean isBehindLast() {
        return ofLane && record.sequence() >= lastWanted;
    }

    /** Whether everything was read that the file holds up to its limit. */
    boolean isExhausted() {
        return exhausted;
    }

    /** The file's path relative to the table's directory. */
    String path() {
        return spec.path();
    }

    /** Committed length up to which it reads. */
    long limitBytes() {
        return spec.limitBytes();
    }

    /** Whether it also shows what is published beyond that. */
    boolean isTail() {
        return spec.tail();
    }

    /**
     * Goes on in the same file of the same owner, of which more may be committed by now; everything up to the limit
     * must have been read.
     *
     * @return false when that is not the file, or less of it is to be read than was
     */
    boolean resume(SourceSpec next, SequenceRange wanted) {
        boolean fits = exhausted
                && next.path().equals(spec.path())
                && next.limitBytes() >= spec.limitBytes()
                && next.tail() == spec.tail()
                && wanted.from() >= range.from();
        if (fits) {
            cursor.extendTo(next.limitBytes());
            spec = next;
            range = wanted;
            lastWanted = Math.min(range.last(), spec.lastSequence());
            lastContext = null;
            exhausted = false;
        }
        return fits;
    }

    @Override
    public RecordView record() {
        return record;
    }

    @Override
    public String partitionPath() {
        return cursor.context().partitionPath();
    }

    @Override
    public RecordFile file() {
        return file;
    }

    @Override
    public void close() {
        cursor.close();
        segment.close();
    }

    @SuppressWarnings("ReferenceEquality") // a cursor shows the same object as long as the context is the same
    private boolean isWanted() {
        SegmentContext context = cursor.context();
        if (context != lastContext) {
            judge(context);
        }
        return contextWanted
                && record.sequence() >= firstWanted
                && (!timeRange || options.includes(record.timestampNs()));
    }

    /** What holds for every record of a context is looked up once. */
    private void judge(SegmentContext context) {
        lastContext = context;
        ofLane = context.lane().equals(lane);
        contextWanted = ofLane && pruning.includes(context.partitionPath());
        firstWanted = Math.max(range.from(), spec.firstLeft(context.ref()));
    }
}
