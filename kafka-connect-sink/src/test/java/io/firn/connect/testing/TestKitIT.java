package io.firn.connect.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestKitIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @Test
    void brokerKeepsItsRecordsOverARestartAndTheOracleSeesEveryDifference(@TempDir Path directory) {
        EmbeddedBroker broker = EmbeddedBroker.start(directory);
        try {
            broker.createTopic("t", 3, Map.of());
            try (TopicFeed feed = TopicFeed.open(broker.bootstrapServers())) {
                feed.sendRandom(new Random(1), "t", 3, 1_000);
            }
            TopicDump before = TopicDump.readCommitted(broker.bootstrapServers(), "t");
            assertThat(before.records()).hasSize(1_000);
            String clusterId = broker.clusterId();

            broker = broker.restart();

            assertThat(broker.clusterId()).isEqualTo(clusterId);
            TopicDump after = TopicDump.readCommitted(broker.bootstrapServers(), "t");
            assertThat(before.differencesFrom(after.records())).isEmpty();
            assertThat(before.differencesInContent(after)).isEmpty();
            assertThat(before.differencesFrom(after.records().subList(0, 999))).hasSize(2);
            assertThat(before.differencesFrom(after.records().subList(1, 1_000)))
                    .contains("missing " + before.records().get(0));
        } finally {
            broker.close();
        }
    }

    @Test
    void oracleHidesAbortedTransactionsOnlyWhenReadingCommitted(@TempDir Path directory) {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            broker.createTopic("t", 1, Map.of());
            try (TopicFeed feed = TopicFeed.transactional(broker.bootstrapServers(), "tx")) {
                feed.begin();
                feed.sendRandom(new Random(1), "t", 1, 10);
                feed.abort();
                feed.begin();
                feed.sendRandom(new Random(2), "t", 1, 10);
                feed.commit();
            }
            assertThat(TopicDump.readCommitted(broker.bootstrapServers(), "t").records())
                    .hasSize(10);
            assertThat(TopicDump.readUncommitted(broker.bootstrapServers(), "t").records())
                    .hasSize(20);
        }
    }

    @Test
    void workerAnswersFreezesAndEnds(@TempDir Path directory) throws Exception {
        Path plugins = Files.createDirectories(directory.resolve("plugins"));
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                ConnectWorker worker = ConnectWorker.builder(
                                directory.resolve("worker"), broker.bootstrapServers(), plugins)
                        .start()) {
            assertThat(worker.rest().connectors()).isEmpty();
            assertThat(worker.rest().connectorPlugins()).noneMatch(name -> name.startsWith("io.firn"));
            assertThatThrownBy(() -> worker.rest().status("missing"))
                    .isInstanceOf(ConnectRest.RestException.class)
                    .hasMessageContaining("404");
            worker.suspend();
            assertThat(worker.isAlive()).isTrue();
            worker.resume();
            assertThat(worker.rest().connectors()).isEmpty();
            worker.stop();
            assertThat(worker.isAlive()).isFalse();
            assertThat(worker.logText()).contains("Kafka Connect stopped");
        }
    }

    @Test
    void childEndsWhenItsParentIsKilledEvenIfTheChildIsStopped(@TempDir Path directory) throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OrphanMain.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.US_ASCII))) {
            long child = Long.parseLong(output.readLine());
            assertThat(ProcessHandle.of(child)).isPresent();

            parent.destroyForcibly();

            Waiting.until(
                    "the end of the child",
                    TIMEOUT,
                    () -> !ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
        } finally {
            parent.destroyForcibly();
        }
    }
}
