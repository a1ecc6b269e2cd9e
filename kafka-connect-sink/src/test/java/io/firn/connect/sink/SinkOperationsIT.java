package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.connect.testing.WorkerJmx;
import io.firn.metrics.Metric;
import io.firn.table.ArchiveRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see and set, on a real worker: metrics over JMX, the pinned archive, tombstones. */
class SinkOperationsIT {
    @TempDir
    static Path directory;

    private static SinkFixture fixture;
    private static ConnectWorker worker;

    @BeforeAll
    static void start() {
        fixture = new SinkFixture(directory);
        worker = fixture.workerProcess().start();
    }

    @AfterAll
    static void stop() {
        worker.close();
        fixture.close();
    }

    @Test
    void workerShowsWhatTheTaskArchived() throws IOException {
        fixture.broker().createTopic("seen", 2, Map.of());
        Map<String, String> config = withDeadLetters("seen");
        config.put("partition.missing.field", "errant");
        config.put("lifecycle.interval.ms", "200");
        config.put("rotate.interval.ms", "1000");
        config.put("settle.min.bytes", "1");
        fixture.create(rest(), "seen", config);
        try (TopicFeed feed = fixture.feed()) {
            for (int i = 0; i < 3_000; i++) {
                feed.send(record("seen", i % 2, i % 100 == 0 ? "{}" : "{\"origin\":\"ATL\",\"n\":" + i + "}"));
            }
        }
        try (WorkerJmx jmx = WorkerJmx.attach(worker.pid())) {
            String bean = "kafka.connect:type=plugins,connector=seen,task=0";
            Waiting.until(
                    "the lifecycle",
                    SinkFixture.TIMEOUT,
                    () -> jmx.numbers(bean).getOrDefault("lifecycle-settled-records-total", 0.0) >= 2_970,
                    () -> jmx.numbers(bean) + "\n" + worker.logText());

            assertFigures(jmx.numbers(bean));
            rest().delete("seen");
            Waiting.until(
                    "the metrics to go",
                    SinkFixture.TIMEOUT,
                    () -> jmx.names(bean).isEmpty());
        }
    }

    private static void assertFigures(Map<String, Double> numbers) {
        assertThat(numbers.keySet())
                .containsExactlyInAnyOrderElementsOf(SinkMetric.of(new SinkMeters(System::nanoTime)).stream()
                        .map(Metric::name)
                        .toList());
        assertThat(numbers)
                .containsEntry("records-archived-total", 2_970.0)
                .containsEntry("errant-records-total", 30.0)
                .containsEntry("open-lanes", 2.0)
                .containsEntry("uncommitted-records", 0.0)
                .containsEntry("committed-offset-lag", 0.0)
                .containsEntry("partitions-paused", 0.0)
                .containsEntry("fenced-lanes-total", 0.0)
                .containsEntry("lifecycle-failures-total", 0.0);
        assertThat(numbers.get("bytes-archived-total")).isGreaterThan(2_970 * 20.0);
        assertThat(numbers.get("commits-total")).isPositive();
        assertThat(numbers.get("commit-time-ms-max")).isGreaterThanOrEqualTo(numbers.get("commit-time-ms-avg"));
        assertThat(numbers.get("lifecycle-ratio")).isPositive();
    }

    @Test
    void tombstonesAreWrittenIgnoredOrSetAside() {
        for (String behavior : new String[] {"write", "ignore", "errant"}) {
            String topic = "nulls-" + behavior;
            fixture.broker().createTopic(topic, 1, Map.of());
            Map<String, String> config = withDeadLetters(topic);
            config.put(NullValues.OPTION, behavior);
            fixture.create(rest(), topic, config);
            feedTombstones(topic);
            Waiting.until(
                    "the position of " + topic,
                    SinkFixture.TIMEOUT,
                    () -> ArchiveDump.lane(fixture.table(topic), 0).position() == 4);
            rest().delete(topic);
        }

        assertThat(ArchiveDump.read(fixture.table("nulls-write"))).hasSize(4);
        assertThat(ArchiveDump.read(fixture.table("nulls-ignore")))
                .extracting(DumpedRecord::offset)
                .containsExactly(0L, 2L);
        assertThat(ArchiveDump.read(fixture.table("nulls-errant")))
                .extracting(DumpedRecord::offset)
                .containsExactly(0L, 2L);
        assertThat(fixture.dump("nulls-errant-dlq")).hasSize(2);
    }

    @Test
    void tombstonesFailTheTaskWhereTheyMust() {
        fixture.broker().createTopic("nulls-fail", 1, Map.of());
        Map<String, String> config = fixture.config("nulls-fail", 1);
        config.put(NullValues.OPTION, "fail");
        rest().create("nulls-fail", config);
        feedTombstones("nulls-fail");

        assertThat(rest().awaitFailure("nulls-fail", SinkFixture.TIMEOUT))
                .contains("record nulls-fail-0@1 has no value")
                .contains("write, ignore or errant");
        rest().delete("nulls-fail");
    }

    @Test
    void validationTellsAPinnedArchiveThatIsMissingAndAWrongBehavior() {
        Map<String, String> config = fixture.config("any", 1);
        config.put("name", "any");
        config.put("firn.path", directory.resolve("empty").toString());
        config.put(ArchiveAccess.PIN, "0f0e0d0c-0b0a-4908-8706-050403020100");

        assertThat(rest().validationErrors(FirnSinkConnector.class.getName(), config))
                .singleElement()
                .asString()
                .contains("sees no archive at")
                .contains("firn archive-id");
        ArchiveRoot root = ArchiveRoot.openOrCreate(directory.resolve("empty"));
        config.put(ArchiveAccess.PIN, root.id().toString());
        assertThat(rest().validationErrors(FirnSinkConnector.class.getName(), config))
                .isEmpty();
        config.put(NullValues.OPTION, "drop");
        assertThat(rest().validationErrors(FirnSinkConnector.class.getName(), config))
                .singleElement()
                .asString()
                .contains("'drop' for 'behavior.on.null.values': use one of write, ignore, fail, errant");
    }

    private static Map<String, String> withDeadLetters(String topic) {
        Map<String, String> config = fixture.config(topic, 1);
        config.put("errors.tolerance", "all");
        config.put("errors.deadletterqueue.topic.name", topic + "-dlq");
        config.put("errors.deadletterqueue.topic.replication.factor", "1");
        return config;
    }

    private static void feedTombstones(String topic) {
        try (TopicFeed feed = fixture.feed()) {
            feed.send(record(topic, 0, "{\"origin\":\"ATL\"}"));
            feed.send(record(topic, 0, null));
            feed.send(record(topic, 0, "{\"origin\":\"ORD\"}"));
            feed.send(record(topic, 0, null));
        }
    }

    private static ConnectRest rest() {
        return worker.rest();
    }

    private static ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            String topic, int partition, @Nullable String value) {
        return new ProducerRecord<>(
                topic,
                partition,
                978_307_200_000L,
                "key".getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }
}
