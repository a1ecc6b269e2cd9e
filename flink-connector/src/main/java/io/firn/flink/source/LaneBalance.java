package io.firn.flink.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;

/**
 * Which subtask reads which writer: the one with the least to do takes the next. A split waits until its subtask is
 * there, so that the first one to start does not get them all. Confined to the coordinator's thread.
 */
final class LaneBalance {
    private final SplitEnumeratorContext<FirnSplit> context;
    private final Map<Integer, Long> loads = new HashMap<>();
    private final Map<Integer, List<FirnSplit>> waiting = new HashMap<>();

    LaneBalance(SplitEnumeratorContext<FirnSplit> context) {
        this.context = context;
    }

    void add(FirnSplit split, long load) {
        int lightest = 0;
        for (int subtask = 1; subtask < context.currentParallelism(); subtask++) {
            if (loads.getOrDefault(subtask, 0L) < loads.getOrDefault(lightest, 0L)) {
                lightest = subtask;
            }
        }
        loads.merge(lightest, Math.max(1, load), Long::sum);
        waitingOf(lightest).add(split);
    }

    void giveBack(List<FirnSplit> splits, int subtask) {
        waitingOf(subtask).addAll(splits);
    }

    void remove(String writer) {
        waiting.values()
                .forEach(splits -> splits.removeIf(split -> split.writer().equals(writer)));
    }

    /** Gives to every subtask that is there what waits for it. */
    void assign() {
        Map<Integer, List<FirnSplit>> ready = new HashMap<>();
        for (int subtask : context.registeredReaders().keySet()) {
            List<FirnSplit> splits = waiting.remove(subtask);
            if (splits != null && !splits.isEmpty()) {
                ready.put(subtask, splits);
            }
        }
        if (!ready.isEmpty()) {
            context.assignSplits(new SplitsAssignment<>(ready));
        }
    }

    List<FirnSplit> unassigned() {
        return waiting.values().stream().flatMap(List::stream).toList();
    }

    private List<FirnSplit> waitingOf(int subtask) {
        return waiting.computeIfAbsent(subtask, unused -> new ArrayList<>());
    }
}
