package io.firn.table;

import io.firn.log.LaneSnapshot;
import io.firn.partition.PartitionFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads lanes side by side, each from its own position to its own end: for who takes lanes up and gives them away while
 * he reads, as a Flink source does.
 *
 * <p>All share one plan: {@link #refresh} looks once for all of them, and touches no lane but theirs. A lane that
 * stands in the middle of its scan goes on with the plan that it began with. Confined to one thread.
 */
public final class LaneReaders implements AutoCloseable {
    private static final int MIN_OPEN = 4;

    private final Table table;
    private final long memoryBytes;
    private final int maxOpen;
    private final List<LaneReader> readers = new ArrayList<>();
    /** Readers with open files, the one that opened first in front. */
    private final Set<LaneReader> open = new LinkedHashSet<>();

    private final Map<Choice, SourceSupply> supplies = new HashMap<>();
    private @Nullable Planned planned;
    /** A plan was made for one reader that may show more to others. */
    private boolean unannounced;

    /** What readers must have in common to share open files. */
    private record Choice(PartitionFilter filter, long fromNs, long toNs, boolean counted) {}

    /** A plan of some lanes, by their directory names. */
    private record Planned(ReadPlan plan, Set<String> names, Map<String, LaneSnapshot> lanes) {
        /** Whether a lane was wanted, and nobody had written in it. */
        boolean isMissing(String lane) {
            return names.contains(lane) && !lanes.containsKey(lane);
        }
    }

    LaneReaders(Table table, long memoryBytes) {
        this.table = table;
        this.memoryBytes = memoryBytes;
        this.maxOpen = (int) Math.max(MIN_OPEN, Math.min(Integer.MAX_VALUE, memoryBytes / LaneScan.CURSOR_BYTES));
    }

    /**
     * Takes up a lane; nothing is read yet.
     *
     * @param writer name of the lane's writer
     * @param options partitions and times to read, and the sequences of this writer; its writers and its memory do not
     *     count
     * @throws IllegalArgumentException when the options want uncommitted records or another order
     */
    public LaneReader open(String writer, ScanOptions options) {
        if (options.order() != ReadOrder.WRITER || options.isolation() != Isolation.READ_COMMITTED) {
            throw new IllegalArgumentException("lanes are read in order WRITER and committed, not " + options.order()
                    + ", " + options.isolation());
        }
        Choice choice = new Choice(options.filter(), options.fromNs(), options.toNs(), options.isCounted());
        SourceSupply supply = supplies.computeIfAbsent(choice, unused -> supply(options));
        LaneReader reader = new LaneReader(this, supply, writer, options.sequencesOf(writer));
        readers.add(reader);
        return reader;
    }

    /**
     * Looks for what was committed in these lanes since the last plan, and plans again if there is something. Cheap
     * when there is nothing: a few look-ups for each lane.
     *
     * @return whether there may be more to read
     */
    public boolean refresh() {
        table.tickAccess();
        boolean changed = !isCurrent();
        if (changed) {
            makePlan();
        }
        boolean more = changed || unannounced;
        unannounced = false;
        return more;
    }

    private boolean isCurrent() {
        Planned present = planned;
        return present != null
                && present.names.containsAll(names())
                && table.isCurrentOfItsLanes(present.plan)
                && !hasBegun(present);
    }

    /** Whether somebody writes in a wanted lane in which nobody had written. */
    private boolean hasBegun(Planned present) {
        return present.lanes.size() < present.names.size()
                && !table.logs().lanes(present::isMissing).isEmpty();
    }

    /** Closes every reader, and lets other processes know what was read. Idempotent. */
    @Override
    public void close() {
        List.copyOf(readers).forEach(LaneReader::close);
        supplies.values().forEach(SourceSupply::close);
        supplies.clear();
        table.flushAccess();
    }

    Table table() {
        return table;
    }

    /** The last plan; what was taken up since is in it too. */
    ReadPlan plan() {
        Planned present = planned;
        if (present == null || !present.names.containsAll(names())) {
            return planAgain();
        }
        return present.plan;
    }

    /** What the last plan says of a lane. */
    Optional<LaneSnapshot> planned(String lane) {
        return planned == null ? Optional.empty() : Optional.ofNullable(planned.lanes.get(lane));
    }

    /** Plans on behalf of one reader. */
    ReadPlan planAgain() {
        unannounced |= planned != null;
        return makePlan().plan;
    }

    private Planned makePlan() {
        Set<String> names = names();
        ReadPlan plan = table.planOf(names);
        supplies.values().forEach(supply -> supply.planned(plan));
        Planned made = new Planned(
                plan, names, plan.lanes().stream().collect(Collectors.toMap(LaneSnapshot::lane, lane -> lane)));
        planned = made;
        return made;
    }

    /** A reader is about to open files: of too many the one that did first gives its files up, and opens them again. */
    void opening() {
        Iterator<LaneReader> first = open.iterator();
        if (open.size() >= maxOpen && first.hasNext()) {
            first.next().leave();
        }
    }

    void opened(LaneReader reader) {
        open.add(reader);
    }

    void left(LaneReader reader) {
        open.remove(reader);
    }

    void closed(LaneReader reader) {
        readers.remove(reader);
    }

    private Set<String> names() {
        return readers.stream().map(LaneReader::lane).collect(Collectors.toSet());
    }

    private SourceSupply supply(ScanOptions options) {
        PartitionPruning pruning = PartitionPruning.of(table.scheme(), options.filter());
        return SourceSupply.sharing(table, options, pruning, () -> memoryBytes / Math.max(1, open.size()));
    }
}
