package io.firn.examples.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.TopicFeed;
import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import io.firn.table.KafkaOrigin;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Counts over the hand-over from an archive to its topic are exact; the environment starts a MiniCluster. */
@Timeout(180)
class BackfillThenLiveIT {
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 2;
    private static final int IN_TOPIC = 300;
    private static final int ARCHIVED = 200;
    private static final int LATER = 50;

    @TempDir
    Path directory;

    @Test
    void everyRecordIsCountedOnceBeforeAndBehindTheHandOver() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"));
                TopicFeed feed = TopicFeed.open(broker.bootstrapServers())) {
            broker.createTopic(TOPIC, PARTITIONS, Map.of());
            send(feed, 0, IN_TOPIC);
            archive(broker);
            StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment();
            job.setParallelism(PARTITIONS);
            List<Tuple2<String, Long>> counts = new ArrayList<>();
            try (CloseableIterator<Tuple2<String, Long>> results = BackfillThenLive.define(
                            job,
                            BackfillThenLive.source(
                                    directory.resolve("archive").toString(),
                                    TOPIC,
                                    broker.bootstrapServers(),
                                    "counts"))
                    .executeAndCollect()) {
                take(results, PARTITIONS * IN_TOPIC, counts);
                send(feed, IN_TOPIC, IN_TOPIC + LATER);
                take(results, PARTITIONS * LATER, counts);
            }
            assertThat(counts).doesNotHaveDuplicates();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(counts).contains(Tuple2.of("customer-" + partition, (long) (IN_TOPIC + LATER)));
            }
        }
    }

    private static void take(
            CloseableIterator<Tuple2<String, Long>> results, int count, List<Tuple2<String, Long>> taken) {
        for (int i = 0; i < count; i++) {
            taken.add(results.next());
        }
    }

    private static void send(TopicFeed feed, int from, int to) {
        for (int number = from; number < to; number++) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                feed.send(new ProducerRecord<>(TOPIC, partition, key(partition), value(number)));
            }
        }
        feed.flush();
    }

    /** As the sink for Kafka Connect does: a writer for each partition, the offsets are its sequences. */
    private void archive(EmbeddedBroker broker) {
        Path path = directory.resolve("archive").resolve(TOPIC);
        try (Table table = Table.create(path, PartitionScheme.unpartitioned(), TableConfig.defaults())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                KafkaOrigin origin = new KafkaOrigin(
                        TOPIC,
                        partition,
                        0,
                        broker.clusterId(),
                        broker.topicId(TOPIC).toString());
                try (TableWriter writer = table.writer(WriterOptions.named(origin.writerName())
                        .properties(origin.toProperties())
                        .build())) {
                    for (int offset = 0; offset < ARCHIVED; offset++) {
                        writer.append(
                                offset,
                                StreamRecord.atMillis(offset)
                                        .key(key(partition))
                                        .value(value(offset))
                                        .build());
                    }
                    writer.finish();
                }
            }
        }
    }

    private static byte[] key(int partition) {
        return ("customer-" + partition).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] value(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.UTF_8);
    }
}
