package io.firn.examples.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.Differences;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.lifecycle.TableOrphans;
import io.firn.table.Table;
import io.firn.testing.Randomized;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/** Kafka to archive on a cluster whose processes are killed: the archive equals the topic, record for record. */
class ClusterArchiveIT {
    private static final int PARTITIONS = 4;
    private static final int BATCHES = 30;
    private static final int BATCH = 400;
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
    void aKilledTaskManagerLosesAndRepeatsNothing() throws Exception {
        archive("taskmanager", () -> cluster.killAndStart("taskmanager-1"));
    }

    @Test
    void aKilledJobManagerLosesAndRepeatsNothing() throws Exception {
        archive("jobmanager", () -> cluster.killAndStart("jobmanager"));
    }

    private static void archive(String topic, Runnable kill) throws Exception {
        broker.createTopic(topic, PARTITIONS, Map.of());
        Path archive = directory.resolve("archive-" + topic);
        JobClient job = submit(topic, archive);
        Randomized.forAll(1, random -> feed(random, topic, job.getJobID(), kill));
        Path table = archive.resolve(topic);
        cluster.await(
                "every record in the archive", () -> ArchivedRecords.of(table).size() >= BATCHES * BATCH);
        cluster.await("a restart", () -> cluster.rest().restored(job.getJobID()) > 0);
        job.stopWithSavepoint(true, directory.resolve("savepoints").toString(), SavepointFormatType.CANONICAL);
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
    private static void feed(RandomGenerator random, String topic, JobID job, Runnable kill) {
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
                    kill.run();
                }
            }
        }
    }

    private static JobClient submit(String topic, Path archive) {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        StreamExecutionEnvironment job = StreamExecutionEnvironment.createRemoteEnvironment(
                "127.0.0.1", cluster.restPort(), configuration, EXAMPLES_JAR.toString());
        job.setParallelism(2);
        ArchiveTopic.define(
                job,
                ArchiveTopic.source(broker.bootstrapServers(), topic).build(),
                ArchiveTopic.sink(archive.toString(), topic));
        try {
            return job.executeAsync("archive " + topic);
        } catch (Exception e) {
            throw new IllegalStateException("the cluster does not take the job" + cluster.logs(), e);
        }
    }
}
