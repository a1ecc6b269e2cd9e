package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.log.CatalogState;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.SegmentEntry;
import io.firn.partition.PartitionFilter;
import io.firn.segment.ContextSummary;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts what is committed in each partition: from the catalog what is settled, from footers what is sealed, and by
 * reading only the segments that have no footer yet or of which a context was settled in part. Used once; confined to
 * one thread.
 */
final class PartitionSummaries {
    private final Table table;
    private final PartitionPruning pruning;
    private final CatalogState catalog;
    private final Map<String, Count> partitions = new TreeMap<>();

    private PartitionSummaries(Table table, PartitionPruning pruning, CatalogState catalog) {
        this.table = table;
        this.pruning = pruning;
        this.catalog = catalog;
    }

    /** The partitions of a filter that hold records, by path. */
    static List<PartitionSummary> of(Table table, PartitionFilter filter) {
        for (int look = 0; ; look++) {
            ReadPlan plan = table.plan();
            PartitionPruning pruning = PartitionPruning.of(table.scheme(), filter);
            try {
                return new PartitionSummaries(table, pruning, plan.catalog().state()).count(plan.lanes());
            } catch (NotFoundException missing) {
                // Rule 25: a maintainer may have settled the file and deleted it; the next plan says so then.
                if (table.isCurrent(plan) || look == TableScan.MAX_REPLANS) {
                    throw missing;
                }
            }
        }
    }

    private List<PartitionSummary> count(List<LaneSnapshot> lanes) {
        for (SegmentEntry entry : catalog.segments()) {
            if (entry.records() > 0 && pruning.includes(entry.partitionPath())) {
                of(entry.partitionPath()).add(entry.records(), entry.minTimestampNs(), entry.maxTimestampNs());
            }
        }
        for (LaneSnapshot lane : lanes) {
            for (LaneSegment segment : lane.state().segments()) {
                if (segment.records() > 0 && !catalog.isRemoved(segment) && pruning.includesFile(segment.path())) {
                    count(segment);
                }
            }
        }
        return partitions.entrySet().stream()
                .map(counted -> counted.getValue().toSummary(table, counted.getKey()))
                .toList();
    }

    private void count(LaneSegment committed) {
        SourceSpec spec = SourceSpec.of(committed, catalog.removal(committed.path()));
        try (Segment segment = spec.open(table)) {
            Optional<SegmentSummary> summary = segment.summary()
                    .filter(known -> known.dataEnd() == spec.limitBytes() && isDecidedByContext(known, spec));
            if (summary.isPresent()) {
                summary.get().contexts().forEach(context -> add(context, spec));
            } else {
                read(segment, spec);
            }
        }
    }

    /** Whether every context that the filter wants stands in the file as a whole, or not at all. */
    private boolean isDecidedByContext(SegmentSummary summary, SourceSpec spec) {
        return summary.contexts().stream()
                .filter(this::isWanted)
                .allMatch(context -> isWhole(context, spec)
                        || context.sequences().last()
                                < spec.firstLeft(context.context().ref()));
    }

    private void add(ContextSummary context, SourceSpec spec) {
        if (isWanted(context) && isWhole(context, spec)) {
            of(context.context().partitionPath())
                    .add(
                            context.recordCount(),
                            context.timestamps().first(),
                            context.timestamps().last());
        }
    }

    private static boolean isWhole(ContextSummary context, SourceSpec spec) {
        return context.sequences().first() >= spec.firstLeft(context.context().ref());
    }

    private boolean isWanted(ContextSummary context) {
        return context.recordCount() > 0 && pruning.includes(context.context().partitionPath());
    }

    private void read(Segment segment, SourceSpec spec) {
        try (SegmentCursor cursor = segment.cursor(0, spec.limitBytes())) {
            while (cursor.next()) {
                String path = cursor.context().partitionPath();
                boolean left = cursor.record().sequence()
                        >= spec.firstLeft(cursor.context().ref());
                if (left && pruning.includes(path)) {
                    long timestampNs = cursor.record().timestampNs();
                    of(path).add(1, timestampNs, timestampNs);
                }
            }
        }
    }

    private Count of(String partitionPath) {
        return partitions.computeIfAbsent(partitionPath, path -> new Count());
    }

    private static final class Count {
        private long records;
        private long minTimestampNs = Long.MAX_VALUE;
        private long maxTimestampNs = Long.MIN_VALUE;

        void add(long more, long lowestNs, long highestNs) {
            records += more;
            minTimestampNs = Math.min(minTimestampNs, lowestNs);
            maxTimestampNs = Math.max(maxTimestampNs, highestNs);
        }

        PartitionSummary toSummary(Table table, String path) {
            return new PartitionSummary(table.scheme().parsePath(path), records, minTimestampNs, maxTimestampNs);
        }
    }
}
