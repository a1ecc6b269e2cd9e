package io.firn.flink.sink;

import io.firn.flink.testing.FailurePoint;
import io.firn.log.PendingCommit;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The real sink, with {@link FailurePoint}s around its writer and committer. */
final class FailingSink<T>
        implements Sink<T>,
                SupportsWriterState<T, WriterState>,
                SupportsCommitter<PendingCommit>,
                SupportsPostCommitTopology<PendingCommit> {
    private static final long serialVersionUID = 1L;

    private final FirnSink<T> sink;

    FailingSink(FirnSink<T> sink) {
        this.sink = sink;
    }

    @Override
    public CommittingSinkWriter<T, PendingCommit> createWriter(WriterInitContext context) throws IOException {
        return new FailingWriter<>(sink.createWriter(context));
    }

    @Override
    public StatefulSinkWriter<T, WriterState> restoreWriter(WriterInitContext context, Collection<WriterState> states)
            throws IOException {
        return new FailingWriter<>((FirnWriter<T>) sink.restoreWriter(context, states));
    }

    @Override
    public SimpleVersionedSerializer<WriterState> getWriterStateSerializer() {
        return sink.getWriterStateSerializer();
    }

    @Override
    public Committer<PendingCommit> createCommitter(CommitterInitContext context) {
        Committer<PendingCommit> committer = sink.createCommitter(context);
        return new Committer<>() {
            @Override
            public void commit(Collection<CommitRequest<PendingCommit>> requests)
                    throws IOException, InterruptedException {
                FailurePoint.BEFORE_COMMIT.arrive();
                committer.commit(requests);
                FailurePoint.AFTER_COMMIT.arrive();
            }

            @Override
            public void close() throws Exception {
                committer.close();
            }
        };
    }

    @Override
    public SimpleVersionedSerializer<PendingCommit> getCommittableSerializer() {
        return sink.getCommittableSerializer();
    }

    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<PendingCommit>> committed) {
        DataStream<CommittableMessage<PendingCommit>> failing = committed;
        if (sink instanceof FirnSinkWithLifecycle<T> withLifecycle) {
            withLifecycle.addPostCommitTopology(failing);
        }
        committed
                .map(message -> {
                    FailurePoint.POST_COMMIT.arrive();
                    return 0;
                })
                .returns(Types.INT)
                .name("fails on command");
    }

    private record FailingWriter<T>(FirnWriter<T> writer)
            implements CommittingSinkWriter<T, PendingCommit>, StatefulSinkWriter<T, WriterState> {
        @Override
        public void write(T element, Context context) throws IOException {
            writer.write(element, context);
            FailurePoint.WRITE.arrive();
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            writer.flush(endOfInput);
        }

        @Override
        public Collection<PendingCommit> prepareCommit() throws IOException {
            FailurePoint.BEFORE_PREPARE.arrive();
            Collection<PendingCommit> prepared = writer.prepareCommit();
            FailurePoint.AFTER_PREPARE.arrive();
            return prepared;
        }

        @Override
        public List<WriterState> snapshotState(long checkpointId) {
            FailurePoint.SNAPSHOT.arrive();
            return writer.snapshotState(checkpointId);
        }

        @Override
        public void close() {
            writer.close();
        }
    }
}
