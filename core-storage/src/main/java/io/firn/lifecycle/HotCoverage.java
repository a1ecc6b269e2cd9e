package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.LaneSegment;
import io.firn.log.Removal;
import io.firn.log.TableLayout;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCursor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The committed records of one hot segment, and which of them stand in a file of the lifecycle, too. Confined to one
 * thread.
 */
final class HotCoverage {
    private final LaneSegment segment;
    private final Map<Integer, ContextCoverage> contexts = new TreeMap<>();

    /** The records of one context in their order, and the covered ones of them. */
    private record ContextCoverage(String partitionPath, List<Long> sequences, Set<Long> covered) {}

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
                coverage.contexts
                        .computeIfAbsent(
                                cursor.context().ref(),
                                ref -> new ContextCoverage(
                                        cursor.context().partitionPath(), new ArrayList<>(), new HashSet<>()))
                        .sequences()
                        .add(cursor.record().sequence());
            }
        }
        if (records != segment.records()) {
            throw new CorruptDataException(
                    path, 0, "expected " + segment.records() + " committed records, found " + records);
        }
        return coverage;
    }

    /** Notes that a record of this lane stands in a file of a partition. */
    void cover(String partitionPath, long sequence) {
        for (ContextCoverage each : contexts.values()) {
            if (each.partitionPath().equals(partitionPath)) {
                each.covered().add(sequence);
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
            boolean gap = false;
            for (long sequence : each.sequences()) {
                boolean covered = each.covered().contains(sequence);
                if (covered && gap) {
                    return Optional.of(Map.entry(each.partitionPath(), sequence));
                }
                gap |= !covered;
            }
        }
        return Optional.empty();
    }

    /** Records that stand in this segment only. */
    long left() {
        return segment.records() - covered();
    }

    /** What the catalog says of the segment; empty when nothing of it was rewritten. */
    Optional<Removal> removal() {
        if (covered() == 0) {
            return Optional.empty();
        }
        List<Removal.ContextLimit> limits = new ArrayList<>();
        contexts.forEach((context, each) -> each.sequences().stream()
                .filter(each.covered()::contains)
                .reduce((first, second) -> second)
                .ifPresent(last -> limits.add(new Removal.ContextLimit(context, last))));
        return Optional.of(new Removal(segment.path(), limits, left() == 0 ? segment.lengthBytes() : 0, covered()));
    }

    private long covered() {
        return contexts.values().stream()
                .mapToLong(each -> each.sequences().stream()
                        .filter(each.covered()::contains)
                        .count())
                .sum();
    }
}
