package io.firn.flink.sink;

import io.firn.log.PendingCommit;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.SupportsConcurrentExecutionAttempts;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Archives a stream in a Firn table: under exactly-once every element is in the table once, whatever fails, and becomes
 * visible with the checkpoint that it belongs to.
 *
 * <p>Each start of a subtask writes as an attempt of its own; a checkpoint makes its records durable, and the committer
 * makes them visible when the checkpoint is complete. See {@code docs/flink.md}.
 *
 * @param <T> type of the elements
 */
public class FirnSink<T>
        implements Sink<T>,
                SupportsWriterState<T, WriterState>,
                SupportsCommitter<PendingCommit>,
                SupportsConcurrentExecutionAttempts {
    private static final long serialVersionUID = 1L;

    private final SinkSettings settings;
    private final FirnRecordSerializer<T> serializer;
    private final @Nullable FirnPartitioner<T> partitioner;

    FirnSink(SinkSettings settings, FirnRecordSerializer<T> serializer, @Nullable FirnPartitioner<T> partitioner) {
        this.settings = settings;
        this.serializer = serializer;
        this.partitioner = partitioner;
    }

    /** Starts a sink; path, table, sink id and serializer are required. */
    public static <T> FirnSinkBuilder<T> builder() {
        return new FirnSinkBuilder<>();
    }

    @Override
    public FirnWriter<T> createWriter(WriterInitContext context) throws IOException {
        return FirnWriter.open(settings, serializer, partitioner, context, List.of());
    }

    @Override
    public StatefulSinkWriter<T, WriterState> restoreWriter(WriterInitContext context, Collection<WriterState> restored)
            throws IOException {
        return FirnWriter.open(settings, serializer, partitioner, context, restored);
    }

    @Override
    public SimpleVersionedSerializer<WriterState> getWriterStateSerializer() {
        return new WriterStateSerializer();
    }

    @Override
    public Committer<PendingCommit> createCommitter(CommitterInitContext context) {
        return new FirnCommitter(settings, context);
    }

    @Override
    public SimpleVersionedSerializer<PendingCommit> getCommittableSerializer() {
        return new PendingCommitSerializer();
    }

    SinkSettings settings() {
        return settings;
    }
}
