package io.firn.examples.flink;

import io.firn.flink.kafka.KafkaRecords;
import io.firn.flink.source.FirnRecordDeserializer;
import io.firn.flink.source.FirnSource;
import io.firn.flink.source.FirnSourceBuilder;
import io.firn.record.StreamRecord;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ParameterTool;

/**
 * Sends what {@link ArchiveTopic} has archived to a topic, exactly once: every record as it was, to the partition that
 * it came from, each writer's records in their order. Consumers that read committed records see the rest of a
 * checkpoint only when it is complete.
 *
 * <pre>
 * --path /data/archive --table orders --bootstrap-servers localhost:9092 --topic orders-restored
 *     [--where "dt = '2001-01-02'"] [--records-per-second 50000]
 * </pre>
 */
public final class RestoreTopic {
    /** Longer than a job may need to come back; at most the broker's {@code transaction.max.timeout.ms}. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(10);

    private RestoreTopic() {}

    /** Runs until everything that was archived when it starts is sent. */
    public static void main(String[] args) throws Exception {
        ParameterTool options = ParameterTool.fromArgs(args);
        FirnSourceBuilder<StreamRecord> source = source(options.getRequired("path"), options.getRequired("table"))
                .where(options.get("where", ""));
        if (options.has("records-per-second")) {
            source.rateLimit(options.getDouble("records-per-second"));
        }
        String topic = options.getRequired("topic");
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment();
        define(job, source.build(), sink(options.getRequired("bootstrap-servers"), topic));
        job.execute("restore topic " + topic);
    }

    /** Reads a table's committed records to their present end. */
    public static FirnSourceBuilder<StreamRecord> source(String path, String table) {
        return FirnSource.<StreamRecord>builder()
                .path(path)
                .table(table)
                .deserializer(FirnRecordDeserializer.wholeRecords())
                .bounded()
                .ordered();
    }

    /** Writes to a topic in transactions that end with the checkpoints. */
    public static KafkaSink<StreamRecord> sink(String bootstrapServers, String topic) {
        return KafkaSink.<StreamRecord>builder()
                .setBootstrapServers(bootstrapServers)
                .setRecordSerializer(KafkaRecords.into(topic))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix("restore-" + topic)
                .setProperty("transaction.timeout.ms", Long.toString(TRANSACTION_TIMEOUT.toMillis()))
                .build();
    }

    /** The job: one source, one sink. */
    public static void define(
            StreamExecutionEnvironment job, FirnSource<StreamRecord> source, KafkaSink<StreamRecord> sink) {
        job.fromSource(source, WatermarkStrategy.noWatermarks(), "archive")
                .uid("archive")
                .sinkTo(sink)
                .name("topic")
                .uid("topic");
    }
}
