package io.firn.log;

import io.firn.segment.ContextSummary;
import io.firn.segment.Range;
import io.firn.segment.SegmentSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of one lane inside a rewritten segment.
 *
 * @param lane directory name of the lane
 * @param firstSequence lowest sequence, inclusive
 * @param lastSequence highest sequence, inclusive
 * @param records number of records
 */
public record LaneRange(String lane, long firstSequence, long lastSequence, long records) {
    /** What a segment holds of each lane, in the order of the lanes in the file. */
    public static List<LaneRange> of(SegmentSummary summary) {
        Map<String, LaneRange> lanes = new LinkedHashMap<>();
        for (ContextSummary each : summary.contexts()) {
            if (each.recordCount() > 0) {
                Range sequences = each.sequences();
                LaneRange range =
                        new LaneRange(each.context().lane(), sequences.first(), sequences.last(), each.recordCount());
                lanes.merge(range.lane(), range, LaneRange::and);
            }
        }
        return List.copyOf(lanes.values());
    }

    private LaneRange and(LaneRange other) {
        return new LaneRange(
                lane,
                Math.min(firstSequence, other.firstSequence),
                Math.max(lastSequence, other.lastSequence),
                records + other.records);
    }
}
