package io.firn.flink.source;

import io.firn.task.OpenParts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;

/**
 * Reads what it has of the archive, then Kafka. Both readers live as long as this one, so that every checkpoint has the
 * splits of both, whatever the enumerator has told. Confined to the task's thread.
 *
 * @param <T> type of the elements
 */
final class HybridReader<T> implements SourceReader<T, FirnHybridSplit> {
    /** The split that stands for those of Kafka until they come. */
    private static final String WAITING = "hand-over";

    private final SourceReaderContext context;
    private final SourceReader<T, FirnSplit> archive;
    private final SourceReader<T, KafkaPartitionSplit> live;
    private boolean archiveRead;
    private boolean liveGiven;
    private boolean waits;

    HybridReader(
            SourceReaderContext context,
            SourceReader<T, FirnSplit> archive,
            SourceReader<T, KafkaPartitionSplit> live) {
        this.context = context;
        this.archive = archive;
        this.live = live;
    }

    @Override
    public void start() {
        archive.start();
        live.start();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        if (archiveRead) {
            return pollLive(output);
        }
        InputStatus status = archive.pollNext(output);
        if (status != InputStatus.END_OF_INPUT) {
            return status;
        }
        archiveRead = true;
        context.sendSourceEventToCoordinator(new ArchiveRead());
        beginWaiting(output);
        return pollLive(output);
    }

    /**
     * Without any split Flink takes a reader for active for ever (FLINK-39586): its last watermark would hold back
     * the subtasks that still read the archive, and with alignment nobody would go on. A split without elements gets
     * idle when the job's strategy says so.
     */
    private void beginWaiting(ReaderOutput<T> output) {
        output.createOutputForSplit(WAITING);
        waits = true;
    }

    private InputStatus pollLive(ReaderOutput<T> output) throws Exception {
        if (waits && liveGiven) {
            waits = false;
            output.releaseOutputForSplit(WAITING);
        }
        return live.pollNext(output);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return archiveRead ? live.isAvailable() : archive.isAvailable();
    }

    @Override
    public List<FirnHybridSplit> snapshotState(long checkpointId) {
        List<FirnHybridSplit> splits = new ArrayList<>();
        archive.snapshotState(checkpointId).forEach(split -> splits.add(new FirnHybridSplit.Archived(split)));
        live.snapshotState(checkpointId).forEach(split -> splits.add(new FirnHybridSplit.Live(split)));
        return splits;
    }

    @Override
    public void addSplits(List<FirnHybridSplit> splits) {
        HybridSplits parts = HybridSplits.of(splits);
        if (!parts.archived().isEmpty()) {
            archive.addSplits(parts.archived());
        }
        if (!parts.live().isEmpty()) {
            live.addSplits(parts.live());
            liveGiven = true;
        }
    }

    /** All splits of the archive were given before this. */
    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (event instanceof ArchiveEnds) {
            archive.notifyNoMoreSplits();
        }
    }

    /** Live Kafka has no end. */
    @Override
    public void notifyNoMoreSplits() {
        live.notifyNoMoreSplits();
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> splitsToPause, Collection<String> splitsToResume) {
        SourceReader<T, ?> current = archiveRead ? live : archive;
        current.pauseOrResumeSplits(splitsToPause, splitsToResume);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        archive.notifyCheckpointComplete(checkpointId);
        live.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        archive.notifyCheckpointAborted(checkpointId);
        live.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() {
        OpenParts opened = new OpenParts();
        opened.keep(archive);
        opened.keep(live);
        opened.close();
    }
}
