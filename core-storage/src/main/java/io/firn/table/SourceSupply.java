package io.firn.table;

import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the files of a reader's scans. The hot segment at which a scan of a lane has come to its end stays open for the
 * next scan, which goes on where it stands: opening it again would walk over all of its frames once more.
 *
 * <p>A descriptor of an earlier plan is used only if the present plan names the file (rule 25). Confined to one thread.
 */
final class SourceSupply implements AutoCloseable {
    /** With a buffer of 256 KiB each these are 16 MiB; of more lanes those that did not change for longest go. */
    static final int MAX_KEPT = 64;

    private final Table table;
    private final ScanOptions options;
    private final PartitionPruning pruning;
    private final int maxKept;
    private final LongSupplier memoryBytes;
    private final Map<String, Kept> keptByLane = new LinkedHashMap<>();

    /** A file that was read up to a position of its lane, and who wrote it. */
    private record Kept(SegmentSource source, long epoch, long position) {}

    private SourceSupply(
            Table table, ScanOptions options, PartitionPruning pruning, int maxKept, LongSupplier memoryBytes) {
        this.table = table;
        this.options = options;
        this.pruning = pruning;
        this.maxKept = maxKept;
        this.memoryBytes = memoryBytes;
    }

    /** For scans that follow each other over the same partitions. */
    static SourceSupply keeping(Table table, ScanOptions options, PartitionPruning pruning) {
        return new SourceSupply(table, options, pruning, MAX_KEPT, options::memoryBytes);
    }

    /** The same for scans that stand open side by side and share the memory; each asks how much it may use. */
    static SourceSupply sharing(Table table, ScanOptions options, PartitionPruning pruning, LongSupplier memoryBytes) {
        return new SourceSupply(table, options, pruning, MAX_KEPT, memoryBytes);
    }

    /** For one scan: nothing stays open behind it. */
    static SourceSupply once(Table table, ScanOptions options, PartitionPruning pruning) {
        return new SourceSupply(table, options, pruning, 0, options::memoryBytes);
    }

    Table table() {
        return table;
    }

    ScanOptions options() {
        return options;
    }

    PartitionPruning pruning() {
        return pruning;
    }

    /** Bound of the memory of the cursors of one scan, bytes. */
    long memoryBytes() {
        return memoryBytes.getAsLong();
    }

    /** Opens a file at the lane's first record that the scan may want. */
    SegmentSource open(LaneSnapshot lane, SourceSpec spec, SequenceRange range) {
        return SegmentSource.open(table, options, pruning, lane.lane(), spec, range);
    }

    /**
     * Goes on with a hot segment of the lane where the last scan has left it, or opens it.
     *
     * @return empty when the lane's writer is still creating the file
     */
    Optional<SegmentSource> openHot(LaneSnapshot lane, SourceSpec spec, SequenceRange range) {
        Kept kept = keptByLane.remove(lane.lane());
        if (kept != null) {
            boolean goesOn = kept.epoch == lane.ownerEpoch() && range.from() >= kept.position;
            if (goesOn && kept.source.resume(spec, range)) {
                table.recordAccess(spec.path(), options);
                return Optional.of(kept.source);
            }
            kept.source.close();
        }
        return spec.isUncommitted()
                ? SegmentSource.openIfBegun(table, options, pruning, lane.lane(), spec, range)
                : Optional.of(open(lane, spec, range));
    }

    /** Takes back a hot segment that a scan has left: kept if it was read to its end, else closed. */
    void release(LaneSnapshot lane, SegmentSource source) {
        if (maxKept == 0 || !source.isExhausted() || !table.seesGrowthOfOpenFiles()) {
            source.close();
            return;
        }
        Kept before = keptByLane.put(
                lane.lane(), new Kept(source, lane.ownerEpoch(), lane.state().position()));
        if (before != null) {
            before.source.close();
        }
        if (keptByLane.size() > maxKept) {
            Iterator<Kept> oldest = keptByLane.values().iterator();
            oldest.next().source.close();
            oldest.remove();
        }
    }

    /** Closes what a new plan does not name any more, or has nothing left for: its space shall be free. */
    void planned(ReadPlan plan) {
        if (keptByLane.isEmpty()) {
            return;
        }
        Map<String, Kept> left = new LinkedHashMap<>(keptByLane);
        for (LaneSnapshot lane : plan.lanes()) {
            Kept kept = keptByLane.get(lane.lane());
            if (kept != null && isWanted(plan, lane, kept.source)) {
                left.remove(lane.lane());
            }
        }
        left.forEach((lane, kept) -> {
            kept.source.close();
            keptByLane.remove(lane);
        });
    }

    private static boolean isWanted(ReadPlan plan, LaneSnapshot lane, SegmentSource source) {
        @Nullable LaneSegment named = null;
        for (LaneSegment segment : lane.state().segments()) {
            if (segment.path().equals(source.path())) {
                named = segment;
            }
        }
        if (named == null) {
            return source.isTail();
        }
        boolean complete = named.rolled() && named.lengthBytes() <= source.limitBytes();
        return !complete && !plan.catalog().state().isRemoved(named);
    }

    @Override
    public void close() {
        keptByLane.values().forEach(kept -> kept.source.close());
        keptByLane.clear();
    }
}
