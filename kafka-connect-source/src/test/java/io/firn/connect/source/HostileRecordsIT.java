package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectEquality;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.testing.StubRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both connectors, as packaged, in a real worker, with records that are hard to keep: every type, null and empty parts,
 * repeated headers, 10 MiB, the ends of time, log-append time, aborted transactions, compaction. What is replayed is
 * equal in key, value and headers, with their schemas, and in timestamp and order.
 */
class HostileRecordsIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String LARGEST = "20971520";
    private static final long TIME_MS = 978_307_200_000L;
    private static final long[] TIMES_MS = {0, 1, 1L << 53, TIME_MS};
    private static final int PARTITIONS = 2;
    private static final int UPDATES = 60;
    private static final int KEYS = 7;
    private static final List<String> HEADER_NAMES = List.of("h", "H", "", "h", "ü");

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static StubRegistry registry;
    private static ConnectWorker worker;

    @BeforeAll
    static void start() throws IOException {
        Path sink = Path.of("..", "kafka-connect-sink", "target", "plugin");
        assertThat(sink).as("build the sink's plugin first: mvn package").isDirectory();
        Files.createDirectories(directory.resolve("archive"));
        broker = EmbeddedBroker.start(directory.resolve("broker"), Map.of("log.cleaner.backoff.ms", "200"));
        registry = StubRegistry.start(1);
        worker = ConnectWorker.builder(directory.resolve("worker"), broker.bootstrapServers(), sink)
                .property(
                        "plugin.path",
                        Path.of("target/plugin").toAbsolutePath() + ","
                                + sink.toAbsolutePath().normalize())
                .property("exactly.once.source.support", "enabled")
                .start();
    }

    @AfterAll
    static void stop() {
        worker.close();
        registry.close();
        broker.close();
    }

    @Test
    void bytesComeBackAsTheyWere() {
        roundTrip(HostileFormat.raw());
    }

    @Test
    void jsonWithSchemasComesBackWithEqualSchemasAndValues() {
        roundTrip(HostileFormat.json());
    }

    @Test
    void avroWithARegistryComesBackWithEqualSchemasAndValues() {
        roundTrip(HostileFormat.avro(registry.url()));
    }

    private static void roundTrip(HostileFormat format) {
        String kinds = format.name() + "-kinds";
        List<SchemaAndValue> sent = feedKinds(format, kinds, Map.of());
        String stamped = format.name() + "-stamped";
        feedKinds(format, stamped, Map.of("message.timestamp.type", "LogAppendTime"));
        String transactional = format.name() + "-tx";
        feedTransactions(format, transactional);
        String compacted = format.name() + "-compacted";
        feedAndCompact(format, compacted);
        List<String> topics = List.of(kinds, stamped, transactional, compacted);

        archive(format, topics);
        replay(format, topics);

        topics.forEach(topic -> assertSame(format, topic));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<ConsumerRecord<byte[], byte[]>> replayed = read(out(kinds), partition);
            assertThat(replayed).hasSameSizeAs(sent);
            for (int i = 0; i < sent.size(); i++) {
                assertContent(
                        format,
                        "record " + i + " as sent",
                        sent.get(i),
                        replayed.get(i).value());
            }
        }
    }

    private static String out(String topic) {
        return topic + "-out";
    }

    /** Every content as a value, in every partition; returns them in their order. */
    private static List<SchemaAndValue> feedKinds(HostileFormat format, String topic, Map<String, String> config) {
        create(topic, config);
        List<SchemaAndValue> contents = format.contents();
        try (TopicFeed feed = TopicFeed.open(broker.bootstrapServers())) {
            for (int i = 0; i < contents.size() * PARTITIONS; i++) {
                int kind = i / PARTITIONS;
                SchemaAndValue key = contents.get((kind + i % PARTITIONS) % (contents.size() - 1));
                feed.send(record(format, topic, i, key, contents.get(kind)));
            }
            feed.flush();
        }
        return contents;
    }

    private static ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            HostileFormat format, String topic, int number, SchemaAndValue key, SchemaAndValue value) {
        var record = new ProducerRecord<byte @Nullable [], byte @Nullable []>(
                topic,
                number % PARTITIONS,
                TIMES_MS[number / PARTITIONS % TIMES_MS.length],
                format.converter().fromConnectData(topic, key.schema(), key.value()),
                format.converter().fromConnectData(topic, value.schema(), value.value()));
        List<byte @Nullable []> headers = format.headers();
        for (int i = 0; i < number % (HEADER_NAMES.size() + 1); i++) {
            record.headers().add(HEADER_NAMES.get(i), headers.get((number + i) % headers.size()));
        }
        return record;
    }

    private static void feedTransactions(HostileFormat format, String topic) {
        create(topic, Map.of());
        List<SchemaAndValue> small =
                format.contents().subList(0, format.contents().size() - 1);
        try (TopicFeed feed = TopicFeed.transactional(broker.bootstrapServers(), topic)) {
            for (int transaction = 0; transaction < 4; transaction++) {
                feed.begin();
                for (int i = 0; i < small.size(); i++) {
                    feed.send(record(format, topic, i + transaction, small.get(0), small.get(i)));
                }
                feed.flush();
                if (transaction % 2 == 0) {
                    feed.abort();
                } else {
                    feed.commit();
                }
            }
        }
    }

    private static void feedAndCompact(HostileFormat format, String topic) {
        create(
                topic,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.ms", Long.toString(Duration.ofHours(1).toMillis()),
                        "min.cleanable.dirty.ratio", "0.01"));
        feedUpdates(format, topic, TIME_MS);
        feedUpdates(format, topic, TIME_MS + Duration.ofHours(2).toMillis());
        Waiting.until("the compaction of " + topic, TIMEOUT, () -> {
            Set<Bytes> keys = new HashSet<>();
            return read(topic, 0).stream()
                    .filter(record -> record.offset() < UPDATES)
                    .allMatch(record -> keys.add(Bytes.wrap(record.key())));
        });
    }

    private static void feedUpdates(HostileFormat format, String topic, long timestampMs) {
        List<SchemaAndValue> contents = format.contents();
        try (TopicFeed feed = TopicFeed.open(broker.bootstrapServers())) {
            for (int i = 0; i < UPDATES; i++) {
                SchemaAndValue value = i % 11 == 10 ? contents.get(0) : contents.get(i % (contents.size() - 1));
                byte[] key = format.converter()
                        .fromConnectData(topic, Schema.OPTIONAL_BYTES_SCHEMA, new byte[] {(byte) (i % KEYS)});
                feed.send(new ProducerRecord<>(
                        topic,
                        0,
                        timestampMs + i,
                        key,
                        format.converter().fromConnectData(topic, value.schema(), value.value())));
            }
            feed.flush();
        }
    }

    private static void create(String topic, Map<String, String> more) {
        Map<String, String> config = new HashMap<>();
        config.put("retention.ms", "-1");
        config.put("max.message.bytes", LARGEST);
        config.put("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        config.putAll(more);
        broker.createTopic(topic, PARTITIONS, config);
    }

    private static void archive(HostileFormat format, List<String> topics) {
        Map<String, String> config = new HashMap<>(format.settings());
        config.put("connector.class", "io.firn.connect.sink.FirnSinkConnector");
        config.put("tasks.max", "1");
        config.put("topics", String.join(",", topics));
        config.put("firn.path", directory.resolve("archive").toString());
        config.put("record.format", format.recordFormat());
        config.put("commit.interval.ms", "200");
        config.put("disk.min.free.bytes", "0");
        config.put("source.bootstrap.servers", broker.bootstrapServers());
        config.put("consumer.override.isolation.level", "read_committed");
        String name = "archive-" + format.name();
        worker.rest().create(name, config);
        for (String topic : topics) {
            long wanted = count(topic);
            Waiting.until(
                    wanted + " records of " + topic,
                    TIMEOUT,
                    () -> archived(topic) == wanted,
                    () -> worker.rest().status(name).toString());
        }
        worker.rest().delete(name);
    }

    private static void replay(HostileFormat format, List<String> topics) {
        topics.forEach(topic -> create(out(topic), Map.of()));
        Map<String, String> config = new HashMap<>(format.settings());
        config.put("connector.class", FirnSourceConnector.class.getName());
        config.put("tasks.max", "1");
        config.put("firn.path", directory.resolve("archive").toString());
        config.put("restore.topics", String.join(",", topics));
        config.put("restore.topic.template", out("${topic}"));
        config.put("target.bootstrap.servers", broker.bootstrapServers());
        config.put("producer.override.max.request.size", LARGEST);
        config.put("exactly.once.support", "required");
        config.put("transaction.boundary", "connector");
        String name = "replay-" + format.name();
        worker.rest().create(name, config);
        for (String topic : topics) {
            Waiting.until(
                    "the replay of " + topic,
                    TIMEOUT,
                    () -> count(out(topic)) >= count(topic),
                    () -> worker.rest().status(name).toString());
        }
        worker.rest().delete(name);
    }

    private static long archived(String topic) {
        Path path = directory.resolve("archive").resolve(topic);
        if (!Files.exists(path.resolve("_table/metadata.json"))) {
            return 0;
        }
        try (Table table = Table.open(path)) {
            return table.lanes().stream().mapToLong(LaneInfo::records).sum();
        }
    }

    private static Map<Integer, List<ConsumerRecord<byte[], byte[]>>> read(String topic) {
        Map<Integer, List<ConsumerRecord<byte[], byte[]>>> records = new TreeMap<>();
        TopicDump.forEach(
                broker.bootstrapServers(),
                topic,
                "read_committed",
                record -> records.computeIfAbsent(record.partition(), partition -> new ArrayList<>())
                        .add(record));
        return records;
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int partition) {
        return read(topic).getOrDefault(partition, List.of());
    }

    private static long count(String topic) {
        return read(topic).values().stream().mapToLong(List::size).sum();
    }

    private static void assertSame(HostileFormat format, String topic) {
        try (Table table = Table.open(directory.resolve("archive").resolve(topic))) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
        Map<Integer, List<ConsumerRecord<byte[], byte[]>>> expected = read(topic);
        Map<Integer, List<ConsumerRecord<byte[], byte[]>>> replayed = read(out(topic));
        assertThat(replayed).hasSameSizeAs(expected);
        expected.forEach((partition, records) -> {
            List<ConsumerRecord<byte[], byte[]>> others = replayed.getOrDefault(partition, List.of());
            assertThat(others).as("%s-%d", topic, partition).hasSameSizeAs(records);
            for (int i = 0; i < records.size(); i++) {
                assertSame(format, topic + "-" + partition + " record " + i, records.get(i), others.get(i));
            }
        });
    }

    private static void assertSame(
            HostileFormat format,
            String what,
            ConsumerRecord<byte[], byte[]> archived,
            ConsumerRecord<byte[], byte[]> replayed) {
        assertThat(replayed.timestamp()).as(what).isEqualTo(archived.timestamp());
        String topic = archived.topic();
        assertContent(format, what, format.converter().toConnectData(topic, archived.key()), replayed.key());
        assertContent(format, what, format.converter().toConnectData(topic, archived.value()), replayed.value());
        Header[] headers = archived.headers().toArray();
        Header[] others = replayed.headers().toArray();
        assertThat(others).as(what).hasSameSizeAs(headers);
        for (int i = 0; i < headers.length; i++) {
            assertThat(others[i].key()).isEqualTo(headers[i].key());
            assertThat(Arrays.equals(others[i].value(), headers[i].value()))
                    .as("%s, header %d", what, i)
                    .isTrue();
        }
        if (format.recordFormat().equals("raw")) {
            assertThat(Arrays.equals(archived.key(), replayed.key())).as(what).isTrue();
            assertThat(Arrays.equals(archived.value(), replayed.value()))
                    .as(what)
                    .isTrue();
        }
    }

    private static void assertContent(
            HostileFormat format, String what, SchemaAndValue expected, byte @Nullable [] bytes) {
        SchemaAndValue found = format.converter().toConnectData("any", bytes);
        assertThat(ConnectEquality.isSame(found.schema(), expected.schema())
                        && ConnectEquality.isSame(found.value(), expected.value()))
                .as("%s: %s %s became %s %s", what, expected.schema(), text(expected), found.schema(), text(found))
                .isTrue();
    }

    private static String text(SchemaAndValue content) {
        String text = String.valueOf(content.value());
        return text.substring(0, Math.min(text.length(), 200));
    }
}
