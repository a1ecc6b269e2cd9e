package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableOption;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is archived on a real broker and worker, and what a bad configuration is told. */
@Tag("containers")
class SinkRecordsIT {
    private static final int TEN_MIB = 10 * 1024 * 1024;

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
    void keepsEveryKindOfRecordExactly() {
        fixture.broker().createTopic("kinds", 2, Map.of("max.message.bytes", "20971520"));
        fixture.create(rest(), "kinds", fixture.config("kinds", 2));
        try (TopicFeed feed = fixture.feed()) {
            feed.send(record("kinds", null, null));
            feed.send(record("kinds", new byte[0], new byte[0]));
            feed.send(record("kinds", bytes("k"), null));
            feed.send(record("kinds", null, bytes("not json")));
            ProducerRecord<byte @Nullable [], byte @Nullable []> headers = record("kinds", bytes("k"), bytes("{}"));
            headers.headers()
                    .add("twice", bytes("a"))
                    .add("none", null)
                    .add("twice", bytes("b"))
                    .add("empty", new byte[0])
                    .add("ü", bytes("ö"));
            feed.send(headers);
            byte[] large = new byte[TEN_MIB];
            new Random(7).nextBytes(large);
            feed.send(record("kinds", bytes("large"), large));
            feed.sendRandom(new Random(1), "kinds", 2, 2_000);
        }

        fixture.assertArchiveEqualsTopic("kinds");
    }

    @Test
    void leavesOutAbortedTransactionsAndMovesOverTheirOffsets() {
        fixture.broker().createTopic("tx", 1, Map.of());
        Map<String, String> config = fixture.config("tx", 1);
        config.put("io.mode", "channel");
        fixture.create(rest(), "tx", config);
        try (TopicFeed feed = TopicFeed.transactional(fixture.broker().bootstrapServers(), "tx")) {
            for (int i = 0; i < 6; i++) {
                feed.begin();
                feed.sendRandom(new Random(i), "tx", 1, 50);
                if (i % 2 == 0) {
                    feed.commit();
                } else {
                    feed.abort();
                }
            }
        }

        fixture.assertArchiveEqualsTopic("tx");
        assertThat(ArchiveDump.lane(fixture.table("tx"), 0).records()).isEqualTo(150);
    }

    @Test
    void laneSaysWhereItsRecordsCameFrom() {
        fixture.broker().createTopic("origin", 1, Map.of());
        fixture.create(rest(), "origin", fixture.config("origin", 1));
        try (TopicFeed feed = fixture.feed()) {
            feed.sendRandom(new Random(1), "origin", 1, 10);
        }
        fixture.awaitArchived("origin");

        LaneInfo lane = ArchiveDump.lane(fixture.table("origin"), 0);

        assertThat(lane.properties())
                .containsEntry("kafka.topic", "origin")
                .containsEntry("kafka.partition", "0")
                .containsEntry("kafka.generation", "0")
                .containsEntry("kafka.cluster.id", fixture.broker().clusterId())
                .containsEntry(
                        "kafka.topic.id", fixture.broker().topicId("origin").toString());
        assertThat(lane.properties().get("firn.owner")).contains("connector origin, task 0");
    }

    @Test
    void valuesThatAreNotBytesFailWithTheLinesToAdd() {
        fixture.broker().createTopic("strings", 1, Map.of());
        Map<String, String> config = fixture.config("strings", 1);
        config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        rest().create("strings", config);
        try (TopicFeed feed = fixture.feed()) {
            feed.send(record("strings", null, bytes("text")));
        }

        assertThat(rest().awaitFailure("strings", SinkFixture.TIMEOUT))
                .contains("The value of strings-0@0 is a java.lang.String")
                .contains("key.converter=" + SinkFixture.BYTES)
                .contains("value.converter=" + SinkFixture.BYTES)
                .contains("header.converter=" + SinkFixture.BYTES);
        rest().delete("strings");
    }

    @Test
    void recordsWithoutAPartitionFieldGoToTheDeadLetterQueueAndTheRestIsArchived() {
        fixture.broker().createTopic("errant", 1, Map.of());
        Map<String, String> config = fixture.config("errant", 1);
        config.put("partition.missing.field", "errant");
        config.put("errors.tolerance", "all");
        config.put("errors.deadletterqueue.topic.name", "errant-dlq");
        config.put("errors.deadletterqueue.topic.replication.factor", "1");
        fixture.create(rest(), "errant", config);
        try (TopicFeed feed = fixture.feed()) {
            feed.send(record("errant", null, bytes("{\"origin\":\"ATL\"}")));
            feed.send(record("errant", null, bytes("{\"other\":\"ATL\"}")));
            feed.send(record("errant", null, bytes("not json")));
            feed.send(record("errant", null, bytes("{\"origin\":\"ORD\"}")));
            feed.send(record("errant", null, null));
        }

        Waiting.until(
                "the position",
                SinkFixture.TIMEOUT,
                () -> ArchiveDump.lane(fixture.table("errant"), 0).position() == 5);

        assertThat(ArchiveDump.read(fixture.table("errant")))
                .extracting(DumpedRecord::offset)
                .containsExactly(0L, 3L);
        assertThat(fixture.dump("errant-dlq")).hasSize(3);
    }

    @Test
    void badOptionsAreToldWithTheirValueAndTheRemedy() {
        Map<String, String> config = fixture.config("any", 1);
        config.put("name", "any");
        assertThat(rest().validationErrors(FirnSinkConnector.class.getName(), config))
                .isEmpty();
        config.put("firn.path", "relative/path");
        config.put("record.format", "xml");
        config.put("commit.interval.ms", "1");
        config.put("partition.fields", "dt:nonsense=timestamp");
        config.put("on.offset.gap", "fail");
        config.put("source.bootstrap.servers", "");

        assertThat(rest().validationErrors(FirnSinkConnector.class.getName(), config))
                .anyMatch(error -> error.contains("'relative/path' for 'firn.path'") && error.contains("/data/firn"))
                .anyMatch(error -> error.contains("'xml' for 'record.format'") && error.contains("raw"))
                .anyMatch(error -> error.contains("'1' for 'commit.interval.ms'"))
                .anyMatch(error -> error.contains("nonsense"))
                .anyMatch(error -> error.startsWith("on.offset.gap") && error.contains("source.bootstrap.servers"))
                .hasSize(5);
    }

    @Test
    void changedTableOptionsReachATableThatExists() {
        fixture.broker().createTopic("changed", 4, Map.of());
        Map<String, String> config = fixture.config("changed", 4);
        config.put("segment.size", "1MiB");
        config.put("index.stride", "50");
        fixture.create(rest(), "changed", config);
        try (TopicFeed feed = fixture.feed()) {
            feed.sendRandom(new Random(1), "changed", 4, 2_000);
        }
        fixture.awaitArchived("changed");
        try (Table table = Table.open(fixture.table("changed"))) {
            table.updateConfig(stored ->
                    stored.toBuilder().set(TableOption.HOT_ROLL_MS, "123456").build());
        }

        rest().delete("changed");
        config.put("segment.size", "2MiB");
        config.put("firn.table.changed.compression.level", "9");
        config.remove("index.stride");
        fixture.create(rest(), "changed", config);
        try (TopicFeed feed = fixture.feed()) {
            feed.sendRandom(new Random(2), "changed", 4, 2_000);
        }

        fixture.assertArchiveEqualsTopic("changed");
        try (Table table = Table.open(fixture.table("changed"))) {
            assertThat(table.config().segmentSizeBytes()).isEqualTo(2 << 20);
            assertThat(table.config().compressionLevel()).isEqualTo(9);
            assertThat(table.config().indexStride()).isEqualTo(50);
            assertThat(table.config().hotRollMs()).isEqualTo(123_456);
        }
        assertThat(worker.logText().lines().filter(line -> line.contains("table option changed")))
                .anyMatch(line -> line.contains("option=segment.size from=1048576 to=2097152"))
                .anyMatch(line -> line.contains("option=compression.level from=3 to=9"))
                .hasSize(2);
    }

    @Test
    void otherPartitionFieldsForATableThatExistsAreRefused() {
        fixture.broker().createTopic("fixed", 1, Map.of());
        Map<String, String> config = fixture.config("fixed", 1);
        fixture.create(rest(), "fixed", config);
        try (TopicFeed feed = fixture.feed()) {
            feed.sendRandom(new Random(1), "fixed", 1, 10);
        }
        fixture.awaitArchived("fixed");

        rest().delete("fixed");
        config.put("partition.fields", "dt:date=timestamp,origin:string=value.destination");
        rest().create("fixed", config);

        assertThat(rest().awaitFailure("fixed", SinkFixture.TIMEOUT))
                .contains("'partition.fields' cannot be changed from 'dt:date=timestamp,origin:string=value.origin'")
                .contains("to 'dt:date=timestamp,origin:string=value.destination'")
                .contains("create another table");
        rest().delete("fixed");
    }

    private static ConnectRest rest() {
        return worker.rest();
    }

    private static ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            String topic, byte @Nullable [] key, byte @Nullable [] value) {
        return new ProducerRecord<>(topic, 0, 978_307_200_000L, key, value, new RecordHeaders());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
