package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays through a real worker that loads the packaged plugin, compared with what a plain consumer finds. */
@Tag("containers")
class ReplayIT {
    private static final String BY_HOUR = "dt:date=timestamp,hour:hour=timestamp";
    private static final String BY_DAY = "dt:date=timestamp";
    private static final String RATE = "replay.rate.records";
    private static final int FEED_BATCH = 10_000;

    @TempDir
    static Path directory;

    private static SourceWorld world;

    @BeforeAll
    static void startWorld() throws IOException {
        world = SourceWorld.start(directory);
    }

    @AfterAll
    static void closeWorld() {
        world.close();
    }

    @Test
    void replaysEveryRecordAsItWas() {
        feed("awkward", 3, 5_000);
        try (TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("a", null).add("", new byte[0]).add("a", new byte[] {1}).add("a", new byte[] {1});
            byte[] large = new byte[10 << 20];
            new Random(3).nextBytes(large);
            feed.send(new ProducerRecord<>("awkward", 0, 0L, null, null, headers));
            feed.send(new ProducerRecord<>("awkward", 1, 1L, new byte[0], new byte[0], headers));
            feed.send(new ProducerRecord<>("awkward", 2, 1_700_000_000_000L, bytes("k"), large));
            feed.send(new ProducerRecord<>("awkward", 2, 5L, bytes("k"), bytes("behind")));
            feed.flush();
        }
        ArchiveFixture.archiveTopic(world.archive(), BY_DAY, world.broker().bootstrapServers(), "awkward");
        world.createTopic("awkward-out", 4);

        world.rest().create("awkward", world.config("awkward", "awkward-out"));
        world.awaitRecords("awkward", "awkward-out", 5_004);

        assertThat(world.dump("awkward").differencesInContent(world.dump("awkward-out")))
                .isEmpty();
        world.rest().delete("awkward");
    }

    @Test
    void keepsTheTimesThatTheBrokerStamped() {
        world.broker().createTopic("stamped", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        try (TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
            feed.sendRandom(new Random(4), "stamped", 1, 500);
        }
        ArchiveFixture.archiveTopic(world.archive(), BY_DAY, world.broker().bootstrapServers(), "stamped");
        world.createTopic("stamped-out", 1);

        world.rest().create("stamped", world.config("stamped", "stamped-out"));
        world.awaitRecords("stamped", "stamped-out", 500);

        assertThat(world.dump("stamped-out").records())
                .extracting(DumpedRecord::timestampMs)
                .isEqualTo(world.dump("stamped").records().stream()
                        .map(DumpedRecord::timestampMs)
                        .toList());
        world.rest().delete("stamped");
    }

    @Test
    void replaysOnlyTheTimeRangeAndThePartitionsThatAreAskedFor() {
        feed("ranged", 2, 5_000);
        ArchiveFixture.archiveTopic(world.archive(), BY_HOUR, world.broker().bootstrapServers(), "ranged");
        world.createTopic("ranged-out", 2);
        long fromMs = Instant.parse("2001-01-02T06:30:00Z").toEpochMilli();
        long toMs = Instant.parse("2001-01-05T00:00:00Z").toEpochMilli();
        long thirdMs = Instant.parse("2001-01-03T00:00:00Z").toEpochMilli();
        Map<String, String> config = world.config("ranged", "ranged-out");
        config.put("restore.from", "2001-01-02T06:30:00Z");
        config.put("restore.to", Long.toString(toMs));
        config.put("restore.filter", "dt >= '2001-01-03'");
        List<DumpedRecord> expected = world.dump("ranged").records().stream()
                .filter(record -> record.timestampMs() >= Math.max(fromMs, thirdMs) && record.timestampMs() < toMs)
                .toList();

        world.rest().create("ranged", config);
        world.awaitRecords("ranged", "ranged-out", expected.size());

        assertThat(expected).hasSizeBetween(500, 4_500);
        assertThat(contents(world.dump("ranged-out").records())).isEqualTo(contents(expected));
        world.rest().delete("ranged");
    }

    @Test
    void whatIsReplayedCountsAsReadForThePolicyOfTheTable() {
        feed("tracked", 1, 5_000);
        ArchiveFixture.archiveTopic(world.archive(), BY_DAY, world.broker().bootstrapServers(), "tracked");
        Path table = world.archive().resolve("tracked");
        try (Table archived = Table.open(table);
                LifecycleManager lifecycle = LifecycleManager.open(archived, LifecycleOptions.defaults())) {
            assertThat(lifecycle.run(LifecycleRequest.settleAll()).errors()).isEmpty();
        }
        Path log = table.resolve("dt=2001-01-03").resolve(".access_log");
        assertThat(log).doesNotExist();
        world.createTopic("tracked-out", 1);
        Map<String, String> config = world.config("tracked", "tracked-out");
        config.put("restore.filter", "dt = '2001-01-03'");
        long dayMs = Duration.ofDays(1).toMillis();
        long thirdMs = Instant.parse("2001-01-03T00:00:00Z").toEpochMilli();
        List<DumpedRecord> expected = world.dump("tracked").records().stream()
                .filter(record -> record.timestampMs() >= thirdMs && record.timestampMs() < thirdMs + dayMs)
                .toList();

        world.rest().create("tracked", config);
        world.awaitRecords("tracked", "tracked-out", expected.size());
        world.rest().delete("tracked");

        Waiting.until("what was read is told", Duration.ofMinutes(1), () -> Files.exists(log));
        assertThat(log).content().contains(".q");
    }

    @Test
    void goesOnWhereItWasWhenItIsRestartedInTheMiddle() {
        feed("restarted", 3, 60_000);
        ArchiveFixture.archiveTopic(world.archive(), BY_DAY, world.broker().bootstrapServers(), "restarted");
        world.createTopic("restarted-out", 3);
        Map<String, String> config = world.config("restarted", "restarted-out");
        config.put("poll.max.records", "200");
        config.put(RATE, "500");

        world.rest().create("restarted", config);
        world.awaitReplayed("restarted", 1_000);
        world.rest().stop("restarted");
        int atStop = world.dump("restarted-out").records().size();
        resumeWithoutRate("restarted", config);
        world.awaitReplayed("restarted", 60_000);

        assertThat(atStop).isLessThan(60_000);
        assertThat(world.dump("restarted").differencesInContent(world.dump("restarted-out")))
                .isEmpty();
        world.rest().delete("restarted");
    }

    @Test
    void goesOnWhileTheArchiveIsSettledAndCompressed() {
        feed("moved", 3, 20_000);
        ArchiveFixture.archiveTopic(world.archive(), BY_HOUR, world.broker().bootstrapServers(), "moved");
        world.createTopic("moved-out", 3);
        Map<String, String> config = world.config("moved", "moved-out");
        config.put("poll.max.records", "100");
        config.put(RATE, "500");

        world.rest().create("moved", config);
        world.awaitReplayed("moved", 1_000);
        try (Table table = Table.open(world.archive().resolve("moved"));
                LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(lifecycle.run(LifecycleRequest.settleAll()).errors()).isEmpty();
            world.rest().stop("moved");
            assertThat(lifecycle.run(LifecycleRequest.compressAll()).errors()).isEmpty();
            assertThat(table.contents().hot().records()).isZero();
            assertThat(table.contents().partitions())
                    .hasSize(7 * 24)
                    .allMatch(partition -> partition.hotSegments() == 0);
        }
        int atStop = world.dump("moved-out").records().size();
        resumeWithoutRate("moved", config);
        world.awaitReplayed("moved", 20_000);

        assertThat(atStop).isBetween(1_000, 19_999);
        assertThat(world.dump("moved").differencesInContent(world.dump("moved-out")))
                .isEmpty();
        world.rest().delete("moved");
    }

    @Test
    void beginsWhereTheUserSetsTheOffset() {
        feed("altered", 1, 2_000);
        ArchiveFixture.archiveTopic(world.archive(), BY_DAY, world.broker().bootstrapServers(), "altered");
        world.createTopic("altered-out", 1);
        ConnectRest rest = world.rest();
        Map<String, String> config = world.config("altered", "altered-out");
        rest.create("altered", config);
        world.awaitRecords("altered", "altered-out", 2_000);
        rest.stop("altered");

        assertThatThrownBy(() -> rest.alterOffsets("altered", offset("altered", -1)))
                .hasMessageContaining("next sequence to replay");
        rest.alterOffsets("altered", offset("altered", 1_900));
        rest.resume("altered");
        world.awaitRecords("altered", "altered-out", 2_100);

        List<DumpedRecord> all = world.dump("altered-out").records();
        assertThat(contents(all.subList(2_000, 2_100)))
                .isEqualTo(contents(world.dump("altered").records().subList(1_900, 2_000)));
        rest.delete("altered");
    }

    @Test
    void saysWhatIsWrongWithTheTargetBeforeTheFirstRecord() {
        feed("checked", 3, 100);
        ArchiveFixture.archiveTopic(world.archive(), BY_DAY, world.broker().bootstrapServers(), "checked");

        assertThat(failureOf("missing", world.config("checked", "checked-missing")))
                .contains("'checked-missing' does not exist", "3 partitions");
        world.createTopic("checked-few", 2);
        assertThat(failureOf("few", world.config("checked", "checked-few"))).contains("has 2 partitions");
        world.broker().createTopic("checked-forgets", 3, Map.of("retention.ms", "604800000"));
        assertThat(failureOf("forgets", world.config("checked", "checked-forgets")))
                .contains("retention.ms=604800000", "set retention.ms=-1");
        assertThat(failureOf("nothing", world.config("no-such-topic", "checked-few")))
                .contains("Nothing to replay", "no-such-topic");
    }

    @Test
    void createsTheTargetThroughConnectWhenItIsToldTo() {
        feed("created", 2, 300);
        ArchiveFixture.archiveTopic(world.archive(), BY_DAY, world.broker().bootstrapServers(), "created");
        Map<String, String> config = world.config("created", "created-out");
        config.put("topic.creation.default.replication.factor", "1");
        config.put("topic.creation.default.partitions", "1");
        assertThat(failureOf("created-few", config)).contains("has 1 partitions");
        config.put("topic.creation.default.partitions", "2");
        config.put("topic.creation.default.retention.ms", "-1");

        world.rest().create("created", config);
        world.awaitRecords("created", "created-out", 300);

        assertThat(world.dump("created").differencesInContent(world.dump("created-out")))
                .isEmpty();
        world.rest().delete("created");
    }

    @Test
    void refusesBadConfigurationsWithTheRemedy() {
        Map<String, String> config = world.config("t", "u");
        config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        config.put("restore.from", "2001-01-02");
        config.put("restore.to", "2001-01-01");
        config.put("restore.topic.map", "t");

        assertThat(world.rest().validationErrors(FirnSourceConnector.class.getName(), config))
                .anyMatch(error -> error.startsWith("value.converter: ")
                        && error.contains("header.converter=org.apache.kafka.connect.converters.ByteArrayConverter"))
                .anyMatch(error -> error.startsWith("restore.to: ") && error.contains("'2001-01-01'"))
                .anyMatch(error -> error.startsWith("restore.topic.map: ") && error.contains("archived:target"))
                .noneMatch(error -> error.startsWith("firn."));
        assertThat(world.rest().connectorPlugins()).contains(FirnSourceConnector.class.getName());
    }

    @Test
    void followsWhatIsCommittedLaterAndFindsNewPartitions() {
        world.createTopic("followed", 2);
        world.createTopic("followed-out", 2);
        Map<String, String> config = world.config("followed", "followed-out");
        config.put("restore.mode", "continuous");
        config.put("restore.discovery.interval.ms", "1000");
        world.rest().create("followed", config);
        try (ArchiveFixture archive = ArchiveFixture.open(world.archive(), "followed", BY_DAY, "followed", 0);
                TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
            Random random = new Random(9);
            int archived = 0;
            for (int round = 1; round <= 5; round++) {
                for (int i = 0; i < 200; i++) {
                    feed.send(TopicFeed.randomRecord(random, "followed", round < 3 ? 0 : i % 2));
                }
                feed.flush();
                archived = copyNew(archive, archived);
                world.awaitRecords("followed", "followed-out", archived);
            }
        }
        assertThat(world.dump("followed").differencesInContent(world.dump("followed-out")))
                .isEmpty();
        world.rest().delete("followed");
    }

    private static int copyNew(ArchiveFixture archive, int archived) {
        int[] seen = new int[2];
        long[] positions = new long[2];
        archive.table().lanes().forEach(lane -> positions[lane.writer().contains("-0-") ? 0 : 1] = lane.position());
        TopicDump.forEach(world.broker().bootstrapServers(), "followed", "read_committed", record -> {
            if (record.offset() >= positions[record.partition()]) {
                archive.append(record);
            }
            seen[record.partition()]++;
        });
        archive.commit();
        assertThat(seen[0] + seen[1]).isGreaterThan(archived);
        return seen[0] + seen[1];
    }

    private static void feed(String topic, int partitions, int count) {
        world.createTopic(topic, partitions);
        try (TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
            Random random = new Random(topic.hashCode());
            for (int sent = 0; sent < count; sent += FEED_BATCH) {
                feed.sendRandom(random, topic, partitions, Math.min(FEED_BATCH, count - sent));
            }
        }
    }

    /** A stopped replay goes on as fast as it can. */
    private static void resumeWithoutRate(String connector, Map<String, String> config) {
        config.remove(RATE);
        world.rest().putConfig(connector, config);
        world.rest().resume(connector);
    }

    private static String failureOf(String connector, Map<String, String> config) {
        world.rest().create(connector, config);
        Waiting.until(
                "the failure of " + connector,
                SourceWorld.TIMEOUT,
                () -> "FAILED"
                        .equals(world.rest()
                                .status(connector)
                                .path("connector")
                                .path("state")
                                .asText()));
        String trace =
                world.rest().status(connector).path("connector").path("trace").asText();
        world.rest().delete(connector);
        return trace;
    }

    private static ObjectNode offset(String topic, long sequence) {
        UUID id;
        String lane;
        try (Table table = Table.open(world.archive().resolve(topic))) {
            id = table.id();
            lane = table.lanes().get(0).writer();
        }
        ObjectNode body = new ObjectMapper().createObjectNode();
        ObjectNode entry = body.putArray("offsets").addObject();
        entry.putObject("partition").put("table.id", id.toString()).put("lane", lane);
        entry.putObject("offset").put("sequence", sequence);
        return body;
    }

    private static List<String> contents(List<DumpedRecord> records) {
        return records.stream()
                .map(record -> record.partition() + "|" + record.content())
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
