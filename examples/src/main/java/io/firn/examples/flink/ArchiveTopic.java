package io.firn.examples.flink;

import io.firn.flink.kafka.KafkaRecords;
import io.firn.flink.sink.FirnSink;
import io.firn.flink.sink.LifecycleSettings;
import io.firn.record.StreamRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ParameterTool;

/**
 * Archives a Kafka topic exactly once: every record as it is, in partitions by day, settled and compressed beside the
 * writing.
 *
 * <pre>
 * --bootstrap-servers localhost:9092 --topic orders --path /data/archive [--table orders] [--until-now]
 * </pre>
 */
public final class ArchiveTopic {
    private ArchiveTopic() {}

    /** Runs until it is cancelled, or with {@code --until-now} up to the end that the topic has when it starts. */
    public static void main(String[] args) throws Exception {
        ParameterTool options = ParameterTool.fromArgs(args);
        String topic = options.getRequired("topic");
        KafkaSourceBuilder<StreamRecord> source = source(options.getRequired("bootstrap-servers"), topic);
        if (options.has("until-now")) {
            source.setBounded(OffsetsInitializer.latest());
        }
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment();
        define(job, source.build(), sink(options.getRequired("path"), options.get("table", topic)));
        job.execute("archive topic " + topic);
    }

    /** Reads the topic from its beginning; records of aborted transactions are left out. */
    public static KafkaSourceBuilder<StreamRecord> source(String bootstrapServers, String topic) {
        return KafkaSource.<StreamRecord>builder()
                .setBootstrapServers(bootstrapServers)
                .setTopics(topic)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperty("isolation.level", "read_committed")
                .setDeserializer(KafkaRecords.withPosition());
    }

    /** Writes to a table; the sink is named like the table. */
    public static FirnSink<StreamRecord> sink(String path, String table) {
        return FirnSink.<StreamRecord>builder()
                .path(path)
                .table(table)
                .sinkId(table)
                .serializer((record, timestampMs) -> record)
                .partitionFields("dt:date=timestamp")
                .option("compression.policy", "immediate")
                .lifecycle(LifecycleSettings.defaults())
                .build();
    }

    /** The job: one source, one sink. */
    public static void define(
            StreamExecutionEnvironment job, KafkaSource<StreamRecord> source, FirnSink<StreamRecord> sink) {
        job.fromSource(source, WatermarkStrategy.noWatermarks(), "topic")
                .uid("topic")
                .sinkTo(sink)
                .name("archive")
                .uid("archive");
    }
}
