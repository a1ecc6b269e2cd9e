package io.firn.connect.sink;

import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connector that is paused and resumed while its partitions move, on a real worker. */
class SinkWakeupIT {
    private static final int REBALANCES = 3;

    @TempDir
    Path directory;

    /**
     * The worker's consumer is woken in the commit of what is taken away; the worker then throws away what the same
     * poll brings after the rebalance.
     */
    @Test
    void aWorkerThatIsWokenInTheCommitOfARebalanceLosesNothing() {
        archiveOverRebalances("committing", Map.of(WokenSinkConnector.WAKE_IN_COMMIT, "true"));
    }

    /** The consumer is woken when the worker asks for the positions of new partitions; then it never opens them. */
    @Test
    void aWorkerThatIsWokenInAnAssignmentGoesOn() {
        archiveOverRebalances(
                "assigned",
                Map.of(
                        "consumer.override.partition.assignment.strategy",
                        WokenSinkConnector.WakingAssignor.class.getName()));
    }

    private void archiveOverRebalances(String topic, Map<String, String> settings) {
        try (SinkFixture fixture = new SinkFixture(directory);
                ConnectWorker worker = worker(fixture)) {
            fixture.broker().createTopic(topic, 1, Map.of());
            send(fixture, topic, 50);
            Map<String, String> config = config(fixture, topic);
            config.putAll(settings);
            fixture.create(worker.rest(), topic, config);
            awaitLog(worker, "delivered=50");
            for (int i = 1; i <= REBALANCES; i++) {
                NewPartitions more = NewPartitions.increaseTo(1 + i);
                fixture.broker()
                        .call(admin ->
                                admin.createPartitions(Map.of(topic, more)).all());
                awaitLog(worker, topic + "-" + i);
                send(fixture, topic, 1);
            }
            fixture.assertArchiveEqualsTopic(topic);
        }
    }

    private static void send(SinkFixture fixture, String topic, int count) {
        try (TopicFeed feed = fixture.feed()) {
            for (int i = 0; i < count; i++) {
                feed.send(new ProducerRecord<>(topic, 0, 0L, null, new byte[] {0}));
            }
        }
    }

    private static void awaitLog(ConnectWorker worker, String text) {
        Waiting.until(text, SinkFixture.TIMEOUT, () -> worker.logText().contains(text), worker::logText);
    }

    /** A worker with the connector on its class path; rebalances come before commits. */
    private static ConnectWorker worker(SinkFixture fixture) {
        return fixture.workerProcess()
                .classPath(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .property("plugin.discovery", "hybrid_warn")
                .property("offset.flush.interval.ms", "5000")
                .start();
    }

    private static Map<String, String> config(SinkFixture fixture, String topic) {
        Map<String, String> config = fixture.config(topic, 1);
        config.put("connector.class", WokenSinkConnector.class.getName());
        config.put("commit.interval.ms", "5000");
        config.put("consumer.override.metadata.max.age.ms", "500");
        return config;
    }
}
