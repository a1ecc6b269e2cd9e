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
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.Configuration;
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
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From the archive into live Kafka, while a producer goes on. */
class FirnHybridIT extends ArchivedTableFixture {
    private static final int PARALLELISM = 2;
    /** So many times as fast goes the time of the partition that is held back. */
    private static final int FAST = 10;
    /** So many records that partition may read before the alignment holds it. */
    private static final int SLACK = 1500;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

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
        if (broker.hasTopic(LiveTopic.TOPIC)) {
            broker.deleteTopic(LiveTopic.TOPIC);
        }
    }

    @Test
    void handsOverWithEachPartitionInOrderWhileTheArchiveGrowsOn() throws Exception {
        try (LiveTopic topic = LiveTopic.start(broker, archived)) {
            topic.archive(300);
            archived.act(LifecycleRequest.compressAll());
            topic.archive(100);
            JobClient job = run(new Configuration(), 2000);
            topic.archive(200); // what is archived after the start comes from Kafka
            Awaitility.await().atMost(PATIENCE).until(() -> SourceJobs.SEEN.size() > 2500);
            int count = topic.stop();
            Awaitility.await().atMost(PATIENCE).until(() -> SourceJobs.SEEN.size() >= 3 * count);
            SourceJobs.cancel(job);
            assertInOrder(List.copyOf(SourceJobs.SEEN), count);
        }
    }

    /** Flink's own hybrid source leaves out whole partitions then: see decision D83. */
    @Test
    void nothingIsMissingAndNothingTwiceOverFailuresAroundTheHandOver() {
        overAndOver(2, 50, (random, topic) -> {
            topic.archive(1500);
            StreamExecutionEnvironment job = SourceJobs.environment(PARALLELISM, new Configuration());
            List<String> taken = new ArrayList<>();
            try (CloseableIterator<String> results =
                    failing(random, stream(job, rate(random))).executeAndCollect()) {
                taken.addAll(SourceJobs.take(results, 6000));
                int count = topic.stop();
                taken.addAll(SourceJobs.take(results, 3 * count - taken.size()));
                assertThat(taken).hasSize(3 * count).doesNotHaveDuplicates();
            }
            assertThat(SourceJobs.Failing.starts()).isGreaterThan(PARALLELISM);
        });
    }

    @Test
    void aSubtaskThatFailsAloneLeavesOutAndRepeatsNothing() {
        overAndOver(1, 50, (random, topic) -> {
            topic.archive(1500);
            CopiedTable copy = new CopiedTable(archived.path());
            StreamExecutionEnvironment job = SourceJobs.environment(PARALLELISM, new Configuration());
            failing(random, stream(job, rate(random))).sinkTo(copy.sink());
            JobClient running = job.executeAsync();
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> copy.size() > 6000);
            int count = topic.stop();
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> copy.size() >= 3 * count);
            SourceJobs.cancel(running);
            assertThat(copy.values()).hasSize(3 * count).doesNotHaveDuplicates();
            assertThat(SourceJobs.Failing.starts())
                    .as("subtasks that were started: not all for each failure")
                    .isBetween(PARALLELISM + 1, PARALLELISM * (SourceJobs.Failing.failures() + 1) - 1);
        });
    }

    /** What must hold each time. */
    private interface HandOverCheck {
        void run(RandomGenerator random, LiveTopic topic) throws Exception;
    }

    /** With a new topic and a new archive each time. */
    private void overAndOver(int times, int stressTimes, HandOverCheck check) {
        Randomized.forAll(TestProfile.isStress() ? stressTimes : times, random -> {
            archived.close();
            archived = ArchivedTable.below(Files.createTempDirectory(directory, "time"));
            try (LiveTopic topic = LiveTopic.start(broker, archived)) {
                check.run(random, topic);
            } finally {
                broker.deleteTopic(LiveTopic.TOPIC);
            }
        });
    }

    private static DataStream<String> failing(RandomGenerator random, DataStream<String> stream) {
        return stream.map(new SourceJobs.Failing(20 + random.nextInt(400), 4 + random.nextInt(16)));
    }

    private static double rate(RandomGenerator random) {
        return 1500 + random.nextInt(3000);
    }

    /** Also in the meantime: who has read its part of the archive gets idle and holds nobody back. */
    @Test
    void alignmentHoldsThePartitionBackThatIsAheadInTheArchiveAndInKafka() throws Exception {
        try (LiveTopic topic = LiveTopic.start(broker, archived)) {
            topic.archive(1500);
            StreamExecutionEnvironment job = SourceJobs.environment(PARALLELISM, new Configuration());
            job.getConfig().setAutoWatermarkInterval(5);
            WatermarkStrategy<String> aligned = WatermarkStrategy.<String>forMonotonousTimestamps()
                    .withTimestampAssigner((element, timestamp) -> timeOf(element))
                    .withIdleness(Duration.ofSeconds(2))
                    .withWatermarkAlignment("partitions", Duration.ofMillis(500), Duration.ofMillis(20));
            List<String> taken = new ArrayList<>();
            int count;
            try (CloseableIterator<String> results =
                    slowly(stream(job, 3000, aligned)).executeAndCollect()) {
                taken.addAll(SourceJobs.take(results, 12_000));
                count = topic.stop();
                taken.addAll(SourceJobs.take(results, 3 * count - taken.size()));
            }
            assertThat(taken).hasSize(3 * count).doesNotHaveDuplicates();
            long allowed = FAST * (topic.archivedOf(0) + SLACK);
            assertThat(count * (FAST - 1L))
                    .as("how far ahead it would be without alignment")
                    .isGreaterThan(allowed);
            assertThat(mostAhead(taken)).isLessThan(allowed);
        }
    }

    /** So that the coordinator of the alignment can look at it in the meantime. */
    private static DataStream<String> slowly(DataStream<String> stream) {
        return stream.map(element -> {
            LockSupport.parkNanos(200_000);
            return element;
        });
    }

    /** In milliseconds; that of the first partition goes faster. */
    private static long timeOf(String element) {
        long number = Long.parseLong(element.substring(2));
        return element.startsWith("0") ? FAST * number : number;
    }

    /** How far the first partition was ahead at most when an element of the second came. */
    private static long mostAhead(List<String> elements) {
        long first = 0;
        long most = 0;
        for (String element : elements) {
            if (element.startsWith("0")) {
                first = timeOf(element);
            } else if (element.startsWith("1")) {
                most = Math.max(most, first - timeOf(element));
            }
        }
        return most;
    }

    @Test
    void goesOnFromSavepointsInTheArchiveAndInKafka() throws Exception {
        try (LiveTopic topic = LiveTopic.start(broker, archived)) {
            topic.archive(1500);
            JobClient first = run(new Configuration(), 100);
            Awaitility.await().atMost(PATIENCE).until(() -> SourceJobs.SEEN.size() > 100);
            String inArchive = Savepoints.stop(first, directory);
            assertThat(SourceJobs.SEEN).hasSizeLessThan(1500);
            topic.archive(500); // the hand-over stays where it was when the job began
            JobClient second = run(Savepoints.restoring(inArchive), 4000);
            Awaitility.await().atMost(PATIENCE).until(() -> SourceJobs.SEEN.size() > 2500);
            String inKafka = Savepoints.stop(second, directory);
            JobClient third = run(Savepoints.restoring(inKafka), 4000);
            int count = topic.stop();
            Awaitility.await().atMost(PATIENCE).until(() -> SourceJobs.SEEN.size() >= 3 * count);
            SourceJobs.cancel(third);
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
        return stream(environment, rate, WatermarkStrategy.noWatermarks());
    }

    private DataStream<String> stream(
            StreamExecutionEnvironment environment, double rate, WatermarkStrategy<String> watermarks) {
        FirnHybridSource<String> source = FirnHybrid.<String>builder()
                .archive(archived.source()
                        .deserializer(new ArchivedTable.Values())
                        .rateLimit(rate))
                .bootstrapServers(broker.bootstrapServers())
                .kafkaProperty("group.id", "hand-over")
                .kafkaProperty("max.poll.records", "50")
                .live(KafkaRecordDeserializationSchema.valueOnly(new SimpleStringSchema()))
                .build();
        return environment.fromSource(source, watermarks, "hybrid").uid("hybrid");
    }

    private static void assertInOrder(List<String> elements, int countOfEach) {
        assertThat(SourceJobs.assertInOrder(elements))
                .isEqualTo(Map.of("0", countOfEach, "1", countOfEach, "2", countOfEach));
    }
}
