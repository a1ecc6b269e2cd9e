package io.firn.connect.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.DumpedRecord;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.schema.RecordPart;
import io.firn.table.Table;
import io.firn.testing.StubRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Avro with a schema registry, archived by the packaged plugin on a real worker. */
class SinkRegistryIT {
    @TempDir
    static Path directory;

    private static SinkFixture fixture;
    private static ConnectWorker worker;
    private static StubRegistry stub;

    @BeforeAll
    static void start() {
        stub = StubRegistry.start(300);
        fixture = new SinkFixture(directory);
        worker = fixture.workerProcess().start();
    }

    @AfterAll
    static void stop() {
        worker.close();
        fixture.close();
        stub.close();
    }

    private static Map<String, String> config(String topic) {
        Map<String, String> config = fixture.config(topic, 1);
        config.put("partition.fields", "origin:string=value.origin");
        config.put("partition.missing.field", "errant");
        config.put("errors.tolerance", "all");
        config.put("errors.deadletterqueue.topic.name", topic + "-dlq");
        config.put("errors.deadletterqueue.topic.replication.factor", "1");
        config.put("errors.deadletterqueue.context.headers.enable", "true");
        config.put("schema.registry.url", stub.url());
        config.put("schema.registry.max.retries", "0");
        config.put("basic.auth.credentials.source", "USER_INFO");
        config.put("basic.auth.user.info", "firn:secret");
        config.put("rotate.interval.ms", "1000");
        config.put("settle.min.bytes", "1");
        return config;
    }

    private static void send(String topic, byte @Nullable [] value) {
        try (TopicFeed feed = fixture.feed()) {
            feed.send(new ProducerRecord<>(topic, 0, 978_307_200_000L, null, value));
        }
    }

    @Test
    void avroIsPartitionedKeptWithItsSchemaAndSetAsideWhenNobodyKnowsItsId() {
        stub.requireAuthorization("Basic ZmlybjpzZWNyZXQ=");
        int id = stub.register("flights-value", SinkRegistryTest.FLIGHT);
        fixture.broker().createTopic("flights", 1, Map.of());
        fixture.create(worker.rest(), "flights", config("flights"));
        send("flights", SinkRegistryTest.flight(id, "ATL"));
        send("flights", SinkRegistryTest.flight(12_345, "ATL"));
        send("flights", "{\"origin\":\"ORD\"}".getBytes(UTF_8));

        Waiting.until(
                "three records",
                SinkFixture.TIMEOUT,
                () -> ArchiveDump.lane(fixture.table("flights"), 0).position() == 3,
                worker::logText);
        assertThat(ArchiveDump.read(fixture.table("flights")))
                .extracting(DumpedRecord::offset)
                .containsExactly(0L, 2L);
        assertThat(fixture.dump("flights-dlq")).hasSize(1);
        try (Table table = Table.open(fixture.table("flights"))) {
            assertThat(table.registrySchemas().idsIn(RecordPart.VALUE)).containsExactly(id);
        }
        Waiting.until(
                "partitions",
                SinkFixture.TIMEOUT,
                () -> Stream.of("origin=ATL", "origin=ORD")
                        .allMatch(name ->
                                fixture.table("flights").resolve(name).toFile().isDirectory()),
                worker::logText);
        assertThat(worker.logText()).doesNotContain("firn:secret");
        worker.rest().delete("flights");
    }

    @Test
    void aRegistryThatIsDownDelaysRecordsAndLosesNone() {
        int id = stub.register("late-value", SinkRegistryTest.FLIGHT.replace("Flight", "Late"));
        fixture.broker().createTopic("late", 1, Map.of());
        stub.down();
        fixture.create(worker.rest(), "late", config("late"));
        for (int i = 0; i < 5; i++) {
            send("late", SinkRegistryTest.flight(id, "ATL"));
        }
        Waiting.until(
                "the task to postpone its batch",
                SinkFixture.TIMEOUT,
                () -> worker.logText().contains("The schema registry is not available"));
        assertThat(worker.rest().status("late").toString()).doesNotContain("FAILED");
        stub.up();

        fixture.assertArchiveEqualsTopic("late");
        assertThat(fixture.dump("late")).hasSize(5);
        worker.rest().delete("late");
    }

    /**
     * A new partition makes the group rebalance, which takes everything from the task and gives it back. Fetches take
     * seconds here, so that puts without records come first, after which the worker's offsets say too much.
     */
    @Test
    void aRebalanceDuringAnOutageLosesNothing() {
        int id = stub.register("moved-value", SinkRegistryTest.FLIGHT.replace("Flight", "Moved"));
        fixture.broker().createTopic("moved", 1, Map.of());
        for (int i = 0; i < 10; i++) {
            send("moved", i < 5 ? "{\"origin\":\"ORD\"}".getBytes(UTF_8) : SinkRegistryTest.flight(id, "ATL"));
        }
        stub.down();
        Map<String, String> config = config("moved");
        config.put("consumer.override.fetch.min.bytes", "1000000");
        config.put("consumer.override.fetch.max.wait.ms", "3000");
        config.put("consumer.override.metadata.max.age.ms", "500");
        fixture.create(worker.rest(), "moved", config);
        Waiting.until(
                "the task to postpone its batch",
                SinkFixture.TIMEOUT,
                () -> worker.logText().contains("WorkerSinkTask{id=moved-0} RetriableException"),
                worker::logText);
        fixture.broker()
                .call(admin -> admin.createPartitions(Map.of("moved", NewPartitions.increaseTo(2)))
                        .all());
        Waiting.until(
                "the rebalance", SinkFixture.TIMEOUT, () -> worker.logText().contains("moved-1=0"), worker::logText);
        stub.up();

        fixture.assertArchiveEqualsTopic("moved");
        worker.rest().delete("moved");
    }
}
