package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.Differences;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.log.Gap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may write a lane, and from where: zombies, two connectors, moved offsets, recreated topics, another disk. */
@Tag("containers")
class SinkOwnershipIT {
    @TempDir
    static Path directory;

    private static SinkFixture fixture;
    private static TestWorker worker;

    @BeforeAll
    static void start() {
        fixture = new SinkFixture(directory);
        worker = fixture.startWorker();
    }

    @AfterAll
    static void stop() {
        worker.close();
        fixture.close();
    }

    @Test
    void aFrozenTaskWhosePartitionsMovedCannotHarmTheArchive() {
        fixture.broker().createTopic("zombie", 4, Map.of());
        Map<String, String> settings = Map.of(
                "group.id", "zombie-workers",
                "config.storage.topic", "zombie-configs",
                "offset.storage.topic", "zombie-offsets",
                "status.storage.topic", "zombie-status");
        SinkFixture fast = fixture.fastFailover();
        try (TestWorker first = fast.startWorker(settings);
                TestWorker second = fast.startWorker(settings)) {
            Map<String, String> config = fast.config("zombie", 2);
            fixture.create(first.rest(), "zombie", config);
            feed("zombie", 4, 2_000, 1);
            fixture.awaitArchived("zombie");

            second.suspend();
            feed("zombie", 4, 2_000, 2);
            fixture.assertArchiveEqualsTopic("zombie");
            feed("zombie", 4, 500, 3);
            second.resume();
            feed("zombie", 4, 2_000, 4);

            fixture.assertArchiveEqualsTopic("zombie");
            first.rest().awaitRunning("zombie", 2, SinkFixture.TIMEOUT);
        }
    }

    @Test
    void ofTwoConnectorsOnOneTopicTheFencedOneSaysWhoHoldsTheLane() {
        fixture.broker().createTopic("shared", 1, Map.of());
        fixture.create(rest(), "shared-a", fixture.config("shared", 1));
        feed("shared", 1, 500, 1);
        fixture.awaitArchived("shared");
        fixture.create(rest(), "shared-b", fixture.config("shared", 1));
        // The first one notices when it commits, and the second may take a while to start: records keep coming.
        AtomicInteger seed = new AtomicInteger(2);
        Waiting.until("a failed task of shared-a", SinkFixture.TIMEOUT, () -> {
            feed("shared", 1, 20, seed.getAndIncrement());
            return rest().status("shared-a")
                    .path("tasks")
                    .findValuesAsText("state")
                    .contains("FAILED");
        });

        assertThat(rest().awaitFailure("shared-a", SinkFixture.TIMEOUT))
                .contains("connector shared-b, task 0")
                .contains("Two connectors must not archive one topic");
        fixture.assertArchiveEqualsTopic("shared");
        rest().delete("shared-a");
    }

    @Test
    void offsetsMoveForwardWithARecordedGapAndNotBackward() {
        fixture.broker().createTopic("moved", 1, Map.of());
        fixture.create(rest(), "moved", fixture.config("moved", 1));
        feed("moved", 1, 100, 1);
        fixture.awaitArchived("moved");
        rest().stop("moved");
        feed("moved", 1, 100, 2);

        assertThatThrownBy(() -> rest().alterSinkOffset("moved", "moved", 0, 50))
                .isInstanceOf(ConnectRest.RestException.class)
                .hasMessageContaining("everything below 100");
        assertThatThrownBy(() -> rest().resetOffsets("moved")).isInstanceOf(ConnectRest.RestException.class);
        rest().alterSinkOffset("moved", "moved", 0, 150);
        rest().resume("moved");
        fixture.awaitArchived("moved");

        assertThat(ArchiveDump.lane(fixture.table("moved"), 0).recentGaps()).contains(new Gap(100, 150));
        List<DumpedRecord> expected = fixture.dump("moved").stream()
                .filter(record -> record.offset() < 100 || record.offset() >= 150)
                .toList();
        assertThat(Differences.ofRecords(expected, ArchiveDump.read(fixture.table("moved"))))
                .isEmpty();
    }

    @Test
    void aRecreatedTopicFailsAndGetsItsOwnGenerationWhenThatIsAllowed() {
        fixture.broker().createTopic("again", 1, Map.of());
        fixture.create(rest(), "again", fixture.config("again", 1));
        feed("again", 1, 100, 1);
        fixture.awaitArchived("again");
        rest().stop("again");
        fixture.broker().deleteTopic("again");
        fixture.broker().createTopic("again", 1, Map.of());
        feed("again", 1, 300, 2);
        rest().resume("again");

        assertThat(rest().awaitFailure("again", SinkFixture.TIMEOUT))
                .contains("the archive holds topic id")
                .contains("on.topic.recreated=new-generation");
        Map<String, String> config = fixture.config("again", 1);
        config.put("on.topic.recreated", "new-generation");
        rest().putConfig("again", config);

        Waiting.until(
                "the new generation",
                SinkFixture.TIMEOUT,
                () -> ArchiveDump.lane(fixture.table("again"), 0).records() == 300);
        fixture.assertArchiveEqualsTopic("again");
        assertThat(ArchiveDump.lane(fixture.table("again"), 0).properties()).containsEntry("kafka.generation", "1");
    }

    @Test
    void aTaskThatSeesAnotherArchiveThanTheConnectorRefusesToStart() throws Exception {
        fixture.broker().createTopic("disk", 1, Map.of());
        Map<String, String> config = fixture.config("disk", 1);
        Path path = directory.resolve("mounted");
        config.put("firn.path", path.toAbsolutePath().toString());
        fixture.create(rest(), "disk", config);
        Files.move(path, directory.resolve("unmounted"));
        Files.createDirectories(path);

        rest().restartTask("disk", 0);

        assertThat(rest().awaitFailure("disk", SinkFixture.TIMEOUT))
                .contains("sees no archive at")
                .contains("the connector on host");
        rest().delete("disk");
    }

    private static ConnectRest rest() {
        return worker.rest();
    }

    private static void feed(String topic, int partitions, int count, int seed) {
        try (TopicFeed feed = fixture.feed()) {
            feed.sendRandom(new Random(seed), topic, partitions, count);
        }
    }
}
