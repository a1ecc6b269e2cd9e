package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.log.CatalogState;
import io.firn.log.LaneRange;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.SegmentEntry;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts what is committed into ranges that several readers can read at once.
 *
 * <p>Ranges end where files end as far as that gives ranges of about the wanted size; a file that is much larger is
 * divided. What no wanted file holds is in no range. Confined to one thread.
 */
public final class ReadRanges {
    private final Table table;
    private final ScanOptions options;
    private final PartitionPruning pruning;
    private final double maxRecords;
    private final double maxBytes;

    private ReadRanges(Table table, ScanOptions options, long maxRecords, long maxBytes) {
        this.table = table;
        this.options = options;
        this.pruning = PartitionPruning.of(table.scheme(), options.filter());
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    /**
     * Ranges of everything that a scan reads, by writer and then by sequence.
     *
     * @param options what is read; {@link ScanOptions.Builder#toSequences} ends writers before what is committed
     * @param maxRecords about how many records a range has at most, at least 1
     * @param maxBytes about how many uncompressed bytes a range has at most, at least 1
     */
    public static List<ReadRange> of(Table table, ScanOptions options, long maxRecords, long maxBytes) {
        if (maxRecords < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("a range of " + maxRecords + " records and " + maxBytes + " bytes");
        }
        for (int replans = 0; ; replans++) {
            try {
                return new ReadRanges(table, options, maxRecords, maxBytes).cut(table.plan());
            } catch (NotFoundException rewritten) {
                if (replans == TableScan.MAX_REPLANS) {
                    throw rewritten;
                }
            }
        }
    }

    private List<ReadRange> cut(ReadPlan plan) {
        CatalogState catalog = plan.catalog().state();
        Map<String, List<LanePiece>> rewritten = rewritten(catalog);
        List<ReadRange> ranges = new ArrayList<>();
        for (LaneSnapshot lane : plan.lanes()) {
            String writer = lane.identity().writer();
            if (options.writers().filter(only -> !only.contains(writer)).isPresent()) {
                continue;
            }
            SequenceRange wanted = options.sequencesOf(writer);
            LaneCuts cuts = new LaneCuts(writer, maxRecords, maxBytes);
            rewritten.getOrDefault(lane.lane(), List.of()).forEach(piece -> piece.within(wanted, cuts::add));
            hot(lane, catalog, wanted).forEach(piece -> piece.within(wanted, cuts::add));
            ranges.addAll(cuts.ranges());
        }
        return ranges;
    }

    private Map<String, List<LanePiece>> rewritten(CatalogState catalog) {
        Map<String, List<LanePiece>> pieces = new HashMap<>();
        for (SegmentEntry entry : catalog.segments()) {
            if (options.overlaps(entry.minTimestampNs(), entry.maxTimestampNs())
                    && pruning.includes(entry.partitionPath())) {
                double bytesPerRecord = (double) entry.rawBytes() / Math.max(1, entry.records());
                for (LaneRange range : entry.lanes()) {
                    pieces.computeIfAbsent(range.lane(), unused -> new ArrayList<>())
                            .add(new LanePiece(
                                    range.firstSequence(),
                                    range.lastSequence() + 1,
                                    range.records(),
                                    bytesPerRecord * range.records(),
                                    entry.minTimestampNs()));
                }
            }
        }
        return pieces;
    }

    private List<LanePiece> hot(LaneSnapshot lane, CatalogState catalog, SequenceRange wanted) {
        List<LanePiece> pieces = new ArrayList<>();
        List<LaneSegment> segments = lane.state().segments();
        for (int i = 0; i < segments.size(); i++) {
            LaneSegment segment = segments.get(i);
            long end = i + 1 < segments.size()
                    ? segments.get(i + 1).baseSequence()
                    : lane.state().position();
            if (segment.records() > 0
                    && wanted.overlaps(segment.baseSequence(), end - 1)
                    && !catalog.isRemoved(segment)
                    && pruning.includesFile(segment.path())) {
                pieces.add(new LanePiece(
                        segment.baseSequence(),
                        end,
                        segment.records(),
                        segment.lengthBytes(),
                        firstTimestamp(segment)));
            }
        }
        return pieces;
    }

    private long firstTimestamp(LaneSegment hot) {
        try (Segment segment = Segment.open(
                        table.layout().store(), table.layout().resolve(hot.path()), table.segmentAccess());
                SegmentCursor cursor = segment.cursor(0, hot.lengthBytes())) {
            return cursor.next() ? cursor.record().timestampNs() : Long.MAX_VALUE;
        }
    }
}
