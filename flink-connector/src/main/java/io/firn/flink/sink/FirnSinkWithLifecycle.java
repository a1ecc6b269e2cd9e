package io.firn.flink.sink;

import io.firn.log.PendingCommit;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/**
 * The sink with an operator behind its committers that settles and compresses the table, at most one rewrite for each
 * of its threads, and never in the way of a barrier.
 *
 * @param <T> type of the elements
 */
final class FirnSinkWithLifecycle<T> extends FirnSink<T> implements SupportsPostCommitTopology<PendingCommit> {
    private static final long serialVersionUID = 1L;

    private final LifecycleSettings lifecycle;

    FirnSinkWithLifecycle(
            SinkSettings settings,
            FirnRecordSerializer<T> serializer,
            @Nullable FirnPartitioner<T> partitioner,
            LifecycleSettings lifecycle) {
        super(settings, serializer, partitioner);
        this.lifecycle = lifecycle;
    }

    /** One operator for the table, in a chain of its own: one maintainer works on a table at a time. */
    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<PendingCommit>> committed) {
        SingleOutputStreamOperator<Void> operator = committed
                .global()
                .transform(
                        "firn lifecycle",
                        Types.VOID,
                        new LifecycleOperator(settings().location(), lifecycle))
                .uid("firn-lifecycle-" + settings().sinkId())
                .setParallelism(1)
                .setMaxParallelism(1)
                .disableChaining();
        if (!lifecycle.slotSharingGroup().isEmpty()) {
            operator.slotSharingGroup(lifecycle.slotSharingGroup());
        }
    }
}
