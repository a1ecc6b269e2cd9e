package io.firn.connect.bench;

import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * CPU of a worker per record: the Firn sink against a sink that drops everything, and against one that only appends
 * keys and values to a file, on the same worker, in turn.
 *
 * <p>Run with {@code mvn -Pbench -pl kafka-connect-sink -am -DskipTests verify}; it prints medians and ratios. The worker
 * runs in its own process, so the broker's CPU does not count.
 */
public final class SinkCpuBench {
    private static final int RECORDS = 3_000_000;
    private static final int PARTITIONS = 4;
    private static final int ROUNDS = 7;
    private static final long SCRATCH_BYTES = 1L << 30;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final String TOPIC = "bench";
    private static final List<String> ORIGINS = List.of("ATL", "ORD", "DFW", "LAX", "PHX", "DEN");

    private final EmbeddedBroker broker;
    private final ConnectWorker worker;
    private final Path directory;

    private SinkCpuBench(EmbeddedBroker broker, ConnectWorker worker, Path directory) {
        this.broker = broker;
        this.worker = worker;
        this.directory = directory;
    }

    /** Runs the comparison in a directory of its own, the first argument. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "sink-cpu");
        Path plugins = plugins(directory, Path.of(arguments[1]));
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                ConnectWorker worker = ConnectWorker.builder(
                                directory.resolve("worker"), broker.bootstrapServers(), plugins)
                        .stockJvm()
                        .start()) {
            new SinkCpuBench(broker, worker, directory).run();
        }
        System.exit(0);
    }

    private void run() throws IOException {
        broker.createTopic(TOPIC, PARTITIONS, Map.of());
        produce();
        Map<String, List<Double>> microsPerRecord = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            if (round > 1) {
                deleteAll(directory(round - 2)); // its tasks have ended long ago
            }
            Files.createDirectory(directory(round));
            for (Map.Entry<String, Map<String, String>> kind : kinds(round).entrySet()) {
                double micros = measure(kind.getKey() + "-" + round, kind.getValue());
                microsPerRecord
                        .computeIfAbsent(kind.getKey(), any -> new ArrayList<>())
                        .add(micros);
                System.out.printf("round %d %-20s %.2f us CPU per record%n", round, kind.getKey(), micros);
            }
        }
        double noop = median(microsPerRecord.getOrDefault("noop", List.of()));
        microsPerRecord.forEach((kind, values) ->
                System.out.printf("%-20s median %.2f us, %.2f x noop%n", kind, median(values), median(values) / noop));
    }

    private Map<String, Map<String, String>> kinds(int round) {
        Map<String, Map<String, String>> kinds = new TreeMap<>();
        kinds.put("noop", config(NoopSink.class.getName()));
        Map<String, String> bare = config(NoopSink.class.getName());
        bare.put(NoopSink.FILE, directory(round).resolve("bare").toString());
        kinds.put("bare file", bare);
        Map<String, String> timestamp = config("io.firn.connect.sink.FirnSinkConnector");
        timestamp.put("firn.path", directory(round).resolve("timestamp").toString());
        timestamp.put("partition.fields", "dt:date=timestamp");
        timestamp.put("commit.interval.ms", "1000");
        timestamp.put("lifecycle.mode", "off");
        kinds.put("firn timestamp", timestamp);
        Map<String, String> json = new HashMap<>(timestamp);
        json.put("firn.path", directory(round).resolve("json").toString());
        json.put("partition.fields", "dt:date=timestamp,origin:string=value.origin");
        kinds.put("firn json field", json);
        return kinds;
    }

    private static Map<String, String> config(String connectorClass) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", connectorClass);
        config.put("tasks.max", "1");
        config.put("topics", TOPIC);
        for (String part : List.of("key", "value", "header")) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        return config;
    }

    private double measure(String name, Map<String, String> config) throws IOException {
        String connector = name.replace(' ', '-');
        recycleMemory();
        Duration before = cpu();
        worker.rest().create(connector, config);
        Waiting.until("the end of " + connector, TIMEOUT, () -> consumed("connect-" + connector) >= RECORDS);
        double micros = cpu().minus(before).toNanos() / 1e3 / RECORDS;
        worker.rest().delete(connector);
        return micros;
    }

    /**
     * Leaves pages behind that the machine holds already: on a virtual machine with free page reporting the first touch
     * of others costs ten times the writing, and whoever comes first would pay for all.
     */
    private void recycleMemory() throws IOException {
        Path scratch = directory.resolve("scratch");
        ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
        try (FileChannel channel = FileChannel.open(scratch, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < SCRATCH_BYTES; at += chunk.capacity()) {
                channel.write(chunk.clear(), at);
            }
        }
        Files.delete(scratch);
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

    private Duration cpu() {
        return ProcessHandle.of(worker.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
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

    /** A plugin path with the packaged sink and the sink that drops everything. */
    private static Path plugins(Path directory, Path packaged) throws IOException {
        Path plugins = Files.createDirectories(directory.resolve("plugins"));
        Path firn = Files.createDirectories(plugins.resolve("firn"));
        try (Stream<Path> jars = Files.list(packaged)) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, firn.resolve(jar.getFileName().toString()));
            }
        }
        Path noop = plugins.resolve("noop");
        for (Class<?> type : List.of(NoopSink.class, NoopSink.NoopTask.class)) {
            String file = type.getName().replace('.', '/') + ".class";
            Path target = noop.resolve(file);
            Files.createDirectories(target.resolve("..").normalize());
            try (InputStream in = NoopSink.class.getClassLoader().getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException(file + " is not on the class path");
                }
                Files.copy(in, target);
            }
        }
        Path services = Files.createDirectories(noop.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("org.apache.kafka.connect.sink.SinkConnector"), NoopSink.class.getName() + "\n");
        return plugins;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values.subList(Math.min(1, values.size()), values.size()));
        Collections.sort(sorted);
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }
}
