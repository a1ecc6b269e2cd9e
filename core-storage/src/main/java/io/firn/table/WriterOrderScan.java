package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.log.LaneSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writer by writer (those that come first, then names ascending), each in the order of its sequences. Confined to one
 * thread.
 */
final class WriterOrderScan implements LaneByLaneScan {
    private final Table table;
    private final ScanOptions options;
    /** Where writers were left; the position in the present one is asked of its scan, not stored for every record. */
    private final Map<String, Long> positions = new HashMap<>();

    private final Map<String, Long> epochs = new HashMap<>();
    private final SourceSupply supply;
    /** Lanes that are read to their end and whose open segment shows by itself what is appended to it. */
    private final List<LaneScan> followed = new ArrayList<>();

    private final boolean follows;
    private ReadPlan plan;
    /** In the order in which they are read. */
    private List<LaneSnapshot> lanes;
    /** Only for READ_UNCOMMITTED; a file that came since is no part of any log. */
    private Set<String> uncommittedFiles;
    /** Every lane that was left is followed. */
    private boolean followsAll = true;

    private int nextLane;
    private @Nullable LaneScan scan;

    WriterOrderScan(Table table, ScanOptions options) {
        this.table = table;
        this.options = options;
        this.supply = SourceSupply.keeping(table, options, PartitionPruning.of(table.scheme(), options.filter()));
        this.follows = readsUncommitted() && table.seesGrowthOfOpenFiles();
        this.plan = table.plan();
        this.lanes = inOrder(plan);
        this.uncommittedFiles = uncommittedFiles(plan);
    }

    private List<LaneSnapshot> inOrder(ReadPlan planned) {
        Comparator<LaneSnapshot> firstOnes =
                Comparator.comparing(lane -> !options.isFirst(lane.identity().writer()));
        return planned.lanes().stream().sorted(firstOnes).toList();
    }

    @Override
    public boolean next() {
        for (int replans = 0; ; replans++) {
            try {
                return advance();
            } catch (NotFoundException rewritten) {
                if (replans == MAX_REPLANS) {
                    throw rewritten;
                }
                planAgain();
            } catch (RuntimeException failed) {
                startAgain(); // where it stands: whoever goes on shall skip nothing
                throw failed;
            }
        }
    }

    @Override
    public boolean refresh() {
        boolean changed = isGrowing() || !table.isCurrent(plan) || !uncommittedFiles.equals(uncommittedFiles(plan));
        if (changed) {
            planAgain();
        }
        return changed;
    }

    /** Whether there may be more although no log and no name has changed. */
    private boolean isGrowing() {
        return readsUncommitted() && !(follows && followsAll);
    }

    private boolean readsUncommitted() {
        return options.isolation() == Isolation.READ_UNCOMMITTED;
    }

    private Set<String> uncommittedFiles(ReadPlan planned) {
        return readsUncommitted() ? UncommittedFiles.pathsOf(table, planned) : Set.of();
    }

    @Override
    public long position(String writer) {
        LaneScan present = scan;
        return present != null && present.writer().equals(writer) ? present.position() : passed(writer);
    }

    @Override
    public void close() {
        closeScans();
        supply.close();
    }

    private boolean advance() {
        while (true) {
            LaneScan present = scan;
            if (present == null) {
                if (!openNextLane()) {
                    return follow();
                }
                continue;
            }
            if (present.next()) {
                return true;
            }
            leave(present);
        }
    }

    private boolean follow() {
        for (LaneScan each : followed) {
            if (each.next()) {
                scan = each;
                return true;
            }
        }
        return false;
    }

    private void leave(LaneScan ended) {
        positions.put(ended.writer(), ended.endPosition());
        scan = null;
        if (!followed.contains(ended)) {
            if (follows && followed.size() < SourceSupply.MAX_KEPT) {
                followed.add(ended);
            } else {
                ended.close();
                followsAll = false;
            }
        }
        followsAll &= ended.showsGrowth();
    }

    private boolean openNextLane() {
        while (nextLane < lanes.size()) {
            LaneSnapshot lane = lanes.get(nextLane++);
            String writer = lane.identity().writer();
            if (options.writers().filter(only -> !only.contains(writer)).isEmpty() && !isPassed(lane)) {
                scan = LaneScan.open(supply, plan, lane, new SequenceRange(startOf(lane), options.toSequence(writer)));
                epochs.put(writer, lane.ownerEpoch()); // only now: a lane that could not be opened begins there again
                return true;
            }
        }
        return false;
    }

    private boolean isPassed(LaneSnapshot lane) {
        String writer = lane.identity().writer();
        return passed(writer) >= options.toSequence(writer)
                || (options.isolation() == Isolation.READ_COMMITTED
                        && passed(writer) >= lane.state().position());
    }

    /** Where uncommitted records were withdrawn, others come in their place: go on behind what is committed. */
    private long startOf(LaneSnapshot lane) {
        String writer = lane.identity().writer();
        Long epoch = epochs.get(writer);
        boolean withdrawn =
                epoch != null && epoch != lane.ownerEpoch() && options.isolation() == Isolation.READ_UNCOMMITTED;
        return withdrawn ? Math.min(passed(writer), lane.state().position()) : passed(writer);
    }

    private long passed(String writer) {
        return positions.getOrDefault(writer, options.fromSequence(writer));
    }

    private void planAgain() {
        startAgain();
        ReadPlan planned = table.plan();
        // Before anything is taken over: the refresh after one that failed shall say that something has changed.
        uncommittedFiles = uncommittedFiles(planned);
        plan = planned;
        lanes = inOrder(planned);
        supply.planned(planned);
    }

    private void startAgain() {
        if (scan != null) {
            positions.put(scan.writer(), scan.position());
        }
        closeScans();
        followsAll = true;
        nextLane = 0;
    }

    private void closeScans() {
        followed.forEach(LaneScan::close);
        followed.clear();
        if (scan != null) {
            scan.close();
            scan = null;
        }
    }

    @Override
    public LaneScan present() {
        if (scan == null) {
            throw new IllegalStateException("the reader stands on no record; call next() first");
        }
        return scan;
    }
}
