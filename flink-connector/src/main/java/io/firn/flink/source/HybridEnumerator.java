package io.firn.flink.source;

import io.firn.task.OpenParts;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives out the archive and, when all readers have read what they got of it, the Kafka partitions behind it. Both
 * enumerators stay to the end: a reader that fails later may give back splits of both.
 *
 * <p>Confined to the coordinator's thread.
 */
final class HybridEnumerator implements SplitEnumerator<FirnHybridSplit, FirnHybridState> {
    private static final Logger LOG = LoggerFactory.getLogger(HybridEnumerator.class);

    private final SplitEnumeratorContext<FirnHybridSplit> context;
    private final PartContext<KafkaPartitionSplit> liveContext;
    private final LaneEnumerator archive;
    private final LiveParts<?> parts;
    /** Readers that have read what they got of the archive. */
    private final Set<Integer> done = new HashSet<>();

    private @Nullable SplitEnumerator<KafkaPartitionSplit, LiveState> live;
    private boolean handingOver;

    /**
     * What the enumerator needs of the live part.
     *
     * @param source makes the source that begins at a hand-over
     * @param handOver finds out, from where reading the archive ended, where Kafka goes on; blocks
     */
    record LiveParts<T>(Function<HandOver, LiveSource<T>> source, Function<Map<String, Long>, HandOver> handOver) {}

    HybridEnumerator(
            SplitEnumeratorContext<FirnHybridSplit> context,
            SourceSettings settings,
            LiveParts<?> parts,
            FirnEnumeratorState archived) {
        this.context = context;
        this.parts = parts;
        this.archive = new LaneEnumerator(
                new PartContext<>(
                        context,
                        FirnHybridSplit.Archived::new,
                        subtask -> context.sendEventToSourceReader(subtask, new ArchiveEnds())),
                settings,
                archived);
        this.liveContext = new PartContext<>(context, FirnHybridSplit.Live::new, context::signalNoMoreSplits);
    }

    /** Goes on with live Kafka as in a checkpoint; to be called before the start. */
    HybridEnumerator restore(LiveState state) throws Exception {
        live = parts.source().apply(state.handOver()).restoreEnumerator(liveContext, state);
        return this;
    }

    @Override
    public void start() {
        context.setIsProcessingBacklog(live == null);
        archive.start();
        if (live != null) {
            live.start();
        }
    }

    private void handOverWhenRead() {
        int all = context.currentParallelism();
        if (live == null
                && !handingOver
                && done.size() == all
                && context.registeredReaders().size() == all) {
            handingOver = true;
            Map<String, Long> ends = archive.ends();
            context.callAsync(() -> parts.handOver().apply(ends), this::onHandOver);
        }
    }

    private void onHandOver(@Nullable HandOver found, @Nullable Throwable failure) {
        HandOver handOver = AsyncResult.of(found, failure, "find where Kafka goes on behind the archive");
        LOG.info("the archive is read, Kafka goes on topics={} offsets={}", handOver.topics(), handOver.offsets());
        SplitEnumerator<KafkaPartitionSplit, LiveState> opened =
                parts.source().apply(handOver).createEnumerator(liveContext);
        live = opened;
        context.setIsProcessingBacklog(false);
        opened.start();
        context.registeredReaders().keySet().forEach(opened::addReader);
    }

    @Override
    public void handleSourceEvent(int subtaskId, SourceEvent event) {
        if (event instanceof ArchiveRead) {
            done.add(subtaskId);
            handOverWhenRead();
        } else {
            archive.handleSourceEvent(subtaskId, event);
        }
    }

    /** A reader that failed reads again what it got of the archive since its last checkpoint. */
    @Override
    public void addReader(int subtaskId) {
        done.remove(subtaskId);
        archive.addReader(subtaskId);
        if (live != null) {
            live.addReader(subtaskId);
        }
    }

    @Override
    public void addSplitsBack(List<FirnHybridSplit> splits, int subtaskId) {
        HybridSplits back = HybridSplits.of(splits);
        archive.addSplitsBack(back.archived(), subtaskId);
        if (!back.live().isEmpty()) {
            Objects.requireNonNull(live, "who gave them out").addSplitsBack(back.live(), subtaskId);
        }
    }

    @Override
    public void handleSplitRequest(int subtaskId, @Nullable String requesterHostname) {
        // splits are given without a request
    }

    @Override
    public FirnHybridState snapshotState(long checkpointId) throws Exception {
        return new FirnHybridState(
                archive.snapshotState(checkpointId),
                live == null ? Optional.empty() : Optional.of(live.snapshotState(checkpointId)));
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        if (live != null) {
            live.notifyCheckpointComplete(checkpointId);
        }
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        if (live != null) {
            live.notifyCheckpointAborted(checkpointId);
        }
    }

    @Override
    public void close() {
        OpenParts opened = new OpenParts();
        opened.keep(archive);
        if (live != null) {
            opened.keep(live);
        }
        opened.close();
    }
}
