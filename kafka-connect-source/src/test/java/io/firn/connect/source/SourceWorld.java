package io.firn.connect.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.TestBroker;
import io.firn.connect.testing.TestCluster;
import io.firn.connect.testing.TestRegistry;
import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.Waiting;
import io.firn.connect.testing.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * A broker, a worker that finds the source in its plugin directory, and an archive root.
 *
 * <p>Confined to one thread.
 */
final class SourceWorld implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final Set<Class<?>> ABORTED =
            Set.of(InvalidTxnStateException.class, ProducerFencedException.class, InvalidProducerEpochException.class);

    private final Path directory;
    private final TestCluster cluster;
    private final Map<String, String> settings;
    private TestWorker worker;

    private SourceWorld(Path directory, TestCluster cluster, Map<String, String> settings) {
        this.directory = directory;
        this.cluster = cluster;
        this.settings = settings;
        this.worker = startWorker();
    }

    /** Starts everything below a directory. */
    static SourceWorld start(Path directory) throws IOException {
        return start(directory, Map.of());
    }

    /** The same for tests that kill the worker. */
    static SourceWorld startWithFastFailover(Path directory) throws IOException {
        return start(directory, WorkerSettings.FAST_FAILOVER);
    }

    private static SourceWorld start(Path directory, Map<String, String> settings) throws IOException {
        Files.createDirectories(directory.resolve("archive"));
        TestCluster cluster = TestCluster.start(directory);
        try {
            return new SourceWorld(directory, cluster, settings);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The archive root. */
    Path archive() {
        return directory.resolve("archive");
    }

    /** The broker. */
    TestBroker broker() {
        return cluster.broker();
    }

    /** The present worker. */
    TestWorker worker() {
        return worker;
    }

    /** The present worker, for tests that need more of it than {@link TestWorker}: never one in a container. */
    ConnectWorker workerProcess() {
        return (ConnectWorker) worker;
    }

    /** Starts a worker that shares the tasks; the caller closes it. */
    TestWorker startAnotherWorker() {
        return startWorker();
    }

    /** Starts another empty registry; the caller closes it. */
    TestRegistry startRegistry() {
        return cluster.startRegistry();
    }

    /** The present worker's REST interface. */
    ConnectRest rest() {
        return worker.rest();
    }

    /** Ends the transactions of the living worker until a task of the connector has failed for that. */
    void abortOpenTransactions(String connector) {
        Waiting.until("a task whose transaction is aborted", TIMEOUT, () -> {
            endTransactions();
            return rest().failures(connector).stream().anyMatch(SourceWorld::saysAborted);
        });
    }

    /** Kills the worker with SIGKILL, ends the transactions that it leaves open and starts another one. */
    void killAndRestartWorker() {
        worker.kill();
        worker.close();
        endTransactions();
        worker = startWorker();
    }

    /**
     * Ends all open transactions, as an operator does who does not want to wait until the broker does. A shorter
     * {@code transaction.timeout.ms} would also end those of a worker that lives and that a busy machine holds up.
     */
    private void endTransactions() {
        List<String> open =
                broker()
                        .<Collection<TransactionListing>>call(
                                admin -> admin.listTransactions().all())
                        .stream()
                        .filter(transaction -> transaction.state() == TransactionState.ONGOING)
                        .map(TransactionListing::transactionalId)
                        .toList();
        broker().call(admin -> admin.fenceProducers(open).all());
    }

    /** Deletes a connector with what is known of it: the next one of its name has no old state. */
    void deleteWithStatus(String connector) {
        rest().delete(connector);
        Waiting.until("the end of the status of " + connector, TIMEOUT, () -> !rest().hasStatus(connector));
    }

    /** Creates a topic that keeps old records. */
    void createTopic(String name, int partitions) {
        broker().createTopic(name, partitions, Map.of("retention.ms", "-1", "max.message.bytes", "20971520"));
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
        config.put("target.bootstrap.servers", broker().workersBootstrapServers());
        config.put("exactly.once.support", "required");
        config.put("transaction.boundary", "connector");
        return config;
    }

    /** What stands in a topic, without records of open and aborted transactions. */
    TopicDump dump(String topic) {
        return TopicDump.readCommitted(broker().bootstrapServers(), topic);
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

    /** The same, while tasks whose transaction the broker aborted are restarted, as an operator does. */
    void awaitReplayedThoughAborted(String connector, long sequences) {
        Waiting.until(
                sequences + " sequences of " + connector,
                TIMEOUT,
                () -> {
                    restartAborted(connector);
                    return replayed(connector) >= sequences;
                },
                () -> rest().status(connector).toString());
    }

    private void restartAborted(String connector) {
        List<String> failures = rest().failures(connector);
        if (!failures.isEmpty() && failures.stream().allMatch(SourceWorld::saysAborted)) {
            System.out.println("restarting tasks whose transaction the broker aborted: " + failures);
            rest().restartFailed(connector);
        }
    }

    private static boolean saysAborted(String trace) {
        return ABORTED.stream().anyMatch(cause -> trace.contains(cause.getName()));
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
        cluster.close();
    }

    private TestWorker startWorker() {
        Map<String, String> properties = new HashMap<>(settings);
        properties.put("exactly.once.source.support", "enabled");
        return cluster.startWorker(List.of(Path.of("")), properties);
    }
}
