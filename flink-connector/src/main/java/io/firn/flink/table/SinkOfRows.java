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
 * takes no sink with a lifecycle. The uid holds the name, so Flink also refuses two sinks of one name in one job.
 *
 * @param sink the sink
 * @param name of table and sink, the same when the job is started again
 * @param parallelism of its writers, if set
 */
record SinkOfRows(FirnSink<RowData> sink, String name, Optional<Integer> parallelism)
        implements DataStreamSinkProvider {
    private static final String OPERATOR = "firn-sink";

    @Override
    public DataStreamSink<?> consumeDataStream(ProviderContext context, DataStream<RowData> rows) {
        DataStreamSink<RowData> added = rows.sinkTo(sink);
        added.uid(context.generateUid(OPERATOR).orElse(OPERATOR + "-" + name));
        Transformation<RowData> transformation = added.getTransformation();
        transformation.setParallelism(parallelism.orElse(rows.getParallelism()), parallelism.isPresent());
        return added;
    }

    @Override
    public Optional<Integer> getParallelism() {
        return parallelism;
    }
}
