package io.firn.examples.flink;

import io.firn.flink.kafka.KafkaRecords;
import io.firn.flink.source.FirnHybrid;
import io.firn.flink.source.FirnHybridSource;
import io.firn.flink.source.FirnRecordDeserializer;
import io.firn.flink.source.FirnSource;
import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ParameterTool;

/**
 * Counts the records of each key since the topic began: first what the Firn sink for Kafka Connect has archived, then
 * what is in Kafka behind that, and what comes. No record is missed at the hand-over and none is counted twice, so the
 * counts need no second job and no correction.
 *
 * <pre>
 * --path /data/archive --table orders --bootstrap-servers localhost:9092 [--group-id order-counts]
 * </pre>
 */
public final class BackfillThenLive {
    private static final String NO_KEY = "(no key)";

    private BackfillThenLive() {}

    /** Prints a key and its new count for every record, until the job is cancelled. */
    public static void main(String[] args) throws Exception {
        ParameterTool options = ParameterTool.fromArgs(args);
        String table = options.getRequired("table");
        FirnHybridSource<StreamRecord> source = source(
                options.getRequired("path"),
                table,
                options.getRequired("bootstrap-servers"),
                options.get("group-id", table + "-counts"));
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment();
        define(job, source).print();
        job.execute("counts of " + table);
    }

    /** The archive of a topic and, from where it ends in each partition, the topic. */
    public static FirnHybridSource<StreamRecord> source(
            String path, String table, String bootstrapServers, String groupId) {
        return FirnHybrid.<StreamRecord>builder()
                .archive(FirnSource.<StreamRecord>builder()
                        .path(path)
                        .table(table)
                        .deserializer(FirnRecordDeserializer.wholeRecords()))
                .bootstrapServers(bootstrapServers)
                .kafkaProperty("group.id", groupId)
                .live(KafkaRecords.asTheyAre())
                .build();
    }

    /** The job: for every record its key and how many of that key there were. */
    public static DataStream<Tuple2<String, Long>> define(
            StreamExecutionEnvironment job, FirnHybridSource<StreamRecord> source) {
        return job.fromSource(source, WatermarkStrategy.noWatermarks(), "archive, then topic")
                .uid("records")
                .map(record -> Tuple2.of(key(record), 1L))
                .returns(Types.TUPLE(Types.STRING, Types.LONG))
                .keyBy(counted -> counted.f0)
                .sum(1)
                .uid("counts");
    }

    private static String key(StreamRecord record) {
        byte[] key = record.key();
        return key == null ? NO_KEY : new String(key, StandardCharsets.UTF_8);
    }
}
