package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cli.CliCommand;
import io.firn.cli.Main;
import io.firn.connect.testing.TestBroker;
import io.firn.connect.testing.TestCluster;
import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.lifecycle.TableVerifier;
import io.firn.table.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both connectors, as packaged, in one real worker: what converters make of a topic is archived and replayed, and the
 * same converters write the same bytes again.
 */
@Tag("containers")
class StructuredReplayIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final String STRING = "org.apache.kafka.connect.storage.StringConverter";
    private static final int RECORDS = 300;
    private static final long TIME_MS = 978_307_200_000L;

    @TempDir
    static Path directory;

    private static TestCluster cluster;
    private static TestBroker broker;
    private static TestWorker worker;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(directory.resolve("archive"));
        cluster = TestCluster.start(directory);
        broker = cluster.broker();
        Path sink = Path.of("..", "kafka-connect-sink");
        assertThat(sink.resolve("target/plugin"))
                .as("build the sink's plugin first: mvn package")
                .isDirectory();
        worker = cluster.startWorker(List.of(Path.of(""), sink), Map.of("exactly.once.source.support", "enabled"));
    }

    @AfterAll
    static void stop() {
        worker.close();
        cluster.close();
    }

    private static final Schema ITEM = SchemaBuilder.struct()
            .name("io.acme.Item")
            .optional()
            .field("count", Schema.INT16_SCHEMA)
            .field("data", Schema.OPTIONAL_BYTES_SCHEMA)
            .build();

    private static Schema order(int version) {
        SchemaBuilder builder = SchemaBuilder.struct()
                .name("io.acme.Order")
                .version(version)
                .doc("an order")
                .parameter("owner", "sales")
                .field("id", Schema.INT64_SCHEMA)
                .field("tiny", Schema.INT8_SCHEMA)
                .field("price", Decimal.schema(3))
                .field("at", Timestamp.SCHEMA)
                .field(
                        "day",
                        org.apache.kafka.connect.data.Date.builder().optional().build())
                .field("time", Time.builder().optional().build())
                .field(
                        "note",
                        SchemaBuilder.string().optional().defaultValue("none").build())
                .field("items", SchemaBuilder.array(ITEM).build())
                .field(
                        "stock",
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.FLOAT64_SCHEMA)
                                .build())
                .field(
                        "byNumber",
                        SchemaBuilder.map(Schema.INT32_SCHEMA, ITEM).optional().build());
        if (version > 1) {
            builder.field("added-later", SchemaBuilder.bool().defaultValue(true).build());
        }
        return builder.build();
    }

    @SuppressWarnings("JavaUtilDate") // Connect's own class
    private static Struct order(Schema schema, int number) {
        Struct item = new Struct(ITEM).put("count", (short) number).put("data", new byte[] {(byte) number});
        Struct order = new Struct(schema)
                .put("id", (long) number)
                .put("tiny", (byte) number)
                .put("price", new BigDecimal("1.5").setScale(3).add(BigDecimal.valueOf(number)))
                .put("at", Date.from(Instant.ofEpochMilli(TIME_MS + number)))
                .put("items", Arrays.asList(item, null))
                .put("stock", Map.of("a", number / 2.0));
        if (number % 2 == 0) {
            order.put("day", new Date(TIME_MS)).put("time", new Date(number)).put("byNumber", Map.of(7, item));
        }
        return order;
    }

    private static JsonConverter json(boolean schemas) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", schemas), false);
        return converter;
    }

    @Test
    void thePluginHasTheTranslationAndNoSecondSink() throws IOException {
        assertThat(worker.rest().connectorPlugins())
                .containsOnlyOnce("io.firn.connect.sink.FirnSinkConnector")
                .contains(FirnSourceConnector.class.getName());
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of("target/plugin/firn-kafka-connect-source"))) {
            jars = files.toList();
        }
        assertThat(jars)
                .extracting(jar -> jar.getFileName().toString())
                .anyMatch(name -> name.startsWith("avro-"))
                .noneMatch(name -> name.startsWith("commons-"))
                .filteredOn(name -> name.startsWith("firn-kafka-connect-sink"))
                .singleElement()
                .asString()
                .endsWith("-common.jar");
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                assertThat(file.stream().map(ZipEntry::getName))
                        .as("%s", jar)
                        .noneMatch(name -> name.contains("FirnSinkConnector") || name.endsWith("sink.SinkConnector"));
            }
        }
    }

    @Test
    void jsonWithSchemasComesBackAsTheSameBytes() {
        try (JsonConverter json = json(true);
                TopicFeed feed = feed("orders")) {
            Schema first = order(1);
            Schema second = order(2);
            for (int i = 0; i < RECORDS; i++) {
                Schema schema = i % 7 == 3 ? second : first;
                byte[] value = json.fromConnectData("orders", schema, order(schema, i));
                RecordHeaders headers = new RecordHeaders();
                headers.add("h", json.fromConnectData("orders", Schema.INT32_SCHEMA, i))
                        .add("h", json.fromConnectData("orders", Schema.OPTIONAL_STRING_SCHEMA, null))
                        .add(
                                "H",
                                json.fromConnectData(
                                        "orders",
                                        ITEM,
                                        order(schema, i).getArray("items").get(0)));
                feed.send(new ProducerRecord<>(
                        "orders", i % 2, TIME_MS + i, bytes("key " + i % 3), i % 11 == 5 ? null : value, headers));
            }
            feed.flush();
        }
        Map<String, String> converters = Map.of(
                "key.converter",
                STRING,
                "value.converter",
                JSON,
                "header.converter",
                JSON,
                "header.converter.schemas.enable",
                "true");
        archive(
                "orders",
                converters,
                Map.of(
                        "partition.fields", "dt:date=value.at,k:string=key,h:int=header.h",
                        "partition.missing.field", "null"));
        replay("orders", converters);
    }

    @Test
    void jsonWithoutSchemasComesBackAsTheSameBytes() {
        try (JsonConverter json = json(false);
                TopicFeed feed = feed("free")) {
            for (int i = 0; i < RECORDS; i++) {
                String text = "{\"id\":" + i + ",\"list\":[1,2.5,\"x\",null,{\"deep\":{\"er\":[]}}],\"flag\":true}";
                SchemaAndValue canonical = json.toConnectData("free", bytes(text));
                byte[] value = json.fromConnectData("free", canonical.schema(), canonical.value());
                feed.send(new ProducerRecord<>("free", i % 2, TIME_MS + i, bytes("" + i), i % 9 == 0 ? null : value));
            }
            feed.flush();
        }
        Map<String, String> converters = Map.of(
                "key.converter",
                JSON,
                "key.converter.schemas.enable",
                "false",
                "value.converter",
                JSON,
                "value.converter.schemas.enable",
                "false");
        archive("free", converters, Map.of("partition.fields", "odd:int=value.id"));
        replay("free", converters);
    }

    /** A converter of bytes fits what was bytes, here the keys, and headers of which there are none. */
    @Test
    void bytesInStructuredRecordsComeBackThroughAConverterOfBytes() {
        try (TopicFeed feed = feed("keys")) {
            for (int i = 0; i < 20; i++) {
                byte[] key = i % 5 == 0 ? null : new byte[] {(byte) i, 0, (byte) 0xFF};
                feed.send(new ProducerRecord<>("keys", i % 2, TIME_MS + i, key, bytes("v" + i)));
            }
            feed.flush();
        }
        Map<String, String> converters =
                Map.of("key.converter", BYTES, "value.converter", STRING, "header.converter", BYTES);
        archive("keys", converters, Map.of());
        replay("keys", converters);
    }

    @Test
    void convertersThatDoNotFitAreRefusedWithTheRemedy() {
        try (TopicFeed feed = feed("texts")) {
            feed.send(new ProducerRecord<>("texts", 0, TIME_MS, bytes("k"), bytes("v")));
            feed.flush();
        }
        Map<String, String> text = Map.of("key.converter", STRING, "value.converter", STRING);
        archive("texts", text, Map.of());
        Map<String, String> config = source("texts", Map.of());
        config.put("value.converter", BYTES);
        assertThat(worker.rest().validationErrors(FirnSourceConnector.class.getName(), config))
                .anyMatch(error -> error.contains("structured records"));
        config.put("value.converter", STRING);
        assertThat(worker.rest().validationErrors(FirnSourceConnector.class.getName(), config))
                .noneMatch(error -> error.contains("converter"));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        String table = directory.resolve("archive").resolve("texts").toString();
        String[] verify = {"verify", table, "texts", "--against", broker.bootstrapServers()};
        assertThat(Main.run(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(), messages, verify))
                .isEqualTo(CliCommand.FAILED);
        assertThat(messages.toString(StandardCharsets.UTF_8))
                .contains("holds structured records", "compare the two topics through their converters");
    }

    private static TopicFeed feed(String topic) {
        broker.createTopic(topic, 2, Map.of("retention.ms", "-1"));
        return TopicFeed.open(broker.bootstrapServers());
    }

    private static void archive(String topic, Map<String, String> converters, Map<String, String> options) {
        Map<String, String> config = new HashMap<>(converters);
        config.put("connector.class", "io.firn.connect.sink.FirnSinkConnector");
        config.put("tasks.max", "1");
        config.put("topics", topic);
        config.put("firn.path", directory.resolve("archive").toString());
        config.put("record.format", "structured");
        config.put("commit.interval.ms", "200");
        config.put("disk.min.free.bytes", "0");
        config.put("partition.missing.field", "null");
        config.putAll(options);
        int wanted = dump(topic).records().size();
        worker.rest().create("archive-" + topic, config);
        Waiting.until(
                wanted + " records of " + topic,
                TIMEOUT,
                () -> archived(topic) >= wanted,
                () -> worker.rest().status("archive-" + topic).toString());
        worker.rest().delete("archive-" + topic);
    }

    private static long archived(String topic) {
        Path path = directory.resolve("archive").resolve(topic);
        if (!Files.exists(path.resolve("_table/metadata.json"))) {
            return 0;
        }
        try (Table table = Table.open(path)) {
            return table.lanes().stream().mapToLong(lane -> lane.position()).sum();
        }
    }

    private static Map<String, String> source(String topic, Map<String, String> converters) {
        Map<String, String> config = new HashMap<>(converters);
        config.put("connector.class", FirnSourceConnector.class.getName());
        config.put("tasks.max", "1");
        config.put("firn.path", directory.resolve("archive").toString());
        config.put("restore.topics", topic);
        config.put("restore.topic.map", topic + ":" + topic + "-out");
        config.put("target.bootstrap.servers", broker.workersBootstrapServers());
        return config;
    }

    private static void replay(String topic, Map<String, String> converters) {
        broker.createTopic(topic + "-out", 2, Map.of("retention.ms", "-1"));
        worker.rest().create("replay-" + topic, source(topic, converters));
        TopicDump expected = dump(topic);
        Waiting.until(
                "the replay of " + topic,
                TIMEOUT,
                () -> dump(topic + "-out").records().size()
                        >= expected.records().size(),
                () -> worker.rest().status("replay-" + topic).toString());
        worker.rest().delete("replay-" + topic);
        assertThat(expected.differencesInContent(dump(topic + "-out"))).isEmpty();
        try (Table table = Table.open(directory.resolve("archive").resolve(topic))) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            assertThat(table.schemas().all()).isNotEmpty();
        }
    }

    private static TopicDump dump(String topic) {
        return TopicDump.readCommitted(broker.bootstrapServers(), topic);
    }

    private static byte @Nullable [] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
