package io.firn.flink.source;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * What an enumerator of one part sees: its splits are given out as those of the whole, and their end is told in another
 * way. Confined to the coordinator's thread, but for the calls that the context itself allows elsewhere.
 *
 * @param <S> type of the part's splits
 */
final class PartContext<S extends SourceSplit> implements SplitEnumeratorContext<S> {
    private final SplitEnumeratorContext<FirnHybridSplit> whole;
    private final Function<S, FirnHybridSplit> wrap;
    private final IntConsumer noMoreSplits;

    PartContext(
            SplitEnumeratorContext<FirnHybridSplit> whole,
            Function<S, FirnHybridSplit> wrap,
            IntConsumer noMoreSplits) {
        this.whole = whole;
        this.wrap = wrap;
        this.noMoreSplits = noMoreSplits;
    }

    @Override
    public void assignSplits(SplitsAssignment<S> assignment) {
        Map<Integer, List<FirnHybridSplit>> wrapped = new HashMap<>();
        assignment
                .assignment()
                .forEach((subtask, splits) ->
                        wrapped.put(subtask, splits.stream().map(wrap).toList()));
        whole.assignSplits(new SplitsAssignment<>(wrapped));
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
        noMoreSplits.accept(subtask);
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        return whole.metricGroup();
    }

    @Override
    public void sendEventToSourceReader(int subtaskId, SourceEvent event) {
        whole.sendEventToSourceReader(subtaskId, event);
    }

    @Override
    public int currentParallelism() {
        return whole.currentParallelism();
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return whole.registeredReaders();
    }

    @Override
    public <A> void callAsync(Callable<A> callable, BiConsumer<A, Throwable> handler) {
        whole.callAsync(callable, handler);
    }

    @Override
    public <A> void callAsync(
            Callable<A> callable, BiConsumer<A, Throwable> handler, long initialDelayMillis, long periodMillis) {
        whole.callAsync(callable, handler, initialDelayMillis, periodMillis);
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
        whole.runInCoordinatorThread(runnable);
    }

    @Override
    public void setIsProcessingBacklog(boolean isProcessingBacklog) {
        whole.setIsProcessingBacklog(isProcessingBacklog);
    }
}
