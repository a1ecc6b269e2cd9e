package io.firn.flink.source;

import io.firn.error.ConfigException;
import io.firn.flink.source.FirnEnumeratorState.LaneMark;
import io.firn.flink.source.SplitPlanner.Found;
import io.firn.flink.source.SplitPlanner.Plan;
import io.firn.table.ArchiveRoot;
import io.firn.table.LaneInfo;
import io.firn.table.ReadRange;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each writer as one split to one reader. A bounded job fixes at its start where each writer ends; an unbounded
 * one goes on to look for new writers, and forgets those that the table has no more.
 *
 * <p>Confined to the coordinator's thread.
 */
final class LaneEnumerator implements SplitEnumerator<FirnSplit, FirnEnumeratorState> {
    private static final Logger LOG = LoggerFactory.getLogger(LaneEnumerator.class);
    private static final int MAX_FAILURES = 10;

    private final SplitEnumeratorContext<FirnSplit> context;
    private final SourceSettings settings;
    private final SplitPlanner planner;
    private final Map<String, LaneMark> marks = new TreeMap<>();
    private final LaneBalance balance;
    private @Nullable UUID tableId;
    private boolean complete;
    /** What the worker thread compares with. */
    private volatile Set<String> knownWriters = Set.of();

    private int failures;

    LaneEnumerator(SplitEnumeratorContext<FirnSplit> context, SourceSettings settings, FirnEnumeratorState restored) {
        this.context = context;
        this.settings = settings;
        this.planner = new SplitPlanner(settings, restored.tableId());
        this.balance = new LaneBalance(context);
        this.tableId = restored.tableId().orElse(null);
        restored.lanes().forEach(mark -> marks.put(mark.writer(), mark));
        restored.unassigned().forEach(split -> balance.add(split, 1));
        this.knownWriters = Set.copyOf(marks.keySet());
    }

    @Override
    public void start() {
        goOn();
        if (settings.mode() == SplitMode.FOLLOW) {
            reportBacklog();
            long intervalMs = settings.discoveryInterval().toMillis();
            context.callAsync(() -> planner.find(knownWriters), this::onFound, 0, intervalMs);
        } else if (tableId == null) {
            context.callAsync(planner::plan, this::onPlan);
        } else {
            complete = true;
            assign();
        }
    }

    /** What the job of the checkpoint had not given out: it read ranges, or it was to end where this one goes on. */
    private void goOn() {
        for (LaneMark mark : List.copyOf(marks.values())) {
            long end = settings.mode() == SplitMode.FOLLOW ? Long.MAX_VALUE : mark.endSequence();
            if (mark.nextSequence() < end) {
                UUID table = Objects.requireNonNull(tableId);
                marks.put(mark.writer(), new LaneMark(mark.writer(), end, end, mark.inHistory()));
                balance.add(split(table, mark.writer(), mark.nextSequence(), end, 0, Long.MIN_VALUE), 1);
            }
        }
    }

    /** By writer, where the bounded job ends; empty until it is planned. */
    Map<String, Long> ends() {
        Map<String, Long> ends = new HashMap<>();
        marks.values().forEach(mark -> ends.put(mark.writer(), mark.endSequence()));
        return ends;
    }

    private void onPlan(@Nullable Plan plan, @Nullable Throwable failure) {
        Plan made = AsyncResult.of(plan, failure, "divide the table");
        tableId = made.tableId();
        made.ends().forEach((writer, end) -> marks.put(writer, new LaneMark(writer, end, end, false)));
        Map<String, ReadRange> whole = new HashMap<>();
        made.ranges().forEach(range -> whole.merge(range.writer(), range, LaneEnumerator::join));
        whole.values().stream()
                .sorted(Comparator.comparingLong(ReadRange::records).reversed())
                .forEach(range -> balance.add(
                        split(
                                made.tableId(),
                                range.writer(),
                                range.fromSequence(),
                                range.toSequence(),
                                0,
                                range.minTimestampNs()),
                        range.records()));
        complete = true;
        LOG.info(
                "ordered read planned table={} writers={} splits={}",
                made.tableId(),
                made.ends().size(),
                whole.size());
        assign();
    }

    private static ReadRange join(ReadRange a, ReadRange b) {
        return new ReadRange(
                a.writer(),
                Math.min(a.fromSequence(), b.fromSequence()),
                Math.max(a.toSequence(), b.toSequence()),
                Math.min(a.minTimestampNs(), b.minTimestampNs()),
                a.records() + b.records(),
                a.bytes() + b.bytes());
    }

    private void onFound(@Nullable Found found, @Nullable Throwable failure) {
        boolean mayPass = failure != null && !(failure instanceof ConfigException);
        if (mayPass && tableId != null && ++failures < MAX_FAILURES) {
            LOG.warn(
                    "cannot look for new writers, trying again path={}",
                    settings.location().path(),
                    failure);
            return;
        }
        Found made = AsyncResult.of(found, failure, "look for writers");
        failures = 0;
        boolean first = tableId == null;
        tableId = made.tableId();
        made.changes().gone().forEach(this::forget);
        made.changes().added().stream()
                .filter(lane -> !marks.containsKey(lane.writer()))
                .forEach(lane -> follow(made.tableId(), lane, first));
        knownWriters = Set.copyOf(marks.keySet());
        if (first || !made.changes().gone().isEmpty()) {
            reportBacklog();
        }
        assign();
    }

    private void follow(UUID table, LaneInfo lane, boolean first) {
        long historyEnd = first ? lane.position() : 0;
        marks.put(lane.writer(), new LaneMark(lane.writer(), Long.MAX_VALUE, Long.MAX_VALUE, historyEnd > 0));
        balance.add(split(table, lane.writer(), 0, Long.MAX_VALUE, historyEnd, Long.MIN_VALUE), 1);
        LOG.info("follows a writer table={} writer={} position={}", table, lane.writer(), lane.position());
    }

    private void forget(String writer) {
        marks.remove(writer);
        balance.remove(writer);
        LOG.info("a writer is gone table={} writer={}", tableId, writer);
    }

    private FirnSplit split(UUID table, String writer, long from, long to, long historyEnd, long minTimestampNs) {
        return new FirnSplit(
                table, ArchiveRoot.hostName(), writer, from, from, to, historyEnd, minTimestampNs, settings.choice());
    }

    private void assign() {
        balance.assign();
        if (complete) {
            context.registeredReaders().keySet().forEach(context::signalNoMoreSplits);
        }
    }

    @Override
    public void handleSplitRequest(int subtaskId, @Nullable String requesterHostname) {
        // splits are given without a request
    }

    @Override
    public void addSplitsBack(List<FirnSplit> splits, int subtaskId) {
        balance.giveBack(splits, subtaskId);
        assign();
    }

    @Override
    public void addReader(int subtaskId) {
        balance.assign();
        if (complete) {
            context.signalNoMoreSplits(subtaskId);
        }
    }

    @Override
    public void handleSourceEvent(int subtaskId, SourceEvent event) {
        if (event instanceof HistoryRead read) {
            marks.computeIfPresent(
                    read.writer(),
                    (writer, mark) -> new LaneMark(writer, mark.nextSequence(), mark.endSequence(), false));
            reportBacklog();
        }
    }

    private void reportBacklog() {
        context.setIsProcessingBacklog(marks.values().stream().anyMatch(LaneMark::inHistory));
    }

    @Override
    public FirnEnumeratorState snapshotState(long checkpointId) {
        boolean unbounded = settings.mode() == SplitMode.FOLLOW && tableId != null;
        return new FirnEnumeratorState(
                Optional.ofNullable(tableId), unbounded, List.copyOf(marks.values()), balance.unassigned());
    }

    @Override
    public void close() {
        planner.close();
    }
}
