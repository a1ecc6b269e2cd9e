package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.ExpiredRange;
import io.firn.log.LaneRange;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the markers of a table say was removed for ever. Immutable; thread-safe. */
final class ExpiredRecords {
    private final Map<String, List<ExpiredRange>> lanes = new HashMap<>();

    ExpiredRecords(List<ExpiredRange> ranges) {
        ranges.forEach(range ->
                lanes.computeIfAbsent(range.lane(), lane -> new ArrayList<>()).add(range));
    }

    /** By lane, how many records were removed for ever. */
    Map<String, Long> byLane() {
        Map<String, Long> counts = new HashMap<>();
        lanes.forEach((lane, ranges) -> counts.put(
                lane, ranges.stream().mapToLong(ExpiredRange::records).sum()));
        return counts;
    }

    /** The ranges of one lane. */
    List<ExpiredRange> of(String lane) {
        return lanes.getOrDefault(lane, List.of());
    }

    /**
     * Whether all records of a file were removed for ever.
     *
     * @throws CorruptDataException when that is so for some of its records only: a removal takes whole files
     */
    boolean covers(TableLayout layout, SegmentEntry file) {
        int covered = 0;
        for (LaneRange range : file.lanes()) {
            boolean first = covers(file.partitionPath(), range.lane(), range.firstSequence());
            boolean last = covers(file.partitionPath(), range.lane(), range.lastSequence());
            if (first != last) {
                throw contradicted(layout, file);
            }
            covered += last ? 1 : 0;
        }
        if (covered != 0 && covered != file.lanes().size()) {
            throw contradicted(layout, file);
        }
        return covered != 0;
    }

    private boolean covers(String partitionPath, String lane, long sequence) {
        return of(lane).stream().anyMatch(range -> range.covers(partitionPath, lane, sequence));
    }

    private static CorruptDataException contradicted(TableLayout layout, SegmentEntry file) {
        return new CorruptDataException(
                layout.resolve(file.path()),
                0,
                "holds records that were removed for ever by a marker in " + layout.expired()
                        + ", and others that were not: nobody can tell which one is right; move one of them away");
    }
}
