package io.firn.lifecycle;

import io.firn.log.ExpiredRange;
import io.firn.log.LaneRange;
import io.firn.log.SegmentEntry;
import io.firn.record.RecordView;
import io.firn.segment.SegmentContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a removal takes, by partition and lane. Confined to one thread. */
final class RemovalTally implements RecordSink, RemovedForEver {
    private final Map<String, Map<String, Taken>> partitions = new TreeMap<>();
    private long records;

    /** Counts a record of a hot segment. */
    @Override
    public void accept(SegmentContext context, RecordView record) {
        add(context.partitionPath(), context.lane(), record.sequence(), 1);
    }

    /** Counts a file of the catalog. */
    void add(SegmentEntry file) {
        for (LaneRange range : file.lanes()) {
            add(file.partitionPath(), range.lane(), range.lastSequence(), range.records());
        }
    }

    @Override
    public List<ExpiredRange> ranges() {
        List<ExpiredRange> ranges = new ArrayList<>();
        partitions.forEach((partition, lanes) -> lanes.forEach(
                (lane, taken) -> ranges.add(ExpiredRange.upTo(partition, lane, taken.lastSequence, taken.records))));
        return ranges;
    }

    /** All records. */
    long records() {
        return records;
    }

    private void add(String partition, String lane, long lastSequence, long count) {
        Taken taken = partitions
                .computeIfAbsent(partition, path -> new TreeMap<>())
                .computeIfAbsent(lane, name -> new Taken());
        taken.lastSequence = Math.max(taken.lastSequence, lastSequence);
        taken.records += count;
        records += count;
    }

    /** What is taken of one lane in one partition. */
    private static final class Taken {
        private long lastSequence = Long.MIN_VALUE;
        private long records;
    }
}
