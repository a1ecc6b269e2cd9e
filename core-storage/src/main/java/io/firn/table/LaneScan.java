package io.firn.table;

import io.firn.error.CorruptDataException;
import io.firn.log.CatalogState;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSnapshot;
import io.firn.log.SegmentEntry;
import io.firn.record.RecordView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of one lane as one plan sees them: from hot segments and rewritten files, by sequence.
 *
 * <p>Confined to one thread.
 */
final class LaneScan implements AutoCloseable {
    /** What an open cursor may hold: a block of 1 MiB, its compressed form and a buffer for hot bytes. */
    static final long CURSOR_BYTES = 3L << 19;

    private final SourceSupply supply;
    private final Table table;
    private final ScanOptions options;
    private final LaneSnapshot lane;
    private final SequenceRange range;
    private final PartitionPruning pruning;
    private final ChainSource hot;
    private final RecordSource source;
    private @Nullable RecordView record;
    private long lastSequence = Long.MIN_VALUE;

    private LaneScan(SourceSupply supply, ReadPlan plan, LaneSnapshot lane, SequenceRange range) {
        this.supply = supply;
        this.table = supply.table();
        this.options = supply.options();
        this.pruning = supply.pruning();
        this.lane = lane;
        this.range = range;
        this.hot = hotSource(plan.catalog().state());
        this.source = withRewritten(plan.catalog().state());
    }

    static LaneScan open(SourceSupply supply, ReadPlan plan, LaneSnapshot lane, SequenceRange range) {
        return new LaneScan(supply, plan, lane, range);
    }

    @SuppressWarnings("ReferenceEquality") // the view is mostly the same, and writing a reference costs
    boolean next() {
        if (!source.next()) {
            record = null;
            return false;
        }
        RecordView found = source.record();
        if (found != record) {
            record = found;
        }
        long sequence = found.sequence();
        if (sequence <= lastSequence) {
            throw standsTwice(sequence);
        }
        lastSequence = sequence;
        return true;
    }

    private CorruptDataException standsTwice(long sequence) {
        return new CorruptDataException(
                table.layout().lane(lane.lane()),
                0,
                "expected a sequence above " + lastSequence + " in the order of the lane, found " + sequence
                        + ": a record stands twice");
    }

    RecordView record() {
        if (record == null) {
            throw new IllegalStateException("the scan stands on no record");
        }
        return record;
    }

    String partitionPath() {
        return source.partitionPath();
    }

    RecordFile file() {
        return source.file();
    }

    String writer() {
        return lane.identity().writer();
    }

    /** The first sequence that this scan has not passed. */
    long position() {
        return lastSequence == Long.MIN_VALUE ? range.from() : lastSequence + 1;
    }

    /** Where a later scan goes on when this one has come to its end. */
    long endPosition() {
        return Math.max(Math.min(lane.state().position(), range.to()), position());
    }

    /**
     * Whether {@link #next} finds what is appended to the files of the plan after it has returned false. A merge with
     * rewritten files does not: it has left the hot ones for good.
     */
    @SuppressWarnings("ReferenceEquality") // is it a merge?
    boolean showsGrowth() {
        return source == hot && !hot.isWaiting();
    }

    @Override
    public void close() {
        source.close();
    }

    private ChainSource hotSource(CatalogState catalog) {
        return new ChainSource(
                hotSpecs(catalog), spec -> supply.openHot(lane, spec, range), left -> supply.release(lane, left));
    }

    private RecordSource withRewritten(CatalogState catalog) {
        List<SourceSpec> rewritten = rewrittenSpecs(catalog);
        if (rewritten.isEmpty()) {
            return hot;
        }
        return new MergeSource(rewritten, opener(rewritten), hot);
    }

    private List<SourceSpec> hotSpecs(CatalogState catalog) {
        List<SourceSpec> specs = new ArrayList<>();
        List<LaneSegment> segments = lane.state().segments();
        for (int i = 0; i < segments.size(); i++) {
            LaneSegment segment = segments.get(i);
            boolean passed = i + 1 < segments.size() && segments.get(i + 1).baseSequence() <= range.from();
            boolean wanted = !passed && segment.baseSequence() < range.to();
            if (wanted && !catalog.isRemoved(segment) && pruning.includesFile(segment.path())) {
                SourceSpec spec = SourceSpec.of(segment, catalog.removal(segment.path()));
                specs.add(segment.rolled() || !readsUncommitted() ? spec : spec.withTail());
            }
        }
        if (readsUncommitted()) {
            UncommittedFiles.of(table, lane).stream()
                    .filter(spec -> spec.firstSequence() < range.to())
                    .forEach(specs::add);
        }
        return specs;
    }

    private boolean readsUncommitted() {
        return options.isolation() == Isolation.READ_UNCOMMITTED;
    }

    private List<SourceSpec> rewrittenSpecs(CatalogState catalog) {
        List<SourceSpec> specs = new ArrayList<>();
        for (SegmentEntry entry : catalog.segments()) {
            if (options.overlaps(entry.minTimestampNs(), entry.maxTimestampNs())
                    && pruning.includes(entry.partitionPath())) {
                entry.range(lane.lane())
                        .filter(held -> range.overlaps(held.firstSequence(), held.lastSequence()))
                        .ifPresent(held -> specs.add(SourceSpec.of(entry, held)));
            }
        }
        return specs;
    }

    private Function<SourceSpec, RecordSource> opener(List<SourceSpec> specs) {
        int overlap = Overlap.most(specs);
        if (overlap * CURSOR_BYTES <= supply.memoryBytes()) {
            return spec -> open(spec, range.from());
        }
        long budget = supply.memoryBytes() / overlap;
        return spec -> new WindowSource(from -> open(spec, from), range.from(), budget);
    }

    private RecordSource open(SourceSpec spec, long from) {
        return supply.open(lane, spec, range.startingAt(from));
    }
}
