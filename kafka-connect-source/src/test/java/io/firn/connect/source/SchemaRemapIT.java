package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.firn.connect.testing.TestRegistry;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.registry.WireFormat;
import io.firn.registry.WireSchemas;
import io.firn.schema.RecordPart;
import io.firn.schema.SchemaCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old registry gone, new registry: records are replayed with ids that mean the same schemas there. */
@Tag("containers")
class SchemaRemapIT {
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

    private static SchemaRegistry client(TestRegistry registry) {
        return SchemaRegistries.open(Map.of("schema.registry.url", registry.url()))
                .orElseThrow();
    }

    /** A string of Avro behind an id. */
    private static byte[] framed(int id, String text) {
        byte[] bytes = ("012345" + text).getBytes(StandardCharsets.UTF_8);
        bytes[0] = WireFormat.MAGIC;
        bytes[5] = (byte) (text.length() * 2);
        WireFormat.setId(bytes, id);
        return bytes;
    }

    private static String schema(int number) {
        return "{\"type\":\"record\",\"name\":\"R" + number + "\",\"fields\":[{\"name\":\"s\",\"type\":\"string\"}]}";
    }

    /** Archives a topic whose values have ten schemas of a registry that is gone afterwards. */
    private static void archive(String topic) {
        world.createTopic(topic, 1);
        try (TestRegistry old = world.startRegistry();
                SchemaRegistry registry = client(old);
                TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
            try (ArchiveFixture archive = ArchiveFixture.open(world.archive(), topic, "", topic, 0)) {
                SchemaCapture capture = new SchemaCapture(
                        registry,
                        WireSchemas.of(registry),
                        archive.table().registrySchemas(),
                        EnumSet.of(RecordPart.VALUE));
                for (int i = 0; i < 100; i++) {
                    byte[] value =
                            framed(registry.register(topic + "-value", SchemaText.avro(schema(i % 10))), "v" + i % 10);
                    capture.meet(null, value);
                    byte[] key = ("k" + i).getBytes(StandardCharsets.UTF_8);
                    feed.send(new ProducerRecord<>(topic, 0, 1_700_000_000_000L + i, key, value));
                }
                feed.flush();
                TopicDump.forEach(world.broker().bootstrapServers(), topic, "read_committed", archive::append);
                archive.commit();
            }
        }
    }

    @Test
    void recordsMeanTheSameWithTheNewRegistry() {
        archive("remapped");
        world.createTopic("remapped-out", 1);
        try (TestRegistry target = world.startRegistry();
                SchemaRegistry registry = client(target)) {
            registry.register("somebody-else", SchemaText.avro("\"long\""));
            Map<String, String> config = world.config("remapped", "remapped-out");
            config.put("schema.id.remap", "registry");
            config.put("schema.registry.url", target.workersUrl());
            world.rest().create("remapped", config);
            world.awaitRecords("remapped", "remapped-out", 100);

            List<byte[]> archived = values("remapped");
            List<byte[]> values = values("remapped-out");
            assertThat(values).hasSize(100);
            for (int i = 0; i < values.size(); i++) {
                byte[] value = values.get(i);
                assertThat(WireFormat.id(value)).isNotEqualTo(WireFormat.id(archived.get(i)));
                assertThat(registry.byId(WireFormat.id(value))).contains(SchemaText.avro(schema(i % 10)));
                assertThat(value).isEqualTo(framed(WireFormat.id(value), "v" + i % 10));
            }
            assertThat(registry.versions("remapped-out-value")).hasSize(10);
            world.rest().delete("remapped");
        }
    }

    @Test
    void withoutTheRegistryTheReplayDoesNotBegin() {
        archive("refused");
        world.createTopic("refused-out", 1);
        TestRegistry target = world.startRegistry();
        target.close();
        Map<String, String> config = world.config("refused", "refused-out");
        config.put("schema.id.remap", "registry");
        config.put("schema.registry.url", target.workersUrl());
        config.put("schema.registry.max.retries", "0");

        world.rest().create("refused", config);
        Waiting.until(
                "the connector to refuse",
                SourceWorld.TIMEOUT,
                () -> connector("refused").path("state").asText().equals("FAILED"));

        assertThat(connector("refused").path("trace").asText())
                .contains("The schema registry is not available", "schema.id.remap=off");
        assertThat(world.dump("refused-out").records()).isEmpty();
        world.rest().delete("refused");
    }

    private static List<byte[]> values(String topic) {
        List<byte[]> values = new ArrayList<>();
        TopicDump.forEach(
                world.broker().bootstrapServers(), topic, "read_committed", record -> values.add(record.value()));
        return values;
    }

    private static JsonNode connector(String name) {
        return world.rest().status(name).path("connector");
    }
}
