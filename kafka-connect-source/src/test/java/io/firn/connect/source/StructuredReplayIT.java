package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cli.CliCommand;
import io.firn.connect.cli.TopicCommands;
import io.firn.connect.testing.TestBroker;
import io.firn.connect.testing.TestCluster;
import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
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
    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final String STRING = "org.apache.kafka.connect.storage.StringConverter";
    private static final Map<String, String> JSON_WITH_SCHEMAS = Map.of(
            "key.converter",
            STRING,
            "value.converter",
            JSON,
            "header.converter",
            JSON,
            "header.converter.schemas.enable",
            "true");
    private static final int RECORDS = 300;
    private static final long TIME_MS = Orders.TIME_MS;

    @TempDir
    static Path directory;

    private static TestCluster cluster;
    private static TestBroker broker;
    private static TestWorker worker;
    private static TopicCommands firn;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(directory.resolve("archive"));
        cluster = TestCluster.start(directory);
        broker = cluster.broker();
        firn = new TopicCommands(broker, directory.resolve("archive"));
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
    void jsonWithSchemasComesBackAsTheSameBytes() throws IOException {
        try (JsonConverter json = json(true);
                TopicFeed feed = feed("orders")) {
            Schema first = Orders.schema(1);
            Schema second = Orders.schema(2);
            for (int i = 0; i < RECORDS; i++) {
                Schema schema = i % 7 == 3 ? second : first;
                byte[] value = json.fromConnectData("orders", schema, Orders.order(schema, i));
                RecordHeaders headers = new RecordHeaders();
                headers.add("h", json.fromConnectData("orders", Schema.INT32_SCHEMA, i))
                        .add("h", json.fromConnectData("orders", Schema.OPTIONAL_STRING_SCHEMA, null))
                        .add(
                                "H",
                                json.fromConnectData(
                                        "orders",
                                        Orders.ITEM,
                                        Orders.order(schema, i)
                                                .getArray("items")
                                                .get(0)));
                feed.send(new ProducerRecord<>(
                        "orders", i % 2, TIME_MS + i, bytes("key " + i % 3), i % 11 == 5 ? null : value, headers));
            }
            feed.flush();
        }
        archive(
                "orders",
                JSON_WITH_SCHEMAS,
                Map.of(
                        "partition.fields", "dt:date=value.at,k:string=key,h:int=header.h",
                        "partition.missing.field", "null"));
        replay("orders", JSON_WITH_SCHEMAS);
    }

    @Test
    void jsonWithoutSchemasComesBackAsTheSameBytes() throws IOException {
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
        Path config = replay("free", converters, Map.of("poll.max.records", "7"));
        groupFollows("free", "free-out", config);
    }

    /** A converter of bytes fits what was bytes, here the keys, and headers of which there are none. */
    @Test
    void bytesInStructuredRecordsComeBackThroughAConverterOfBytes() throws IOException {
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
        assertThat(firn.run(List.of("verify", firn.table("texts"), "texts", "--against", broker.bootstrapServers())))
                .isEqualTo(CliCommand.USAGE);
        assertThat(firn.messages()).contains("holds structured records", "--converter-config");
    }

    @Test
    void aVerifyFindsAndShowsWhatIsNotAsArchived() throws Exception {
        feedOrders("sales");
        archive("sales", JSON_WITH_SCHEMAS, Map.of());
        List<ConsumerRecord<byte[], byte[]>> sales = TopicDump.recordsOf(broker.bootstrapServers(), "sales");
        Path config = directory.resolve("converters.properties");
        Files.write(
                config,
                JSON_WITH_SCHEMAS.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toList());
        assertThat(firn.verify("sales", "sales", config, "--original"))
                .as(firn::toString)
                .isEqualTo(CliCommand.DONE);
        assertThat(firn.verifyInAProcess("sales", "sales", config))
                .as("the launcher has the converters")
                .contains("identical");

        ConsumerRecord<byte[], byte[]> one = sales.stream()
                .filter(record -> record.partition() == 0 && record.offset() == 7)
                .findFirst()
                .orElseThrow();
        String value = new String(one.value(), StandardCharsets.UTF_8);
        assertThat(firn.verify("sales", sent("spaced", with(sales, one, value + "  ", one.headers())), config))
                .as("the same in other bytes %s", firn)
                .isEqualTo(CliCommand.DONE);
        String dearer = value.replace("\"id\":7,", "\"id\":70,");
        assertThat(different("changed", with(sales, one, dearer, one.headers()), config))
                .contains(
                        "changed-0 differs after 7 equal records: record 7 of the archive and offset 7 of the topic",
                        "value.id 7 became 70");
        RecordHeaders headers = new RecordHeaders();
        headers.add("h", json(true).fromConnectData("", Schema.INT32_SCHEMA, -1));
        assertThat(different("header", with(sales, one, value, headers), config))
                .contains("header 'h' 7 became -1");
        assertThat(different("bare", with(sales, one, value, new RecordHeaders()), config))
                .contains("headers [h] became []");
        assertThat(different("cut", with(sales, one, "{", one.headers()), config))
                .contains("value '{' (1 bytes) of the topic cannot be read by " + JSON);
        assertThat(different(
                        "gap", sales.stream().filter(record -> record != one).toList(), config))
                .contains("gap-0 differs after 7 equal records", "timestamp");
        assertThat(different("short", sales.subList(0, sales.size() - 1), config))
                .contains("of the archive and those behind it are not in the topic");
        Files.writeString(config, "key.converter=String\nvalue.converter=Integer\n");
        assertThat(firn.verify("sales", "sales", config)).isEqualTo(CliCommand.FAILED);
        assertThat(firn.messages())
                .contains(
                        "Cannot compare record 0 of the archive with offset 0 of sales-0: its value Struct{id=0,",
                        "(schema: STRUCT io.acme.Order)",
                        "org.apache.kafka.connect.converters.IntegerConverter",
                        "--converter-config");
    }

    private static void feedOrders(String topic) {
        Schema schema = Orders.schema(1);
        try (JsonConverter json = json(true);
                TopicFeed feed = feed(topic)) {
            for (int i = 0; i < 20; i++) {
                RecordHeaders headers = new RecordHeaders();
                headers.add("h", json.fromConnectData(topic, Schema.INT32_SCHEMA, i));
                byte[] value = json.fromConnectData(topic, schema, Orders.order(schema, i));
                feed.send(new ProducerRecord<>(topic, i / 10, TIME_MS + i, bytes("k" + i), value, headers));
            }
            feed.flush();
        }
    }

    private static String different(String target, List<ConsumerRecord<byte[], byte[]>> records, Path config) {
        assertThat(firn.verify("sales", sent(target, records), config))
                .as(firn::toString)
                .isEqualTo(CliCommand.FAILED);
        assertThat(firn.output()).endsWith("different\n");
        return firn.output();
    }

    /** The records, one of them with another value and headers. */
    private static List<ConsumerRecord<byte[], byte[]>> with(
            List<ConsumerRecord<byte[], byte[]>> records,
            ConsumerRecord<byte[], byte[]> one,
            String value,
            Headers headers) {
        ConsumerRecord<byte[], byte[]> other = new ConsumerRecord<>(
                one.topic(),
                one.partition(),
                one.offset(),
                one.timestamp(),
                one.timestampType(),
                0,
                0,
                one.key(),
                bytes(value),
                headers,
                Optional.empty());
        return records.stream().map(record -> record == one ? other : record).toList();
    }

    private static String sent(String topic, List<ConsumerRecord<byte[], byte[]>> records) {
        try (TopicFeed feed = feed(topic)) {
            records.forEach(record -> feed.copy(record, topic));
            feed.flush();
        }
        return topic;
    }

    /** A group that stood in the middle of a topic goes to the same record of the replayed one. */
    private static void groupFollows(String topic, String target, Path converters) {
        ConsumerRecord<byte[], byte[]> next = TopicDump.recordsOf(broker.bootstrapServers(), topic).stream()
                .filter(record -> record.partition() == 1)
                .skip(RECORDS / 4)
                .findFirst()
                .orElseThrow();
        broker.call(admin -> admin.alterConsumerGroupOffsets(
                        "audit", Map.of(new TopicPartition(topic, 1), new OffsetAndMetadata(next.offset())))
                .all());
        assertThat(firn.moveGroup("audit", topic, target, converters))
                .as(firn::toString)
                .isEqualTo(CliCommand.DONE);
        Map<TopicPartition, OffsetAndMetadata> moved =
                broker.call(admin -> admin.listConsumerGroupOffsets("audit").partitionsToOffsetAndMetadata());
        OffsetAndMetadata offset = Objects.requireNonNull(moved.get(new TopicPartition(target, 1)));
        assertThat(TopicDump.recordsOf(broker.bootstrapServers(), target))
                .filteredOn(record -> record.partition() == 1 && record.offset() == offset.offset())
                .singleElement()
                .satisfies(record -> assertThat(record.offset())
                        .as("transactions end in between")
                        .isNotEqualTo(next.offset()))
                .satisfies(record -> assertThat(record.value()).isEqualTo(next.value()))
                .satisfies(record -> assertThat(record.timestamp()).isEqualTo(next.timestamp()));
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

    private static void replay(String topic, Map<String, String> converters) throws IOException {
        replay(topic, converters, Map.of());
    }

    /** Replays a topic and compares all of it; returns the connector's configuration as the worker shows it. */
    private static Path replay(String topic, Map<String, String> converters, Map<String, String> options)
            throws IOException {
        broker.createTopic(topic + "-out", 2, Map.of("retention.ms", "-1"));
        Map<String, String> source = source(topic, converters);
        source.putAll(options);
        worker.rest().create("replay-" + topic, source);
        TopicDump expected = dump(topic);
        Waiting.until(
                "the replay of " + topic,
                TIMEOUT,
                () -> dump(topic + "-out").records().size()
                        >= expected.records().size(),
                () -> worker.rest().status("replay-" + topic).toString());
        Path config = Files.writeString(
                directory.resolve("replay-" + topic + ".json"),
                worker.rest().call("GET", "/connectors/replay-" + topic, null).toString());
        worker.rest().delete("replay-" + topic);
        assertThat(expected.differencesInContent(dump(topic + "-out"))).isEmpty();
        try (Table table = Table.open(directory.resolve("archive").resolve(topic))) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            assertThat(table.schemas().all()).isNotEmpty();
        }
        assertThat(firn.verify(topic, topic + "-out", config))
                .as(firn::toString)
                .isEqualTo(CliCommand.DONE);
        assertThat(firn.output()).endsWith("identical\n");
        return config;
    }

    private static TopicDump dump(String topic) {
        return TopicDump.readCommitted(broker.bootstrapServers(), topic);
    }

    private static byte @Nullable [] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
