package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.testing.OwnThread;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of a real topic through real workers that are killed, frozen and restarted: each series is the topic's. */
@Tag("containers")
class SeriesSinkIT {
    private static final int PARTITIONS = 3;
    private static final int ROUNDS = 6;
    private static final int STRESS_ROUNDS = 100;
    private static final int RECORDS_PER_ROUND = 1_500;

    @TempDir
    Path directory;

    private SinkFixture fixture;
    private TestWorker worker;
    private final Map<String, Map<Long, Double>> model = new TreeMap<>();
    private final long[] sent = new long[PARTITIONS];

    @BeforeEach
    void start() {
        fixture = new SinkFixture(directory).fastFailover();
        worker = fixture.startWorker();
    }

    @AfterEach
    void stop() {
        worker.close();
        fixture.close();
    }

    @Test
    void seriesEqualTheTopicAfterEveryDisturbance() {
        String topic = "load";
        fixture.broker().createTopic(topic, PARTITIONS, Map.of());
        fixture.create(worker.rest(), topic, config(topic));
        int[] round = {0};
        Randomized.forAll(TestProfile.isStress() ? STRESS_ROUNDS : ROUNDS, random -> {
            CompletableFuture<Void> feeding = OwnThread.run(() -> feed(topic, random));
            LockSupport.parkNanos(Duration.ofMillis(200 + 300L * (round[0] % 3)).toNanos());
            disturb(topic, round[0]++);
            feeding.join();
            assertStored(topic);
        });
    }

    private Map<String, String> config(String topic) {
        Map<String, String> config = fixture.config(topic, 2);
        config.put("record.format", "series");
        config.put("series.labels", SeriesDump.LABELS);
        config.put("series.value", "value.load");
        config.put("series.head.max.samples", "700");
        config.put("series.cold.after", "1s");
        config.put("lifecycle.interval.ms", "300");
        return config;
    }

    private void disturb(String topic, int round) {
        switch (round % 4) {
            case 0 -> {
                worker.kill();
                restartWorker();
            }
            case 1 -> {
                worker.rest().stop(topic);
                fixture.forgetGroup(topic);
                worker.rest().resume(topic);
            }
            case 2 -> worker.rest().restart(topic);
            default -> {
                worker.stop();
                restartWorker();
            }
        }
    }

    private void restartWorker() {
        worker.close();
        worker = fixture.startWorker();
    }

    @Test
    void aFrozenWorkerWhosePartitionsMovedCannotHarmTheSeries() {
        String topic = "zombie";
        fixture.broker().createTopic(topic, PARTITIONS, Map.of());
        Map<String, String> settings = Map.of(
                "group.id", "zombie-workers",
                "config.storage.topic", "zombie-configs",
                "offset.storage.topic", "zombie-offsets",
                "status.storage.topic", "zombie-status");
        try (TestWorker first = fixture.startWorker(settings);
                TestWorker second = fixture.startWorker(settings)) {
            Map<String, String> config = config(topic);
            fixture.create(first.rest(), topic, config);
            Randomized.forAll(1, random -> {
                feed(topic, random);
                assertStored(topic);
                second.suspend();
                feed(topic, random);
                assertStored(topic);
                second.resume();
                feed(topic, random);
                assertStored(topic);
            });
            first.rest().awaitRunning(topic, 2, SinkFixture.TIMEOUT);
            assertStored(topic);
        }
    }

    /** Hosts and times repeat, so that a record that is applied again too late would change a value. */
    private void feed(String topic, RandomGenerator random) {
        try (TopicFeed feed = fixture.feed()) {
            for (int i = 0; i < RECORDS_PER_ROUND; i++) {
                int partition = random.nextInt(PARTITIONS);
                int host = random.nextInt(5);
                long timestampMs = random.nextInt(2_000);
                double value = (double) sent[partition]++;
                feed.send(SeriesDump.record(topic, partition, host, timestampMs, value));
                SeriesDump.apply(model, partition, host, timestampMs, value);
                if (i % 150 == 0) {
                    feed.flush();
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                }
            }
            feed.flush();
        }
    }

    private void assertStored(String topic) {
        Path stores = fixture.table(topic);
        Waiting.until(
                "the series of " + topic + " to reach " + Arrays.toString(sent),
                SinkFixture.TIMEOUT,
                () -> SeriesDump.positions(stores).values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        == Arrays.stream(sent).sum());
        assertThat(SeriesDump.read(stores)).isEqualTo(model);
    }
}
