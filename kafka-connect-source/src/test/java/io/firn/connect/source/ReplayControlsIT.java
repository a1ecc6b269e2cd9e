package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every control of a replay on a real worker, exactly once, over two small archived topics. */
@Tag("containers")
class ReplayControlsIT {
    private static final int RECORDS = 800;
    private static final int PARTITIONS = 4;
    private static final long START_MS = 978_307_200_000L;
    private static final String MODE = "restore.partition.mode";

    @TempDir
    static Path directory;

    private static SourceWorld world;

    @BeforeAll
    static void startWorld() throws IOException {
        world = SourceWorld.startWithFastFailover(directory);
        for (String topic : List.of("eu.a", "eu.b")) {
            world.createTopic(topic, PARTITIONS);
            try (TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
                for (int i = 0; i < RECORDS; i++) {
                    feed.send(record(topic, i));
                }
                feed.flush();
            }
            ArchiveFixture.archiveTopic(
                    world.archive(), "dt:date=timestamp", world.broker().bootstrapServers(), topic);
        }
    }

    @AfterAll
    static void closeWorld() {
        world.close();
    }

    @Test
    void foldsPartitionsIntoFewer() {
        Map<String, String> config = config("folded", 2);
        config.put(MODE, "modulo");
        replay("folded", config, RECORDS);

        assertThat(values("folded", 0)).containsExactlyInAnyOrderElementsOf(archived(p -> p % 2 == 0));
        assertThat(values("folded", 1)).containsExactlyInAnyOrderElementsOf(archived(p -> p % 2 == 1));
        assertThat(values("folded", 0).stream().filter(archived(p -> p == 2)::contains))
                .containsExactlyElementsOf(archived(p -> p == 2));
    }

    @Test
    void spreadsKeysAsAProducerWould() {
        world.createTopic("produced", 3);
        try (TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
            for (int i = 0; i < RECORDS; i++) {
                ProducerRecord<byte[], byte[]> record = record("eu.a", i);
                if (record.key() != null) {
                    feed.send(new ProducerRecord<>("produced", null, 1L, record.key(), record.value()));
                }
            }
            feed.flush();
        }
        Map<String, String> config = config("hashed", 3);
        config.put(MODE, "key-hash");
        replay("hashed", config, RECORDS);

        Map<String, Integer> expected = new HashMap<>();
        consumed("produced").forEach(record -> expected.put(text(record.value()), record.partition()));
        for (ConsumerRecord<byte[], byte[]> record : consumed("hashed")) {
            int withoutKey = Integer.parseInt(text(record.value()).split("-", -1)[1]) % PARTITIONS % 3;
            assertThat(record.partition()).isEqualTo(expected.getOrDefault(text(record.value()), withoutKey));
        }
        assertThat(expected.values()).contains(0, 1, 2);
    }

    @Test
    void sendsEverythingToOnePartitionButWhatTheMapTakesElsewhere() {
        Map<String, String> config = config("fixed", 3);
        config.put(MODE, "fixed:2");
        config.put("restore.partition.map", "eu.*:1=0");
        config.put("replay.speed", "1000");
        replay("fixed", config, RECORDS);

        assertThat(values("fixed", 0)).isEqualTo(archived(p -> p == 1));
        assertThat(values("fixed", 1)).isEmpty();
        assertThat(values("fixed", 2)).containsExactlyInAnyOrderElementsOf(archived(p -> p != 1));
    }

    @Test
    void checksTheTargetByTheMode() {
        world.createTopic("few", 2);
        Map<String, String> config = world.config("eu.a", "few");
        config.put(MODE, "fixed:2");
        assertThat(failureOf("few", config)).contains("has 2 partitions and the replay needs 3");
        config.put(MODE, "modulo");
        config.put("restore.partition.count", "4");
        assertThat(failureOf("few", config)).contains("has 2 partitions and the replay needs 4");
    }

    @Test
    void replaysTopicsUnderNamesOfATemplateWithoutTheExcludedOnes() {
        world.createTopic("eu.b-replay", PARTITIONS);
        Map<String, String> config = world.config("eu.*", "unused");
        config.remove("restore.topic.map");
        config.put("restore.topics.exclude", "*.a");
        config.put("restore.topic.template", "${topic}-replay");
        world.rest().create("template", config);
        world.awaitRecords("template", "eu.b-replay", RECORDS);

        assertThat(world.dump("eu.b").differencesInContent(world.dump("eu.b-replay")))
                .isEmpty();
        world.rest().delete("template");
    }

    @Test
    void mergesEverythingTwiceInTheOrderOfTimeThoughTheWorkerIsKilled() {
        world.createTopic("merged", 1);
        Map<String, String> config = world.config("eu.*", "unused");
        config.put("restore.topic.map", "eu.*:merged");
        config.put(MODE, "fixed:0");
        config.put("restore.order", "timestamp");
        config.put("restore.loop", "2");
        config.put("replay.rate.records", "300");
        config.put("replay.rate.bytes", "1000000");
        config.put("poll.max.records", "50");
        List<String> once = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            once.add("eu.a-" + i);
            once.add("eu.b-" + i);
        }

        world.rest().create("merged", config);
        world.awaitRecords("merged", "merged", 2 * RECORDS + 100);
        world.worker().kill();
        int atKill = consumed("merged").size();
        world.killAndRestartWorker();
        world.awaitRecords("merged", "merged", 4 * RECORDS);

        List<String> values = values("merged", 0);
        assertThat(atKill).isLessThan(4 * RECORDS);
        assertThat(values.subList(0, 2 * RECORDS)).isEqualTo(once);
        assertThat(values.subList(2 * RECORDS, values.size())).isEqualTo(once);
        assertThat(world.rest().offsets("merged").path("offsets"))
                .hasSize(2 * PARTITIONS)
                .allMatch(entry -> entry.path("offset").path("loop").asInt() == 1);
        world.rest().delete("merged");
    }

    @Test
    void aRecordIsVisibleWhileTheNextOneWaitsForItsTime() {
        Map<String, String> config = config("paced", PARTITIONS);
        config.put("replay.speed", "0.0001");
        config.put("replay.max.gap.ms", "900");
        world.rest().create("paced", config);
        world.awaitRecords("paced", "paced", 1);

        assertThat(values("paced", 0)).containsExactly("eu.a-0");
        world.rest().delete("paced");
    }

    @Test
    void choosesRecordsMovesTheirTimesAndSaysWhereTheyCameFrom() {
        Map<String, String> config = config("chosen", PARTITIONS);
        config.put("restore.offsets.from", "eu.a:0=100");
        config.put("restore.offsets.to", "eu.*:0=200,eu.a:*=50");
        config.put("restore.records", "header.kind = 'third' and key is not null");
        config.put("restore.headers.provenance", "true");
        config.put("restore.from", "2001-01-01");
        config.put("replay.timestamps", "shift");
        config.put("replay.timestamps.shift.to", "2001-01-02");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            int offset = i / PARTITIONS;
            boolean inRange = i % PARTITIONS == 0 ? offset >= 100 && offset < 200 : offset < 50;
            if (inRange && i % 3 == 0 && i % 10 != 0) {
                expected.add("eu.a|" + i % PARTITIONS + "|" + offset + "|" + (START_MS + i * 1_000L) + "|eu.a-" + i);
            }
        }
        replay("chosen", config, expected.size());

        List<ConsumerRecord<byte[], byte[]>> records = consumed("chosen");
        assertThat(records)
                .allSatisfy(record -> assertThat(record.timestamp() - 86_400_000L)
                        .isEqualTo(Long.parseLong(header(record, "firn.origin.timestamp"))));
        assertThat(records.stream()
                        .map(record -> String.join(
                                "|",
                                header(record, "firn.origin.topic"),
                                header(record, "firn.origin.partition"),
                                header(record, "firn.origin.offset"),
                                header(record, "firn.origin.timestamp"),
                                text(record.value()))))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void recordsOfNowFitIntoATopicThatForgets() {
        world.broker().createTopic("now", PARTITIONS, Map.of("retention.ms", "86400000"));
        long beforeMs = System.currentTimeMillis();
        Map<String, String> config = world.config("eu.a", "now");
        config.put("replay.timestamps", "now");
        replay("now", config, RECORDS);

        assertThat(consumed("now")).allMatch(record -> record.timestamp() >= beforeMs);
        assertThat(values("now", 3)).isEqualTo(archived(p -> p == 3));
    }

    @Test
    void refusesWrongValuesWithTheRemedy() {
        Map<String, String> config = world.config("t", "u");
        config.remove("target.bootstrap.servers");
        config.put(MODE, "modulo");
        config.put("restore.partition.map", "flights:0");
        config.put("restore.topic.template", "${topic} replay");
        config.put("restore.offsets.from", "flights=3");
        config.put("restore.records", "value = 'x'");
        config.put("restore.loop", "3");
        config.put("restore.mode", "continuous");
        config.put("restore.order", "size");
        config.put("replay.max.gap.ms", "5");
        config.put("replay.rate.records", "-4");
        config.put("replay.timestamps", "shift");

        assertThat(world.rest().validationErrors(FirnSourceConnector.class.getName(), config))
                .anyMatch(error -> error.startsWith(MODE) && error.contains("restore.partition.count"))
                .anyMatch(error -> error.startsWith("restore.partition.map: ") && error.contains("flights:0=100"))
                .anyMatch(error -> error.startsWith("restore.topic.template: ") && error.contains("${topic}-replay"))
                .anyMatch(error -> error.startsWith("restore.offsets.from: ") && error.contains("'flights=3'"))
                .anyMatch(error -> error.startsWith("restore.records: ") && error.contains("position 0"))
                .anyMatch(error -> error.startsWith("restore.loop: ") && error.contains("restore.mode=bounded"))
                .anyMatch(error ->
                        error.startsWith("restore.order: ") && error.contains("use one of partition, timestamp"))
                .anyMatch(error -> error.startsWith("replay.max.gap.ms: ") && error.contains("set replay.speed"))
                .anyMatch(error -> error.startsWith("replay.rate.records: ") && error.contains("-4"))
                .anyMatch(error -> error.startsWith("replay.timestamps: ") && error.contains("shift.ms"));
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int i) {
        byte[] key = i % 10 == 0 ? null : bytes("key-" + i % 50);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, i % PARTITIONS, START_MS + i * 1_000L, key, bytes(topic + "-" + i));
        record.headers().add("kind", bytes(i % 3 == 0 ? "third" : "other"));
        return record;
    }

    private static Map<String, String> config(String target, int partitions) {
        world.createTopic(target, partitions);
        return world.config("eu.a", target);
    }

    private static void replay(String target, Map<String, String> config, int expected) {
        world.rest().create(target, config);
        world.awaitRecords(target, target, expected);
        world.rest().delete(target);
    }

    private static String failureOf(String connector, Map<String, String> config) {
        world.rest().create(connector, config);
        Waiting.until("the failure of " + connector, SourceWorld.TIMEOUT, () -> "FAILED".equals(state(connector)));
        String trace =
                world.rest().status(connector).path("connector").path("trace").asText();
        world.deleteWithStatus(connector);
        return trace;
    }

    private static String state(String connector) {
        return world.rest().status(connector).path("connector").path("state").asText();
    }

    /** Values of the archived topic in the partitions that are asked for, in their order. */
    private static List<String> archived(IntPredicate partitions) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            if (partitions.test(i % PARTITIONS)) {
                values.add("eu.a-" + i);
            }
        }
        return values;
    }

    private static List<String> values(String topic, int partition) {
        return consumed(topic).stream()
                .filter(record -> record.partition() == partition)
                .map(record -> text(record.value()))
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> consumed(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        TopicDump.forEach(world.broker().bootstrapServers(), topic, "read_committed", records::add);
        return records;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return text(record.headers().lastHeader(name).value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
