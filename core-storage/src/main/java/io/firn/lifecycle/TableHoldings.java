package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.log.CatalogState;
import io.firn.log.HotInput;
import io.firn.log.LaneSegment;
import io.firn.log.SegmentEntry;
import io.firn.segment.ContextSummary;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentSummary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The partitions of a table with all that is committed of them: files of the catalog, and what stands in hot segments.
 *
 * <p>Confined to one thread.
 */
final class TableHoldings {
    private final RewriteContext context;
    private final Map<String, PartitionHoldings> partitions = new TreeMap<>();
    private final List<LaneSegment> unreadable = new ArrayList<>();

    private TableHoldings(RewriteContext context) {
        this.context = context;
    }

    /** The files of the catalog only. */
    static TableHoldings ofCatalog(RewriteContext context, CatalogState catalog) {
        TableHoldings holdings = new TableHoldings(context);
        for (SegmentEntry file : catalog.segments()) {
            holdings.partition(file.partitionPath()).add(file);
        }
        return holdings;
    }

    /**
     * Adds what stands in hot segments.
     *
     * @param report gets the segments that cannot be read; they are left out, and what they hold is not known
     */
    TableHoldings with(List<HotInput> inputs, LifecycleReport report) {
        for (HotInput input : inputs) {
            context.stop().check();
            try {
                add(input);
            } catch (CorruptDataException | NotFoundException damaged) {
                unreadable.add(input.segment());
                report.failed(context.layout().resolve(input.segment().path()), damaged);
            }
        }
        return this;
    }

    /** All partitions by path. */
    Collection<PartitionHoldings> partitions() {
        return partitions.values();
    }

    /** A segment that cannot be read and may hold records of a partition: a mixed one may hold those of any. */
    Optional<String> unreadableOf(PartitionHoldings partition) {
        return unreadable.stream()
                .filter(segment -> HotInput.isMixed(segment)
                        || LaneEntries.partitionOf(segment).equals(partition.path()))
                .map(LaneSegment::path)
                .findFirst();
    }

    private void add(HotInput input) {
        Map<String, Load> loads = new HashMap<>();
        try (Segment segment = Segment.open(
                context.layout().store(),
                context.layout().resolve(input.segment().path()),
                context.access())) {
            Optional<SegmentSummary> summary = segment.summary();
            if (summary.isPresent()
                    && summary.get().dataEnd() == input.segment().lengthBytes()) {
                addFooter(input, summary.get(), loads);
            } else {
                addFrames(input, segment, loads);
            }
        }
        loads.forEach((path, load) -> partition(path).add(input, load.bytes, load.newestNs));
    }

    private static void addFooter(HotInput input, SegmentSummary summary, Map<String, Load> loads) {
        long meanBytes = summary.dataEnd() / Math.max(1, summary.recordCount()) + 1;
        for (ContextSummary each : summary.contexts()) {
            boolean left = each.recordCount() > 0
                    && each.sequences().last() >= input.firstLeft(each.context().ref());
            if (left) {
                loads.computeIfAbsent(each.context().partitionPath(), path -> new Load())
                        .add(each.recordCount() * meanBytes, each.timestamps().last());
            }
        }
    }

    private static void addFrames(HotInput input, Segment segment, Map<String, Load> loads) {
        try (SegmentCursor cursor = segment.cursor(0, input.segment().lengthBytes())) {
            while (cursor.next()) {
                if (cursor.record().sequence()
                        >= input.firstLeft(cursor.context().ref())) {
                    loads.computeIfAbsent(cursor.context().partitionPath(), path -> new Load())
                            .add(
                                    cursor.nextOffset() - cursor.offset(),
                                    cursor.record().timestampNs());
                }
            }
        }
    }

    private PartitionHoldings partition(String path) {
        return partitions.computeIfAbsent(path, PartitionHoldings::new);
    }

    /** What one segment holds of one partition. */
    private static final class Load {
        private long bytes;
        private long newestNs = Long.MIN_VALUE;

        void add(long moreBytes, long timestampNs) {
            bytes += moreBytes;
            newestNs = Math.max(newestNs, timestampNs);
        }
    }
}
