package io.firn.connect.bench;

import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.PluginPath;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.connect.testing.WorkerCpu;
import io.firn.testing.PageCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * CPU of a worker per record, on the same worker, in turn: in raw mode the Firn sink against a sink that drops
 * everything and one that only appends keys and values to a file; with JSON in structured mode against Kafka's
 * FileStreamSink.
 *
 * <p>Run with {@code mvn -Pbench -pl kafka-connect-sink -am -DskipTests verify}, and {@code -Dbench.sink.kind=json} for
 * JSON; it prints medians and ratios. The worker runs in its own process, so the broker's CPU does not count.
 */
public final class SinkCpuBench {
    private static final int RECORDS = 12_000_000;
    private static final int PARTITIONS = 4;
    private static final int ROUNDS = 6;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final String TOPIC = "bench";
    private static final String NOOP = "noop";
    private static final String FILE_STREAM = "FileStreamSink";
    private static final String FIRN = "io.firn.connect.sink.FirnSinkConnector";
    private static final String JSON = "json";
    private static final String BYTES_CONVERTER = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final List<String> ORIGINS = List.of("ATL", "ORD", "DFW", "LAX", "PHX", "DEN");

    private final EmbeddedBroker broker;
    private final ConnectWorker worker;
    private final Path directory;
    private final boolean json;

    private SinkCpuBench(EmbeddedBroker broker, ConnectWorker worker, Path directory, boolean json) {
        this.broker = broker;
        this.worker = worker;
        this.directory = directory;
        this.json = json;
    }

    /**
     * Runs the comparison in a directory of its own, the first argument. The second one is the plugin's directory, the
     * third {@code raw} or {@code json}.
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "sink-cpu");
        Path plugins = PluginPath.in(directory)
                .packaged("firn", Path.of(arguments[1]))
                .classes(NOOP, SinkConnector.class, NoopSink.class, List.of(NoopSink.NoopTask.class))
                .path();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                ConnectWorker worker = ConnectWorker.builder(
                                directory.resolve("worker"), broker.bootstrapServers(), plugins)
                        .stockJvm()
                        .start()) {
            new SinkCpuBench(broker, worker, directory, arguments[2].equals(JSON)).run();
        }
        System.exit(0);
    }

    private void run() throws IOException {
        broker.createTopic(TOPIC, PARTITIONS, Map.of());
        produce();
        WorkerCpu cpu = new WorkerCpu(worker, RECORDS);
        for (int round = 0; round < ROUNDS; round++) {
            if (round > 1) {
                deleteAll(directory(round - 2)); // its tasks have ended long ago
            }
            Files.createDirectory(directory(round));
            for (Map.Entry<String, Map<String, String>> kind : (json ? jsonKinds(round) : rawKinds(round)).entrySet()) {
                PageCache.fill();
                String connector = kind.getKey().replace(' ', '-') + "-" + round;
                cpu.measure(kind.getKey(), round, () -> consumeAll(connector, kind.getValue()));
                worker.rest().delete(connector);
            }
        }
        cpu.printMedians(json ? FILE_STREAM : NOOP);
    }

    private Map<String, Map<String, String>> rawKinds(int round) {
        Map<String, Map<String, String>> kinds = new TreeMap<>();
        kinds.put(NOOP, config(NoopSink.class.getName(), BYTES_CONVERTER));
        Map<String, String> bare = config(NoopSink.class.getName(), BYTES_CONVERTER);
        bare.put(NoopSink.FILE, directory(round).resolve("bare").toString());
        kinds.put("bare file", bare);
        kinds.put("firn timestamp", firn(round, "timestamp", BYTES_CONVERTER, "dt:date=timestamp"));
        Map<String, String> mapped = firn(round, "timestamp-mmap", BYTES_CONVERTER, "dt:date=timestamp");
        mapped.put("io.mode", "mmap");
        kinds.put("firn timestamp mmap", mapped);
        kinds.put("firn json field", rawWithField(round));
        return kinds;
    }

    /** The same converters for everybody, but for the one in raw mode. */
    private Map<String, Map<String, String>> jsonKinds(int round) {
        String converter = "org.apache.kafka.connect.json.JsonConverter";
        Map<String, Map<String, String>> kinds = new TreeMap<>();
        kinds.put(NOOP, config(NoopSink.class.getName(), converter));
        Map<String, String> file = config("org.apache.kafka.connect.file.FileStreamSinkConnector", converter);
        file.put("file", directory(round).resolve("stream").toString());
        kinds.put(FILE_STREAM, file);
        for (String fields : List.of("dt:date=timestamp", "dt:date=timestamp,origin:string=value.origin")) {
            String name = fields.contains("value") ? "structured field" : "structured";
            Map<String, String> structured = firn(round, name.replace(' ', '-'), converter, fields);
            structured.put("record.format", "structured");
            kinds.put("firn " + name, structured);
        }
        kinds.put("firn raw field", rawWithField(round));
        return kinds;
    }

    private Map<String, String> rawWithField(int round) {
        return firn(round, "raw-field", BYTES_CONVERTER, "dt:date=timestamp,origin:string=value.origin");
    }

    private Map<String, String> firn(int round, String archive, String converter, String fields) {
        Map<String, String> config = config(FIRN, converter);
        config.put("firn.path", directory(round).resolve(archive).toString());
        config.put("partition.fields", fields);
        config.put("commit.interval.ms", "1000");
        config.put("lifecycle.mode", "off");
        return config;
    }

    /** Keys are text, values what the converter makes of them. */
    private static Map<String, String> config(String connectorClass, String converter) {
        boolean bytes = converter.equals(BYTES_CONVERTER);
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", connectorClass);
        config.put("tasks.max", "1");
        config.put("topics", TOPIC);
        config.put("key.converter", bytes ? converter : "org.apache.kafka.connect.storage.StringConverter");
        config.put("value.converter", converter);
        config.put("header.converter", BYTES_CONVERTER);
        if (!bytes) {
            config.put("value.converter.schemas.enable", "false");
        }
        return config;
    }

    private void consumeAll(String connector, Map<String, String> config) {
        worker.rest().create(connector, config);
        Waiting.until("the end of " + connector, TIMEOUT, () -> consumed("connect-" + connector) >= RECORDS);
    }

    private Path directory(int round) {
        return directory.resolve("round-" + round);
    }

    /** Keeps the page cache from filling with what earlier rounds wrote. */
    private static void deleteAll(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private long consumed(String group) {
        return broker
                .call(admin -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .values()
                .stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }

    private void produce() {
        try (TopicFeed feed = TopicFeed.open(broker.bootstrapServers())) {
            for (int i = 0; i < RECORDS; i++) {
                String origin = ORIGINS.get(i % ORIGINS.size());
                String value = "{\"origin\":\"" + origin + "\",\"number\":" + i
                        + ",\"note\":\"a hundred bytes of an ordinary small event, as they go\"}";
                feed.send(new ProducerRecord<>(
                        TOPIC,
                        i % PARTITIONS,
                        978_307_200_000L + i * 100L,
                        origin.getBytes(StandardCharsets.UTF_8),
                        value.getBytes(StandardCharsets.UTF_8)));
                if (i % 10_000 == 0) {
                    feed.flush();
                }
            }
            feed.flush();
        }
    }
}
