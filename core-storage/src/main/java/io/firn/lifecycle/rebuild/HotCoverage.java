package io.firn.lifecycle.rebuild;

import io.firn.error.CorruptDataException;
import io.firn.log.ExpiredRange;
import io.firn.log.LaneSegment;
import io.firn.log.Removal;
import io.firn.log.TableLayout;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentContext;
import io.firn.segment.SegmentCursor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The committed records of one hot segment, and which of them stand in a file of the lifecycle, too, or were removed
 * for ever. Confined to one thread.
 */
final class HotCoverage {
    private final LaneSegment segment;
    private final Map<Integer, ContextCoverage> contexts = new TreeMap<>();

    /** The records of one context in their order. */
    private record ContextCoverage(String partitionPath, SequenceCoverage sequences) {}

    private HotCoverage(LaneSegment segment) {
        this.segment = segment;
    }

    static HotCoverage read(TableLayout layout, SegmentAccess access, LaneSegment segment) {
        HotCoverage coverage = new HotCoverage(segment);
        Path path = layout.resolve(segment.path());
        long records = 0;
        try (Segment file = Segment.open(layout.store(), path, access);
                SegmentCursor cursor = file.cursor(0, segment.lengthBytes())) {
            while (cursor.next()) {
                records++;
                coverage.add(cursor, path);
            }
        }
        if (records != segment.records()) {
            throw new CorruptDataException(
                    path, 0, "expected " + segment.records() + " committed records, found " + records);
        }
        return coverage;
    }

    private void add(SegmentCursor cursor, Path path) {
        SegmentContext context = cursor.context();
        boolean ascends = contexts.computeIfAbsent(
                        context.ref(), ref -> new ContextCoverage(context.partitionPath(), new SequenceCoverage()))
                .sequences()
                .add(cursor.record().sequence());
        if (!ascends) {
            throw SequenceCoverage.outOfOrder(path, cursor);
        }
    }

    /** Notes that a record of this lane stands in a file of a partition. */
    void cover(String partitionPath, long sequence) {
        for (ContextCoverage each : contexts.values()) {
            if (each.partitionPath().equals(partitionPath)) {
                each.sequences().cover(sequence);
            }
        }
    }

    /** Notes that records of this lane were removed for ever. */
    void expire(ExpiredRange range) {
        for (ContextCoverage each : contexts.values()) {
            if (each.partitionPath().equals(range.partitionPath())) {
                each.sequences().cover(range.firstSequence(), range.lastSequence());
            }
        }
    }

    /**
     * A covered record behind one of its context that is not covered: no catalog ever said that. Its file was made and
     * never entered.
     *
     * @return partition and sequence; empty when there is none
     */
    Optional<Map.Entry<String, Long>> impossible() {
        for (ContextCoverage each : contexts.values()) {
            OptionalLong sequence = each.sequences().coveredBehindGap();
            if (sequence.isPresent()) {
                return Optional.of(Map.entry(each.partitionPath(), sequence.getAsLong()));
            }
        }
        return Optional.empty();
    }

    /** Records that stand in this segment only, and were not removed for ever. */
    long left() {
        return segment.records() - covered();
    }

    /** What the catalog says of the segment; empty when nothing of it was rewritten or removed. */
    Optional<Removal> removal() {
        if (covered() == 0) {
            return Optional.empty();
        }
        List<Removal.ContextLimit> limits = new ArrayList<>();
        contexts.forEach((context, each) ->
                each.sequences().lastCovered().ifPresent(last -> limits.add(new Removal.ContextLimit(context, last))));
        return Optional.of(new Removal(segment.path(), limits, left() == 0 ? segment.lengthBytes() : 0, covered()));
    }

    private long covered() {
        return contexts.values().stream()
                .mapToLong(each -> each.sequences().coveredCount())
                .sum();
    }
}
