package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.log.HotInput;
import io.firn.log.TableLayout;
import io.firn.segment.ContextSummary;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentContext;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All mixed hot segments with what is left in them: the footer of a sealed segment tells it, others are scanned.
 *
 * <p>The numbers only choose what to settle; what was settled is counted exactly while it is read. Confined to one
 * thread.
 */
final class HotInventory {
    private final TableLayout layout;
    private final SegmentAccess access;
    private final SealedFooters footers;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<String> partitions = new ArrayList<>();
    private final List<HotSegmentLoad> segments = new ArrayList<>();

    private HotInventory(TableLayout layout, SegmentAccess access, SealedFooters footers) {
        this.layout = layout;
        this.access = access;
        this.footers = footers;
    }

    /**
     * Looks at segments.
     *
     * @param inputs segments of each lane in their order, lane after lane
     * @param footers knows sealed segments that were looked at before, and gets the others
     * @param report gets the segments that cannot be read; they are left out
     */
    static HotInventory of(
            RewriteContext context, List<HotInput> inputs, SealedFooters footers, LifecycleReport report) {
        HotInventory inventory = new HotInventory(context.layout(), context.access(), footers);
        for (HotInput input : inputs) {
            context.stop().check();
            try {
                inventory.add(input);
            } catch (CorruptDataException | NotFoundException damaged) {
                report.failed(context.layout().resolve(input.segment().path()), damaged);
            }
        }
        return inventory;
    }

    /** Paths of partitions; their places in this list are the indexes of the loads. */
    List<String> partitions() {
        return partitions;
    }

    /** Segments, those of each lane in their order, lane after lane. */
    List<HotSegmentLoad> segments() {
        return segments;
    }

    /** Bytes left of each partition, over all segments. */
    long[] bytesByPartition() {
        long[] bytes = new long[partitions.size()];
        segments.forEach(segment -> segment.forEach((partition, load) -> bytes[partition] += load));
        return bytes;
    }

    private void add(HotInput input) {
        SealedFooters.Footer known = footers.find(input.segment().path());
        if (known != null && isComplete(known.summary(), input)) {
            HotSegmentLoad load = new HotSegmentLoad(input, known.modifiedMs());
            addFooter(input, known.summary(), load);
            segments.add(load);
        } else {
            look(input);
        }
    }

    private void look(HotInput input) {
        Path file = layout.resolve(input.segment().path());
        long modifiedMs = layout.store().info(file).modifiedMs();
        HotSegmentLoad load = new HotSegmentLoad(input, modifiedMs);
        try (Segment segment = Segment.open(layout.store(), file, access)) {
            Optional<SegmentSummary> summary = segment.summary();
            if (summary.isPresent() && isComplete(summary.get(), input)) {
                addFooter(input, summary.get(), load);
                footers.add(input.segment().path(), new SealedFooters.Footer(summary.get(), modifiedMs));
            } else {
                addFrames(input, segment, load);
            }
        }
        segments.add(load);
    }

    private static boolean isComplete(SegmentSummary summary, HotInput input) {
        return summary.dataEnd() == input.segment().lengthBytes();
    }

    private void addFooter(HotInput input, SegmentSummary summary, HotSegmentLoad load) {
        long meanBytes = summary.dataEnd() / Math.max(1, summary.recordCount()) + 1;
        for (ContextSummary each : summary.contexts()) {
            boolean left = each.recordCount() > 0
                    && each.sequences().last() >= input.firstLeft(each.context().ref());
            if (left) {
                load.add(indexOf(each.context()), each.recordCount() * meanBytes);
            }
        }
    }

    private void addFrames(HotInput input, Segment segment, HotSegmentLoad load) {
        Map<Integer, long[]> left = new HashMap<>();
        try (SegmentCursor cursor = segment.cursor(0, input.segment().lengthBytes())) {
            while (cursor.next()) {
                SegmentContext context = cursor.context();
                if (cursor.record().sequence() >= input.firstLeft(context.ref())) {
                    left.computeIfAbsent(indexOf(context), index -> new long[1])[0] +=
                            cursor.nextOffset() - cursor.offset();
                }
            }
        }
        left.forEach((partition, bytes) -> load.add(partition, bytes[0]));
    }

    private int indexOf(SegmentContext context) {
        return indexes.computeIfAbsent(context.partitionPath(), path -> {
            partitions.add(path);
            return partitions.size() - 1;
        });
    }
}
