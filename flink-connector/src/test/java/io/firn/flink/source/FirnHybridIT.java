package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.testing.EmbeddedBroker;
import io.firn.flink.testing.Restarts;
import io.firn.flink.testing.Savepoints;
import io.firn.flink.testing.TestClusters;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.record.StreamRecord;
import io.firn.table.KafkaOrigin;
import io.firn.table.TableWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.hybrid.HybridSource;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From the archive into live Kafka, while a producer goes on. */
@Timeout(240)
class FirnHybridIT extends ArchivedTableFixture {
    private static final int PARALLELISM = 2;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(PARALLELISM);

    @TempDir
    static Path kafka;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(kafka);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @AfterEach
    void deleteTopic() {
        broker.deleteTopic(LiveTopic.TOPIC);
    }

    @Test
    void handsOverWithEachPartitionInOrderWhileTheArchiveGrowsOn() throws Exception {
        try (LiveTopic topic = LiveTopic.start(broker, archived)) {
            topic.archive(300);
            archived.act(LifecycleRequest.compressAll());
            topic.archive(100);
            JobClient job = run(new Configuration(), 2000);
            topic.archive(200); // what is archived after the start comes from Kafka
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> SourceJobs.SEEN.size() > 2500);
            int count = topic.stop();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> SourceJobs.SEEN.size() >= 3 * count);
            job.cancel().get(60, TimeUnit.SECONDS);
            assertInOrder(List.copyOf(SourceJobs.SEEN), count);
        }
    }

    @Test
    void nothingIsMissingAndNothingTwiceOverFailuresAroundTheHandOver() throws Exception {
        try (LiveTopic topic = LiveTopic.start(broker, archived)) {
            topic.archive(1500);
            StreamExecutionEnvironment environment = SourceJobs.environment(PARALLELISM, new Configuration());
            List<String> taken = new ArrayList<>();
            try (CloseableIterator<String> results = stream(environment, 1500)
                    .map(new SourceJobs.Failing(350, 6))
                    .executeAndCollect()) {
                taken.addAll(SourceJobs.take(results, 8000));
                int count = topic.stop();
                taken.addAll(SourceJobs.take(results, 3 * count - taken.size()));
                assertThat(taken).hasSize(3 * count).doesNotHaveDuplicates();
            }
            assertThat(SourceJobs.Failing.failuresLeft()).isLessThan(3);
        }
    }

    @Test
    void goesOnFromSavepointsInTheArchiveAndInKafka() throws Exception {
        try (LiveTopic topic = LiveTopic.start(broker, archived)) {
            topic.archive(1500);
            JobClient first = run(new Configuration(), 500);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> SourceJobs.SEEN.size() > 100);
            String inArchive = Savepoints.stop(first, directory);
            assertThat(SourceJobs.SEEN).hasSizeLessThan(1500);
            topic.archive(500); // the hand-over stays where it was when the job began
            JobClient second = run(Savepoints.restoring(inArchive), 4000);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> SourceJobs.SEEN.size() > 2500);
            String inKafka = Savepoints.stop(second, directory);
            JobClient third = run(Savepoints.restoring(inKafka), 4000);
            int count = topic.stop();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> SourceJobs.SEEN.size() >= 3 * count);
            third.cancel().get(60, TimeUnit.SECONDS);
            assertInOrder(List.copyOf(SourceJobs.SEEN), count);
        }
    }

    @Test
    void anotherTopicOfTheSameNameIsRefused() throws Exception {
        broker.createTopic(LiveTopic.TOPIC, 1, Map.of());
        KafkaOrigin origin = new KafkaOrigin(LiveTopic.TOPIC, 0, 0, broker.clusterId(), "AAAAAAAAAAAAAAAAAAAAAA");
        archive(origin, 5);
        assertThatThrownBy(this::runToFailure).hasStackTraceContaining("comes from Kafka topic 'ticks' with id");
    }

    @Test
    void anArchiveThatKafkaHasNotGoneAsFarAsIsRefused() throws Exception {
        broker.createTopic(LiveTopic.TOPIC, 1, Map.of());
        archive(new KafkaOrigin(LiveTopic.TOPIC, 0, 0, "", ""), 5);
        assertThatThrownBy(this::runToFailure).hasStackTraceContaining("but the topic ends at 0");
    }

    @Test
    void aGapBetweenTheArchiveAndWhatKafkaStillHasIsRefused() throws Exception {
        try (LiveTopic topic = LiveTopic.start(broker, archived)) {
            topic.archive(100);
            topic.stop();
            TopicPartition partition = new TopicPartition(LiveTopic.TOPIC, 0);
            broker.call(admin -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                    .all());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThatThrownBy(this::runToFailure)
                            .hasStackTraceContaining("Kafka has deleted everything below"));
        }
    }

    private void archive(KafkaOrigin origin, int records) {
        try (TableWriter writer = archived.writer(origin.writerName(), origin.toProperties())) {
            for (int i = 0; i < records; i++) {
                writer.append(StreamRecord.atMillis(i)
                        .key("p".getBytes(StandardCharsets.UTF_8))
                        .value(("0/" + i).getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
        }
    }

    private void runToFailure() throws Exception {
        Configuration configuration = new Configuration();
        StreamExecutionEnvironment environment = SourceJobs.environment(1, configuration);
        environment.configure(Restarts.none());
        stream(environment, 1_000_000).sinkTo(new DiscardingSink<>());
        environment.execute();
    }

    private JobClient run(Configuration configuration, double rate) throws Exception {
        StreamExecutionEnvironment environment = SourceJobs.environment(PARALLELISM, configuration);
        SourceJobs.seen(stream(environment, rate)).sinkTo(new DiscardingSink<>());
        return environment.executeAsync();
    }

    private DataStream<String> stream(StreamExecutionEnvironment environment, double rate) {
        HybridSource<String> source = FirnHybrid.<String>builder()
                .archive(archived.source()
                        .deserializer(new ArchivedTable.Values())
                        .rateLimit(rate))
                .bootstrapServers(broker.bootstrapServers())
                .kafkaProperty("group.id", "hand-over")
                .live(KafkaRecordDeserializationSchema.valueOnly(new SimpleStringSchema()))
                .build();
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "hybrid", Types.STRING)
                .uid("hybrid");
    }

    private static void assertInOrder(List<String> elements, int countOfEach) {
        assertThat(SourceJobs.assertInOrder(elements))
                .isEqualTo(Map.of("0", countOfEach, "1", countOfEach, "2", countOfEach));
    }
}
