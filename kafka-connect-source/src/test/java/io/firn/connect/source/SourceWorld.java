package io.firn.connect.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A broker, a worker process that finds the source in its plugin directory, and an archive root.
 *
 * <p>Confined to one thread.
 */
final class SourceWorld implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(90);

    private final Path directory;
    private final EmbeddedBroker broker;
    private ConnectWorker worker;

    private SourceWorld(Path directory, EmbeddedBroker broker) {
        this.directory = directory;
        this.broker = broker;
        this.worker = startWorker();
    }

    /** Starts everything below a directory. */
    static SourceWorld start(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("archive"));
        EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
        try {
            return new SourceWorld(directory, broker);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** The archive root. */
    Path archive() {
        return directory.resolve("archive");
    }

    /** The broker. */
    EmbeddedBroker broker() {
        return broker;
    }

    /** The present worker. */
    ConnectWorker worker() {
        return worker;
    }

    /** The present worker's REST interface. */
    ConnectRest rest() {
        return worker.rest();
    }

    /** Kills the worker with SIGKILL and starts another one. */
    void killAndRestartWorker() {
        worker.kill();
        worker.close();
        worker = startWorker();
    }

    /** Creates a topic that keeps old records. */
    void createTopic(String name, int partitions) {
        broker.createTopic(name, partitions, Map.of("retention.ms", "-1", "max.message.bytes", "20971520"));
    }

    /** A configuration that replays a topic under another name, exactly once. */
    Map<String, String> config(String topic, String target) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", FirnSourceConnector.class.getName());
        config.put("tasks.max", "2");
        for (String part : new String[] {"key", "value", "header"}) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("producer.override.max.request.size", "20971520");
        config.put("firn.path", archive().toString());
        config.put("restore.topics", topic);
        config.put("restore.topic.map", topic + ":" + target);
        config.put("target.bootstrap.servers", broker.bootstrapServers());
        config.put("exactly.once.support", "required");
        config.put("transaction.boundary", "connector");
        return config;
    }

    /** What stands in a topic, without records of open and aborted transactions. */
    TopicDump dump(String topic) {
        return TopicDump.readCommitted(broker.bootstrapServers(), topic);
    }

    /** Waits until a topic holds at least so many committed records. */
    void awaitRecords(String connector, String topic, int count) {
        Waiting.until(
                count + " records in " + topic,
                TIMEOUT,
                () -> dump(topic).records().size() >= count,
                () -> rest().status(connector).toString());
    }

    /** Waits until the committed offsets of a connector are at least so many sequences behind their starts. */
    void awaitReplayed(String connector, long sequences) {
        Waiting.until(
                sequences + " sequences of " + connector,
                TIMEOUT,
                () -> replayed(connector) >= sequences,
                () -> rest().status(connector).toString());
    }

    private long replayed(String connector) {
        long sum = 0;
        for (JsonNode entry : rest().offsets(connector).path("offsets")) {
            sum += entry.path("offset").path("sequence").asLong();
        }
        return sum;
    }

    @Override
    public void close() {
        worker.close();
        broker.close();
    }

    private ConnectWorker startWorker() {
        return ConnectWorker.builder(directory.resolve("worker"), broker.bootstrapServers(), Path.of("target/plugin"))
                .property("exactly.once.source.support", "enabled")
                .start();
    }
}
