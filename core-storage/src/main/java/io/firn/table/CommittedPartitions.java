package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.log.Catalog;
import io.firn.log.CatalogSnapshot;
import io.firn.log.CatalogState;
import io.firn.log.LaneSegment;
import io.firn.log.LaneState;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.segment.ContextSummary;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentSummary;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The partitions in which a lane has committed records: from the catalog for those that are settled, from footers for
 * those that are not, and by reading a segment that a crash left without one.
 *
 * <p>Thread-safe; no state.
 */
final class CommittedPartitions {
    private CommittedPartitions() {}

    /** Their Hive paths; the caller owns the lane. */
    static Set<String> of(Table table, String lane, LaneState state) {
        while (true) {
            CatalogSnapshot catalog = table.logs().catalog();
            try {
                return collect(table, lane, state, catalog.state());
            } catch (NotFoundException missing) {
                // Rule 25: a maintainer may have settled the file and deleted it; the catalog says so then.
                if (Catalog.isUnchanged(table.layout(), catalog)) {
                    throw missing;
                }
            }
        }
    }

    private static Set<String> collect(Table table, String lane, LaneState state, CatalogState catalog) {
        Set<String> partitions = new HashSet<>();
        for (SegmentEntry entry : catalog.segments()) {
            if (entry.range(lane).isPresent()) {
                partitions.add(entry.partitionPath());
            }
        }
        for (LaneSegment live : state.segments()) {
            if (!catalog.isRemoved(live)) {
                read(table, live, partitions);
            }
        }
        return partitions;
    }

    private static void read(Table table, LaneSegment live, Set<String> partitions) {
        TableLayout layout = table.layout();
        try (Segment segment = Segment.open(layout.store(), layout.resolve(live.path()), table.segmentAccess())) {
            Optional<SegmentSummary> summary = segment.summary();
            if (summary.isPresent()) {
                for (ContextSummary each : summary.get().contexts()) {
                    if (each.recordCount() > 0) {
                        partitions.add(each.context().partitionPath());
                    }
                }
                return;
            }
            try (SegmentCursor cursor = segment.cursor(0, live.lengthBytes())) {
                while (cursor.next()) {
                    partitions.add(cursor.context().partitionPath());
                }
            }
        }
    }
}
