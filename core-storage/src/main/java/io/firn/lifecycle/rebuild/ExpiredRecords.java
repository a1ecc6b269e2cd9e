package io.firn.lifecycle.rebuild;

import io.firn.log.ExpiredRange;
import io.firn.log.LaneRange;
import io.firn.log.SegmentEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the markers of a table say was removed for ever. Immutable; thread-safe. */
final class ExpiredRecords {
    private final Map<String, List<ExpiredRange>> lanes = new HashMap<>();
    private final Map<Place, Removed> places = new HashMap<>();

    private record Place(String partitionPath, String lane) {}

    /** What is gone of one lane in one partition: everything up to a sequence, and ranges that do not overlap. */
    private static final class Removed {
        private long upTo = Long.MIN_VALUE;
        private final NavigableMap<Long, Long> ranges = new TreeMap<>();

        void add(ExpiredRange range) {
            if (range.isWhole()) {
                upTo = Math.max(upTo, range.lastSequence());
            } else {
                ranges.put(range.firstSequence(), range.lastSequence());
            }
        }

        boolean covers(long sequence) {
            Map.Entry<Long, Long> range = ranges.floorEntry(sequence);
            return sequence <= upTo || (range != null && sequence <= range.getValue());
        }

        boolean reachesInto(long first, long last) {
            Map.Entry<Long, Long> range = ranges.floorEntry(last);
            return first <= upTo || (range != null && first <= range.getValue());
        }
    }

    ExpiredRecords(List<ExpiredRange> ranges) {
        for (ExpiredRange range : ranges) {
            lanes.computeIfAbsent(range.lane(), lane -> new ArrayList<>()).add(range);
            places.computeIfAbsent(new Place(range.partitionPath(), range.lane()), place -> new Removed())
                    .add(range);
        }
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

    /** Whether a record was removed for ever. */
    boolean covers(String partitionPath, String lane, long sequence) {
        Removed removed = places.get(new Place(partitionPath, lane));
        return removed != null && removed.covers(sequence);
    }

    /** Whether records of a file may have been removed for ever, by what its entry says. */
    boolean mayCover(SegmentEntry file) {
        for (LaneRange range : file.lanes()) {
            Removed removed = places.get(new Place(file.partitionPath(), range.lane()));
            if (removed != null && removed.reachesInto(range.firstSequence(), range.lastSequence())) {
                return true;
            }
        }
        return false;
    }
}
