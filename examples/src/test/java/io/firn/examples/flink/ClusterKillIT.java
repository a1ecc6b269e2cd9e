package io.firn.examples.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.Differences;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.lifecycle.TableOrphans;
import io.firn.partition.PartitionMapping;
import io.firn.table.ArchiveRoot;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.Randomized;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Kafka to archive and back on a cluster whose processes are killed: both ends are equal, record for record. */
class ClusterKillIT {
    private static final int PARTITIONS = 4;
    private static final int BATCHES = 30;
    private static final int BATCH = 400;
    private static final int RESTORED_PER_SECOND = 1_000;
    private static final Path EXAMPLES_JAR = Path.of(System.getProperty("firn.examples.jar"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static EmbeddedBroker broker;
    private static FlinkProcesses cluster;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        cluster = FlinkProcesses.start(directory.resolve("flink"));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void archivingGoesOnAfterATaskManagerWasKilled() throws Exception {
        archive("archived-tm", "taskmanager-1");
    }

    @Test
    void archivingGoesOnAfterTheJobManagerWasKilled() throws Exception {
        archive("archived-jm", "jobmanager");
    }

    @Test
    void restoringGoesOnAfterATaskManagerWasKilled() throws Exception {
        restore("restored-tm", "taskmanager-2");
    }

    @Test
    void restoringGoesOnAfterTheJobManagerWasKilled() throws Exception {
        restore("restored-jm", "jobmanager");
    }

    private static void archive(String topic, String victim) throws Exception {
        broker.createTopic(topic, PARTITIONS, Map.of());
        Path archive = directory.resolve("archive-" + topic);
        JobClient job = submit(env -> ArchiveTopic.define(
                env,
                ArchiveTopic.source(broker.bootstrapServers(), topic).build(),
                ArchiveTopic.sink(archive.toString(), topic)));
        Randomized.forAll(1, random -> feed(random, topic, job.getJobID(), victim));
        Path table = archive.resolve(topic);
        cluster.await(
                "every record in the archive", () -> ArchivedRecords.of(table).size() >= BATCHES * BATCH);
        cluster.await("a restart", () -> cluster.rest().restored(job.getJobID()) > 0);
        assertThat(job.stopWithSavepoint(
                                true, directory.resolve("savepoints").toString(), SavepointFormatType.CANONICAL)
                        .get(60, TimeUnit.SECONDS))
                .isNotBlank();
        cluster.awaitFinished(job.getJobID());

        List<DumpedRecord> expected =
                TopicDump.readCommitted(broker.bootstrapServers(), topic).records();
        assertThat(expected).hasSize(BATCHES * BATCH);
        assertThat(Differences.ofRecords(expected, ArchivedRecords.of(table))).isEmpty();
        try (Table archived = Table.open(table)) {
            assertThat(TableOrphans.find(archived).orphans()).isEmpty();
        }
    }

    /** A producer at work: the kill comes in the middle, between two checkpoints. */
    private static void feed(RandomGenerator random, String topic, JobID job, String victim) {
        try (TopicFeed feed = TopicFeed.open(broker.bootstrapServers())) {
            for (int batch = 0; batch < BATCHES; batch++) {
                for (int i = 0; i < BATCH; i++) {
                    feed.send(TopicFeed.randomRecord(random, topic, i % PARTITIONS));
                }
                feed.flush();
                if (batch == BATCHES / 3) {
                    cluster.awaitCheckpoints(job, 3);
                }
                if (batch == BATCHES / 2) {
                    cluster.killAndStart(victim);
                }
            }
        }
    }

    private static void restore(String topic, String victim) throws Exception {
        broker.createTopic(topic, PARTITIONS, Map.of());
        Path archive = directory.resolve("archive-of-" + topic);
        Path table = archive.resolve(topic);
        Randomized.forAll(1, random -> fill(random, archive, topic));
        JobClient job = submit(env -> RestoreTopic.define(
                env,
                RestoreTopic.source(archive.toString(), topic)
                        .rateLimit(RESTORED_PER_SECOND)
                        .build(),
                RestoreTopic.sink(broker.bootstrapServers(), topic)));
        cluster.awaitCheckpoints(job.getJobID(), 3);
        cluster.killAndStart(victim);
        cluster.await("a restart", () -> cluster.rest().restored(job.getJobID()) > 0);
        cluster.awaitFinished(job.getJobID());

        TopicDump restored = TopicDump.readCommitted(broker.bootstrapServers(), topic);
        List<DumpedRecord> expected = ArchivedRecords.of(table);
        assertThat(expected).hasSize(BATCHES * BATCH);
        assertThat(Differences.ofContents(expected, restored.records())).isEmpty();
    }

    /** An archive with a writer for each Kafka partition, so that the order within a partition is kept. */
    private static void fill(RandomGenerator random, Path archive, String topic) {
        ArchiveRoot root = ArchiveRoot.openOrCreate(TableEnvironment.system(), archive);
        PartitionMapping days = PartitionMapping.parse("dt:date=timestamp");
        try (Table table = Table.create(root.tablePath(topic), days.scheme(), TableConfig.defaults())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                WriterOptions options =
                        WriterOptions.named("p" + partition).mapping(days).build();
                try (TableWriter writer = table.writer(options)) {
                    for (int i = 0; i < BATCHES * BATCH / PARTITIONS; i++) {
                        writer.append(ArchivedRecords.at(TopicFeed.randomRecord(random, topic, partition), i));
                    }
                    writer.commit();
                }
            }
        }
    }

    private static JobClient submit(Consumer<StreamExecutionEnvironment> definition) {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        StreamExecutionEnvironment job = StreamExecutionEnvironment.createRemoteEnvironment(
                "127.0.0.1", cluster.restPort(), configuration, EXAMPLES_JAR.toString());
        job.setParallelism(2);
        definition.accept(job);
        try {
            return job.executeAsync("job of " + ClusterKillIT.class.getSimpleName());
        } catch (Exception e) {
            throw new IllegalStateException("the cluster does not take the job" + cluster.logs(), e);
        }
    }
}
