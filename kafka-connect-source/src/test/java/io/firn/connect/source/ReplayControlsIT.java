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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every control of a replay on a real worker, exactly once, over two small archived topics. */
class ReplayControlsIT {
    private static final int RECORDS = 1_200;
    private static final int PARTITIONS = 4;
    private static final long START_MS = 978_307_200_000L;
    private static final String MODE = "restore.partition.mode";

    @TempDir
    static Path directory;

    private static SourceWorld world;

    @BeforeAll
    static void startWorld() throws IOException {
        world = SourceWorld.start(directory);
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
        assertThat(values("folded", 0).stream().filter(values("eu.a", 2)::contains))
                .containsExactlyElementsOf(values("eu.a", 2));
    }

    @Test
    void spreadsKeysAsAProducerWould() {
        world.createTopic("produced", 3);
        try (TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
            consumed("eu.a").stream()
                    .filter(record -> record.key() != null)
                    .forEach(record ->
                            feed.send(new ProducerRecord<>("produced", null, 1L, record.key(), record.value())));
            feed.flush();
        }
        Map<String, String> config = config("hashed", 3);
        config.put(MODE, "key-hash");
        replay("hashed", config, RECORDS);

        Map<String, Integer> expected = new HashMap<>();
        consumed("produced").forEach(record -> expected.put(text(record.value()), record.partition()));
        for (ConsumerRecord<byte[], byte[]> record : consumed("hashed")) {
            int withoutKey = Integer.parseInt(text(record.value()).split("-")[1]) % PARTITIONS % 3;
            assertThat(record.partition()).isEqualTo(expected.getOrDefault(text(record.value()), withoutKey));
        }
        assertThat(expected.values()).contains(0, 1, 2);
    }

    @Test
    void sendsEverythingToOnePartitionButWhatTheMapTakesElsewhere() {
        Map<String, String> config = config("fixed", 3);
        config.put(MODE, "fixed:2");
        config.put("restore.partition.map", "eu.*:1=0");
        replay("fixed", config, RECORDS);

        assertThat(values("fixed", 0)).isEqualTo(values("eu.a", 1));
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
    void refusesWrongValuesWithTheRemedy() {
        Map<String, String> config = world.config("t", "u");
        config.remove("target.bootstrap.servers");
        config.put(MODE, "modulo");
        config.put("restore.partition.map", "flights:0");
        config.put("restore.topic.template", "${topic} replay");

        assertThat(world.rest().validationErrors(FirnSourceConnector.class.getName(), config))
                .anyMatch(error -> error.startsWith(MODE) && error.contains("restore.partition.count"))
                .anyMatch(error -> error.startsWith("restore.partition.map: ") && error.contains("flights:0=100"))
                .anyMatch(error -> error.startsWith("restore.topic.template: ") && error.contains("${topic}-replay"));
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
        world.rest().delete(connector);
        return trace;
    }

    private static String state(String connector) {
        return world.rest().status(connector).path("connector").path("state").asText();
    }

    /** Values of the archived topic in the partitions that are asked for. */
    private static List<String> archived(IntPredicate partitions) {
        List<String> values = new ArrayList<>();
        for (int p = 0; p < PARTITIONS; p++) {
            if (partitions.test(p)) {
                values.addAll(values("eu.a", p));
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

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
