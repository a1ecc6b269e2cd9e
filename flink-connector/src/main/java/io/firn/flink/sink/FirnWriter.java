package io.firn.flink.sink;

import io.firn.error.FirnException;
import io.firn.log.PendingCommit;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import io.firn.table.AttemptWriter;
import io.firn.table.RestoredAttempt;
import io.firn.table.SinkAttempts;
import io.firn.table.Table;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.jspecify.annotations.Nullable;

/**
 * Writes the elements of one subtask into a writer attempt. Confined to its task's thread.
 *
 * @param <T> type of the elements
 */
public final class FirnWriter<T> implements CommittingSinkWriter<T, PendingCommit>, StatefulSinkWriter<T, WriterState> {
    private final FirnRecordSerializer<T> serializer;
    private final @Nullable FirnPartitioner<T> partitioner;
    private final PartitionScheme scheme;
    private final Table table;
    private final SinkAttempts attempts;
    private final AttemptWriter attempt;
    private final int parallelism;
    private final boolean exactlyOnce;
    private final SinkMetrics metrics;
    /** Only without exactly-once the writer commits itself. */
    private final @Nullable CommitMetrics commits;

    private List<RetiredAttempt> retired;
    private boolean atEnd;

    private FirnWriter(
            SinkSettings settings,
            FirnRecordSerializer<T> serializer,
            @Nullable FirnPartitioner<T> partitioner,
            OpenedSink opened,
            WriterInitContext context) {
        this.serializer = serializer;
        this.partitioner = partitioner;
        this.scheme = opened.table().scheme();
        this.table = opened.table();
        this.attempts = opened.attempts();
        this.attempt = opened.attempt();
        this.retired = opened.retired();
        this.exactlyOnce = settings.guarantee() == DeliveryGuarantee.EXACTLY_ONCE;
        this.parallelism = context.getTaskInfo().getNumberOfParallelSubtasks();
        this.metrics = new SinkMetrics(context.metricGroup());
        this.commits = exactlyOnce ? null : new CommitMetrics(context.metricGroup());
    }

    static <T> FirnWriter<T> open(
            SinkSettings settings,
            FirnRecordSerializer<T> serializer,
            @Nullable FirnPartitioner<T> partitioner,
            WriterInitContext context,
            Collection<WriterState> restored)
            throws IOException {
        try {
            serializer.open(context.asSerializationSchemaInitializationContext());
        } catch (Exception failed) {
            throw new IOException("The record serializer of sink '" + settings.sinkId() + "' cannot be opened", failed);
        }
        OpenedSink opened = OpenedSink.open(settings, context, restored);
        return new FirnWriter<>(settings, serializer, partitioner, opened, context);
    }

    @Override
    public void write(T element, Context context) throws IOException {
        long start = metrics.start();
        Long timestampMs = context.timestamp();
        StreamRecord record = serializer.serialize(element, timestampMs);
        if (record == null) {
            return;
        }
        try {
            if (partitioner == null) {
                attempt.append(record);
            } else {
                attempt.append(record, partitioner.partition(element, timestampMs, scheme));
            }
        } catch (FirnException failed) {
            metrics.failed();
            throw new IOException("Cannot write an element to " + table.path() + ": " + failed.getMessage(), failed);
        }
        metrics.sent(record, start);
    }

    /** Under at-least-once the checkpoint waits until everything before it is visible. */
    @Override
    public void flush(boolean endOfInput) throws IOException {
        atEnd |= endOfInput;
        if (commits != null) {
            for (PendingCommit commit : prepare()) {
                commit(commit, commits);
            }
        }
    }

    @Override
    public Collection<PendingCommit> prepareCommit() throws IOException {
        return exactlyOnce ? prepare() : List.of();
    }

    @Override
    public List<WriterState> snapshotState(long checkpointId) {
        RestoredAttempt state = new RestoredAttempt(
                attempt.name(), attempt.lastPrepared(), attempt.preparedSequence(), checkpointId, parallelism);
        return List.of(new WriterState(table.id(), state, attempt.newestPartition()));
    }

    @Override
    public void close() {
        attempt.close();
        table.close();
    }

    private List<PendingCommit> prepare() throws IOException {
        try {
            if (!atEnd && retired.isEmpty() && !attempt.hasChanges()) {
                return List.of();
            }
            long start = metrics.now();
            PendingCommit prepared = atEnd ? attempt.finish(takeRetired()) : attempt.prepare(takeRetired());
            metrics.prepared(start);
            return List.of(prepared);
        } catch (FirnException failed) {
            throw new IOException(
                    "Cannot make what was written to " + table.path() + " durable: " + failed.getMessage(), failed);
        }
    }

    private void commit(PendingCommit commit, CommitMetrics measured) throws IOException {
        try {
            measured.commit(attempts, commit);
        } catch (FirnException failed) {
            throw new IOException("Cannot commit to " + table.path() + ": " + failed.getMessage(), failed);
        }
    }

    private List<RetiredAttempt> takeRetired() {
        List<RetiredAttempt> taken = retired;
        retired = List.of();
        return taken;
    }
}
