package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.Differences;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.TestBroker;
import io.firn.connect.testing.TestCluster;
import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.connect.testing.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A broker, workers that load the packaged plugin, and an archive, for integration tests. */
final class SinkFixture implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofMinutes(2);
    static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final Path PLUGINS = Path.of("target", "plugin");
    private static final int LOG_LINES = 60;

    private final Path directory;
    private final TestCluster cluster;
    private final TestBroker broker;
    private final boolean fastFailover;

    SinkFixture(Path directory) {
        this(directory, TestCluster.start(directory), false);
    }

    /** The same with further settings of the broker, which is in this JVM. */
    static SinkFixture withBroker(Path directory, Map<String, String> settings) {
        return new SinkFixture(directory, TestCluster.embedded(directory, settings), false);
    }

    private SinkFixture(Path directory, TestCluster cluster, boolean fastFailover) {
        this.directory = directory;
        this.cluster = cluster;
        this.broker = cluster.broker();
        this.fastFailover = fastFailover;
    }

    /** The same cluster for a test that kills or freezes workers: groups soon do without them and their tasks. */
    SinkFixture fastFailover() {
        return new SinkFixture(directory, cluster, true);
    }

    TestBroker broker() {
        return broker;
    }

    TopicFeed feed() {
        return TopicFeed.open(broker.bootstrapServers());
    }

    TestWorker startWorker() {
        return startWorker(Map.of());
    }

    TestWorker startWorker(Map<String, String> settings) {
        Map<String, String> properties = new HashMap<>(fastFailover ? WorkerSettings.FAST_FAILOVER : Map.of());
        properties.putAll(settings);
        return cluster.startWorker(List.of(Path.of("")), properties);
    }

    /** For tests that need more of a worker than {@link TestWorker}: never one in a container. */
    ConnectWorker.Builder workerProcess() {
        return ConnectWorker.builder(directory.resolve("worker"), broker.bootstrapServers(), PLUGINS);
    }

    Path archive() {
        return directory.resolve("archive");
    }

    Path table(String topic) {
        return archive().resolve(topic);
    }

    /** A connector's configuration for a topic, with frequent commits. */
    Map<String, String> config(String topic, int tasks) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", FirnSinkConnector.class.getName());
        config.put("tasks.max", Integer.toString(tasks));
        config.put("topics", topic);
        config.put("firn.path", archive().toAbsolutePath().toString());
        config.put("partition.fields", "dt:date=timestamp,origin:string=value.origin");
        config.put("partition.missing.field", "null");
        config.put("commit.interval.ms", "200");
        config.put("disk.min.free.bytes", "0");
        config.put("source.bootstrap.servers", broker.workersBootstrapServers());
        config.put("consumer.override.isolation.level", "read_committed");
        config.put("consumer.override.max.poll.records", "100");
        config.put("consumer.override.session.timeout.ms", fastFailover ? "6000" : "30000");
        config.put("consumer.override.heartbeat.interval.ms", "1000");
        for (String part : List.of("key", "value", "header")) {
            config.put(part + ".converter", BYTES);
        }
        return config;
    }

    void create(ConnectRest rest, String name, Map<String, String> config) {
        rest.create(name, config);
        rest.awaitRunning(name, Integer.parseInt(config.get("tasks.max")), TIMEOUT);
    }

    /** Deletes the offsets that a stopped connector's group has committed. */
    void forgetGroup(String connector) {
        String group = "connect-" + connector;
        Waiting.until("the group to be empty", TIMEOUT, () -> {
            broker.call(admin -> admin.deleteConsumerGroups(List.of(group)).all());
            return true;
        });
    }

    /** What a consumer finds in the topic. */
    List<DumpedRecord> dump(String topic) {
        return TopicDump.readCommitted(broker.bootstrapServers(), topic).records();
    }

    /** Waits until everything that is in the topic now is committed in the archive. */
    void awaitArchived(String topic) {
        awaitArchived(topic, table(topic));
    }

    private void awaitArchived(String topic, Path table) {
        Map<Integer, Long> ends = new TreeMap<>();
        dump(topic).forEach(record -> ends.merge(record.partition(), record.offset() + 1, Math::max));
        Waiting.until(
                "the archive of " + topic + " to reach " + ends,
                TIMEOUT,
                () -> ends.entrySet().stream()
                        .allMatch(end -> ArchiveDump.lane(table, end.getKey()).position() >= end.getValue()),
                () -> "archived: " + ArchiveDump.positions(table) + "; " + endOfLogs());
    }

    /** What workers in processes of their own have logged last. */
    private String endOfLogs() {
        try (Stream<Path> files = Files.walk(directory.resolve("worker"), 1)) {
            StringBuilder text = new StringBuilder();
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                List<String> lines = Files.readAllLines(log);
                text.append(log.getFileName()).append(":\n");
                lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())
                        .forEach(line -> text.append(line).append('\n'));
            }
            return text.toString();
        } catch (IOException e) {
            return "no logs of a worker: " + e;
        }
    }

    /** Waits for the archive and compares it with the topic: every record once, with its offset and bytes. */
    void assertArchiveEqualsTopic(String topic) {
        assertArchiveEqualsTopic(topic, table(topic));
    }

    /** The same for a table that stands elsewhere. */
    void assertArchiveEqualsTopic(String topic, Path table) {
        assertArchiveEqualsTopic(topic, table, PartConverters.bytes());
    }

    /** The same for structured records, of which the converters that archived them write the topic's bytes again. */
    void assertArchiveEqualsTopic(String topic, PartConverters converters) {
        assertArchiveEqualsTopic(topic, table(topic), converters);
    }

    private void assertArchiveEqualsTopic(String topic, Path table, PartConverters converters) {
        awaitArchived(topic, table);
        List<DumpedRecord> expected = dump(topic);
        assertThat(Differences.ofRecords(expected, ArchiveDump.read(table, converters)))
                .as("%s", topic)
                .isEmpty();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
