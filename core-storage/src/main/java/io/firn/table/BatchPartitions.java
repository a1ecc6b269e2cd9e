package io.firn.table;

import io.firn.log.CatalogState;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.SegmentEntry;
import io.firn.segment.ContextSummary;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The partitions in which a batch may have records. Thread-safe; no state. */
final class BatchPartitions {
    private BatchPartitions() {}

    /**
     * Hive paths in ascending order.
     *
     * @param mixedFiles gets the partitions of every file that holds several
     */
    static List<String> of(
            Table table, ScanBatch batch, PartitionPruning pruning, Map<String, Set<String>> mixedFiles) {
        Set<String> paths = new TreeSet<>();
        CatalogState catalog = batch.plan().catalog().state();
        for (SegmentEntry entry : catalog.segments()) {
            paths.add(entry.partitionPath());
        }
        for (LaneSnapshot lane : batch.plan().lanes()) {
            for (LaneSegment segment : lane.state().segments()) {
                if (batch.window(lane.lane()).isEmpty() || catalog.isRemoved(segment)) {
                    continue;
                }
                if (PartitionPruning.isMixed(segment.path())) {
                    paths.addAll(mixedFiles.computeIfAbsent(segment.path(), path -> partitionsIn(table, segment)));
                } else {
                    paths.add(PartitionPruning.partitionOf(segment.path()));
                }
            }
        }
        return paths.stream().filter(pruning::includes).toList();
    }

    private static Set<String> partitionsIn(Table table, LaneSegment hot) {
        Set<String> partitions = new TreeSet<>();
        try (Segment segment =
                Segment.open(table.layout().store(), table.layout().resolve(hot.path()), table.segmentAccess())) {
            Optional<SegmentSummary> summary = segment.summary();
            if (summary.isPresent() && summary.get().dataEnd() == hot.lengthBytes()) {
                for (ContextSummary each : summary.get().contexts()) {
                    partitions.add(each.context().partitionPath());
                }
                return partitions;
            }
            try (SegmentCursor cursor = segment.cursor(0, hot.lengthBytes())) {
                while (cursor.next()) {
                    partitions.add(cursor.context().partitionPath());
                }
            }
        }
        return partitions;
    }
}
