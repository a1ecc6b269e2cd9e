package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.Differences;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.connect.testing.WorkerMemory;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many topic-partitions on one real worker with a small heap: 2,000 with {@code -Xmx1g} under {@code -Pstress}.
 * Everything is archived, and what the worker holds for each partition is bounded.
 */
class ManyPartitionsIT {
    private static final int PARTITIONS_PER_TOPIC = 50;
    private static final int TOPICS = TestProfile.isStress() ? 40 : 2;
    private static final int TASKS = TestProfile.isStress() ? 4 : 2;
    private static final int RECORDS_PER_TOPIC = PARTITIONS_PER_TOPIC * 20;
    private static final String HEAP = TestProfile.isStress() ? "-Xmx1g" : "-Xmx192m";
    private static final int ROUNDS = TestProfile.isStress() ? 5 : 1;
    private static final int PARTITIONS = TOPICS * PARTITIONS_PER_TOPIC;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    /** Measured: 35 to 40 KiB. */
    private static final long MOST_HEAP_PER_PARTITION = 200 << 10;

    private static final int MOST_FILES_PER_PARTITION = 6;
    private static final String CONNECTOR = "many";

    @TempDir
    Path directory;

    private SinkFixture fixture;
    private ConnectWorker worker;

    @BeforeEach
    void start() {
        fixture = new SinkFixture(directory);
        topics().forEach(topic -> fixture.broker().createTopic(topic, PARTITIONS_PER_TOPIC, Map.of()));
        worker = fixture.workerProcess().jvmArgument(HEAP).start();
    }

    @AfterEach
    void stop() {
        worker.close();
        fixture.close();
    }

    @Test
    void allAreArchivedInASmallHeap() {
        Randomized.forAll(1, random -> {
            WorkerMemory before = WorkerMemory.of(worker.pid());
            System.out.println("before: " + before);
            feed(random);
            fixture.create(worker.rest(), CONNECTOR, config());
            for (int round = 1; round <= ROUNDS; round++) {
                awaitArchived();
                print("round " + round);
                feed(random);
            }
            awaitArchived();
            WorkerMemory after = print("at the end");
            topics().forEach(this::assertSame);

            assertThat(worker.logText()).doesNotContain("OutOfMemoryError");
            assertThat((after.liveHeapBytes() - before.liveHeapBytes()) / PARTITIONS)
                    .isLessThan(MOST_HEAP_PER_PARTITION);
            assertThat((after.files() - before.files()) / PARTITIONS).isLessThan(MOST_FILES_PER_PARTITION);
        });
    }

    private WorkerMemory print(String when) {
        WorkerMemory memory = WorkerMemory.of(worker.pid());
        System.out.println(when + ", " + PARTITIONS + " partitions: " + memory);
        return memory;
    }

    private static List<String> topics() {
        return IntStream.range(0, TOPICS).mapToObj(i -> "many-" + i).toList();
    }

    private Map<String, String> config() {
        Map<String, String> config = new HashMap<>(fixture.config(String.join(",", topics()), TASKS));
        config.put("partition.fields", "dt:date=timestamp");
        config.put("commit.interval.ms", TestProfile.isStress() ? "5000" : "1000");
        config.remove("consumer.override.max.poll.records");
        config.remove("consumer.override.session.timeout.ms");
        config.remove("consumer.override.heartbeat.interval.ms");
        return config;
    }

    private void feed(RandomGenerator random) {
        try (TopicFeed feed = fixture.feed()) {
            for (String topic : topics()) {
                feed.sendRandom(random, topic, PARTITIONS_PER_TOPIC, RECORDS_PER_TOPIC);
            }
        }
    }

    private void awaitArchived() {
        for (String topic : topics()) {
            long records = fixture.dump(topic).size();
            Waiting.until(
                    "the archive of " + topic,
                    TIMEOUT,
                    () -> archived(topic) >= records,
                    () -> worker.rest().status(CONNECTOR).toString());
        }
    }

    private long archived(String topic) {
        try (Table table = Table.open(fixture.table(topic))) {
            return table.lanes().stream().mapToLong(LaneInfo::records).sum();
        }
    }

    private void assertSame(String topic) {
        List<DumpedRecord> expected = fixture.dump(topic);
        assertThat(Differences.ofRecords(expected, ArchiveDump.read(fixture.table(topic))))
                .as(topic)
                .isEmpty();
    }
}
