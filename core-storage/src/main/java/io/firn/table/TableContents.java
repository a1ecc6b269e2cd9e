package io.firn.table;

import io.firn.log.CatalogState;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a table holds at one moment, as its logs say: nothing is opened.
 *
 * @param partitions partitions by Hive path
 * @param hot committed records in mixed hot segments, which are not in any partition yet
 * @param segments rewritten segments in the order in which they were made
 * @param lanes writers by name
 */
public record TableContents(
        List<PartitionInfo> partitions, HotInfo hot, List<SegmentEntry> segments, List<LaneInfo> lanes) {
    /** Copies the lists. */
    public TableContents {
        partitions = List.copyOf(partitions);
        segments = List.copyOf(segments);
        lanes = List.copyOf(lanes);
    }

    static TableContents of(Table table, ReadPlan plan) {
        CatalogState catalog = plan.catalog().state();
        Map<String, PartitionTotals> partitions = new TreeMap<>();
        for (SegmentEntry entry : catalog.segments()) {
            totals(partitions, entry.partitionPath()).add(entry);
        }
        int hotSegments = 0;
        long hotRecords = 0;
        long hotBytes = 0;
        for (LaneSnapshot lane : plan.lanes()) {
            for (LaneSegment segment : lane.state().segments()) {
                if (catalog.isRemoved(segment)) {
                    continue;
                }
                if (segment.path().startsWith(TableLayout.TABLE_DIRECTORY + "/")) {
                    hotSegments++;
                    hotRecords += catalog.recordsLeft(segment);
                    hotBytes += segment.lengthBytes();
                } else {
                    totals(partitions, partitionOf(segment)).add(segment, catalog.recordsLeft(segment));
                }
            }
        }
        List<PartitionInfo> infos = new ArrayList<>();
        partitions.forEach(
                (path, totals) -> infos.add(totals.toInfo(table.scheme().parsePath(path), path)));
        return new TableContents(
                infos, new HotInfo(hotSegments, hotRecords, hotBytes), List.copyOf(catalog.segments()), lanes(plan));
    }

    /** What is committed of each writer, by name. */
    static List<LaneInfo> lanes(ReadPlan plan) {
        CatalogState catalog = plan.catalog().state();
        Map<String, Long> bytes = new HashMap<>();
        for (SegmentEntry entry : catalog.segments()) {
            double bytesPerRecord = (double) entry.rawBytes() / Math.max(1, entry.records());
            entry.lanes()
                    .forEach(range -> bytes.merge(range.lane(), (long) (bytesPerRecord * range.records()), Long::sum));
        }
        for (LaneSnapshot lane : plan.lanes()) {
            lane.state().segments().stream()
                    .filter(segment -> !catalog.isRemoved(segment))
                    .forEach(segment -> bytes.merge(lane.lane(), bytesLeft(catalog, segment), Long::sum));
        }
        return plan.lanes().stream()
                .map(lane -> LaneInfo.of(lane, bytes.getOrDefault(lane.lane(), 0L)))
                .toList();
    }

    /** Of a segment of which some records were settled or removed, the part that the number of the others gives. */
    private static long bytesLeft(CatalogState catalog, LaneSegment segment) {
        double bytesPerRecord = (double) segment.lengthBytes() / Math.max(1, segment.records());
        return (long) (bytesPerRecord * catalog.recordsLeft(segment));
    }

    private static PartitionTotals totals(Map<String, PartitionTotals> partitions, String path) {
        return partitions.computeIfAbsent(path, unused -> new PartitionTotals());
    }

    private static String partitionOf(LaneSegment segment) {
        int end = segment.path().lastIndexOf('/');
        return end < 0 ? "" : segment.path().substring(0, end);
    }
}
