package io.firn.flink.table;

import io.firn.flink.sink.FirnSink;
import java.util.Optional;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.data.RowData;

/**
 * Adds the sink of an {@code INSERT} to its job. The planner's own way gives the operators no uid, without which Flink
 * takes no sink with a lifecycle. The uid names the sink id, so Flink also refuses two sinks of one id in one job.
 *
 * @param sink the sink
 * @param sinkId its id
 * @param parallelism of its writers, if set
 */
record SinkOfRows(FirnSink<RowData> sink, String sinkId, Optional<Integer> parallelism)
        implements DataStreamSinkProvider {
    private static final String OPERATOR = "firn-sink";

    @Override
    public DataStreamSink<?> consumeDataStream(ProviderContext context, DataStream<RowData> rows) {
        DataStreamSink<RowData> added = rows.sinkTo(sink);
        added.uid(context.generateUid(OPERATOR).orElse(OPERATOR + "-" + sinkId));
        Transformation<RowData> transformation = added.getTransformation();
        transformation.setParallelism(parallelism.orElse(rows.getParallelism()), parallelism.isPresent());
        return added;
    }

    @Override
    public Optional<Integer> getParallelism() {
        return parallelism;
    }
}
