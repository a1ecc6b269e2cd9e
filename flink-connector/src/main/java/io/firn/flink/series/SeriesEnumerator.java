package io.firn.flink.series;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/** Gives parts of the time to readers that ask, oldest first. Confined to the coordinator's thread. */
final class SeriesEnumerator implements SplitEnumerator<SeriesSplit, SeriesEnumeratorState> {
    private final SplitEnumeratorContext<SeriesSplit> context;
    private final SeriesSettings settings;
    private final Deque<SeriesSplit> left;
    private final Set<Integer> waiting = new LinkedHashSet<>();
    private boolean planned;

    SeriesEnumerator(
            SplitEnumeratorContext<SeriesSplit> context, SeriesSettings settings, SeriesEnumeratorState restored) {
        this.context = context;
        this.settings = settings;
        this.left = new ArrayDeque<>(restored.left());
        this.planned = restored.planned();
    }

    @Override
    public void start() {
        if (!planned) {
            context.callAsync(() -> SeriesPlan.of(settings), this::onPlan);
        }
    }

    private void onPlan(@Nullable List<SeriesSplit> splits, @Nullable Throwable failure) {
        if (splits == null) {
            throw new FlinkRuntimeException("Cannot read the series of " + settings.location(), failure);
        }
        left.addAll(splits);
        planned = true;
        List<Integer> requests = new ArrayList<>(waiting);
        waiting.clear();
        requests.forEach(this::answer);
    }

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {
        if (planned) {
            answer(subtask);
        } else {
            waiting.add(subtask);
        }
    }

    private void answer(int subtask) {
        if (!context.registeredReaders().containsKey(subtask)) {
            return; // it failed meanwhile, and asks again when it is back
        }
        SeriesSplit next = left.poll();
        if (next == null) {
            context.signalNoMoreSplits(subtask);
        } else {
            context.assignSplit(next, subtask);
        }
    }

    @Override
    public void addSplitsBack(List<SeriesSplit> splits, int subtask) {
        splits.forEach(left::addFirst);
    }

    @Override
    public void addReader(int subtask) {
        // it asks for what it wants
    }

    @Override
    public SeriesEnumeratorState snapshotState(long checkpoint) {
        return new SeriesEnumeratorState(planned, List.copyOf(left));
    }

    @Override
    public void close() {
        // nothing is open
    }
}
