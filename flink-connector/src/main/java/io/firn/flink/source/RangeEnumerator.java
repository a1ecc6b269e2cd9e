package io.firn.flink.source;

import io.firn.flink.source.FirnEnumeratorState.LaneMark;
import io.firn.flink.source.SplitPlanner.Plan;
import io.firn.table.ArchiveRoot;
import io.firn.table.ReadRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives ranges to readers that ask, the ones with the oldest records first; each writer's in their order, so that a
 * mark for each writer says what is given out. Where the job ends is fixed when it starts, and part of its state.
 *
 * <p>Confined to the coordinator's thread.
 */
final class RangeEnumerator implements SplitEnumerator<FirnSplit, FirnEnumeratorState> {
    private static final Logger LOG = LoggerFactory.getLogger(RangeEnumerator.class);

    private final SplitEnumeratorContext<FirnSplit> context;
    private final ReadChoice choice;
    private final SplitPlanner planner;
    private final Map<String, LaneMark> marks = new TreeMap<>();
    private final PriorityQueue<FirnSplit> returned =
            new PriorityQueue<>(Comparator.comparingLong(FirnSplit::minTimestampNs));
    /** Writers with ranges left, by their next one. */
    private final PriorityQueue<Deque<ReadRange>> left = new PriorityQueue<>(
            Comparator.comparingLong(ranges -> ranges.getFirst().minTimestampNs()));

    private final Set<Integer> waiting = new LinkedHashSet<>();
    private @Nullable UUID tableId;
    private boolean planned;

    RangeEnumerator(SplitEnumeratorContext<FirnSplit> context, SourceSettings settings, FirnEnumeratorState restored) {
        this.context = context;
        this.choice = settings.choice();
        this.planner = new SplitPlanner(settings, restored.tableId());
        this.tableId = restored.tableId().orElse(null);
        restored.lanes().forEach(mark -> marks.put(mark.writer(), mark));
        returned.addAll(restored.unassigned());
    }

    @Override
    public void start() {
        if (tableId == null) {
            context.callAsync(planner::plan, this::onPlan);
            return;
        }
        Map<String, Long> starts = new HashMap<>();
        Map<String, Long> ends = new HashMap<>();
        for (LaneMark mark : marks.values()) {
            if (mark.nextSequence() < mark.endSequence()) {
                starts.put(mark.writer(), mark.nextSequence());
                ends.put(mark.writer(), mark.endSequence());
            }
        }
        context.callAsync(() -> planner.plan(starts, ends), this::onPlan);
    }

    private void onPlan(@Nullable Plan plan, @Nullable Throwable failure) {
        Plan made = AsyncResult.of(plan, failure, "divide the table");
        tableId = made.tableId();
        made.ends().forEach((writer, end) -> marks.putIfAbsent(writer, new LaneMark(writer, 0, end, false)));
        Map<String, Deque<ReadRange>> byWriter = new HashMap<>();
        made.ranges()
                .forEach(range -> byWriter.computeIfAbsent(range.writer(), unused -> new ArrayDeque<>())
                        .add(range));
        left.addAll(byWriter.values());
        planned = true;
        LOG.info(
                "bounded read planned table={} writers={} splits={}",
                made.tableId(),
                made.ends().size(),
                made.ranges().size());
        List<Integer> requests = new ArrayList<>(waiting);
        waiting.clear();
        requests.forEach(this::answer);
    }

    @Override
    public void handleSplitRequest(int subtaskId, @Nullable String requesterHostname) {
        if (planned) {
            answer(subtaskId);
        } else {
            waiting.add(subtaskId);
        }
    }

    private void answer(int subtask) {
        if (!context.registeredReaders().containsKey(subtask)) {
            return; // it failed meanwhile, and asks again when it is back
        }
        Optional<FirnSplit> next = next();
        if (next.isPresent()) {
            context.assignSplit(next.get(), subtask);
        } else {
            context.signalNoMoreSplits(subtask);
        }
    }

    private Optional<FirnSplit> next() {
        if (!returned.isEmpty()) {
            return Optional.of(returned.remove());
        }
        Deque<ReadRange> ranges = left.poll();
        UUID table = tableId;
        if (ranges == null || table == null) {
            return Optional.empty();
        }
        ReadRange range = ranges.removeFirst();
        if (!ranges.isEmpty()) {
            left.add(ranges);
        }
        marks.computeIfPresent(
                range.writer(), (writer, mark) -> new LaneMark(writer, range.toSequence(), mark.endSequence(), false));
        return Optional.of(new FirnSplit(
                table,
                ArchiveRoot.hostName(),
                range.writer(),
                range.fromSequence(),
                range.fromSequence(),
                range.toSequence(),
                0,
                range.minTimestampNs(),
                choice));
    }

    @Override
    public void addSplitsBack(List<FirnSplit> splits, int subtaskId) {
        returned.addAll(splits);
    }

    @Override
    public void addReader(int subtaskId) {
        // it asks for what it wants
    }

    @Override
    public FirnEnumeratorState snapshotState(long checkpointId) {
        return new FirnEnumeratorState(
                Optional.ofNullable(tableId), false, List.copyOf(marks.values()), List.copyOf(returned));
    }

    @Override
    public void close() {
        planner.close();
    }
}
