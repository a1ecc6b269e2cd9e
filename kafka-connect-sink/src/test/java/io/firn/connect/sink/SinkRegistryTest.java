package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.testing.DumpedRecord;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.registry.WireFormat;
import io.firn.schema.RecordPart;
import io.firn.table.Table;
import io.firn.testing.StubRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records in Confluent's wire format, and a registry that comes and goes. */
class SinkRegistryTest {
    static final String FLIGHT = "{\"type\":\"record\",\"name\":\"Flight\",\"fields\":["
            + "{\"name\":\"delay\",\"type\":\"int\"},{\"name\":\"origin\",\"type\":\"string\"}]}";

    @TempDir
    Path directory;

    private final StubRegistry stub = StubRegistry.start(41);
    private final SourceLog log = new SourceLog("flights", 2);

    @AfterEach
    void stop() {
        stub.close();
    }

    /** A flight with a delay of 1 minute. */
    static byte[] flight(int id, String origin) {
        byte[] bytes = ("0123456" + origin).getBytes(StandardCharsets.UTF_8);
        bytes[0] = WireFormat.MAGIC;
        WireFormat.setId(bytes, id);
        bytes[5] = 2;
        bytes[6] = (byte) (origin.length() * 2);
        return bytes;
    }

    private void append(int partition, byte @Nullable [] value) {
        log.append(partition, log.endOffset(partition), new ProducerRecord<>("flights", partition, 0L, null, value));
    }

    private TaskRig rig() {
        return new TaskRig(directory, log)
                .with("schema.registry.url", stub.url())
                .with("schema.registry.max.retries", "0");
    }

    @Test
    void partitionsByFieldsOfAvroAndKeepsTheBytesAndTheSchemas() {
        int first = stub.register("flights-value", FLIGHT);
        int second = stub.register("flights-value", FLIGHT.replace("Flight", "Other"));
        append(0, flight(first, "ATL"));
        append(0, "{\"origin\":\"ORD\"}".getBytes(StandardCharsets.UTF_8));
        append(1, flight(second, "VIE"));
        append(1, null);
        TaskRig rig = rig();
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();

        rig.assertArchiveEqualsLog();
        try (Table table = Table.open(rig.tablePath())) {
            assertThat(table.contents().hot().records()).isEqualTo(4);
            assertThat(table.registrySchemas().idsIn(RecordPart.VALUE)).containsExactly(first, second);
            assertThat(table.registrySchemas().idsIn(RecordPart.KEY)).isEmpty();
            assertThat(table.registrySchemas()
                            .find(first)
                            .orElseThrow()
                            .schema()
                            .text())
                    .isEqualTo(FLIGHT);
        }
        rig.maintain(LifecycleRequest.settleAll());
        assertThat(rig.tablePath().resolve("origin=ATL")).exists();
        assertThat(rig.tablePath().resolve("origin=ORD")).exists();
        assertThat(rig.tablePath().resolve("origin=VIE")).exists();
    }

    @Test
    void whileTheRegistryIsDownRecordsWaitAndNoneIsLostOrRepeatedOrCalledIncomplete() {
        int id = stub.register("flights-value", FLIGHT);
        for (int i = 0; i < 20; i++) {
            append(i % 2, "{\"origin\":\"ORD\"}".getBytes(StandardCharsets.UTF_8));
            append(i % 2, flight(id, "ATL"));
        }
        List<Object> reported = new ArrayList<>();
        TaskRig rig = rig().with("partition.missing.field", "errant").reporter((record, error) -> {
            reported.add(record);
            return CompletableFuture.completedFuture(null);
        });
        stub.down();
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        for (int i = 0; i < 3; i++) {
            task.iterate(50);
            task.commitAll();
        }
        assertThat(task.retries()).isEqualTo(3);
        assertThat(reported).isEmpty();
        stub.up();
        rig.drain(task);
        task.stop();

        assertThat(reported).isEmpty();
        rig.assertArchiveEqualsLog();
        try (Table table = Table.open(rig.tablePath())) {
            assertThat(table.lanes()).hasSize(2); // no generation beside the first
        }
    }

    @Test
    void aTopicThatWasMadeAgainIsStillSeenAfterARedelivery() {
        int id = stub.register("flights-value", FLIGHT);
        append(0, flight(id, "ATL"));
        append(0, flight(id, "ATL"));
        TaskRig rig = rig();
        stub.down();
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        task.iterate(50);
        stub.up();
        rig.drain(task);
        task.seekToBeginning();

        assertThatThrownBy(() -> task.iterate(50)).hasMessageContaining("is not the one that was archived");
    }

    @Test
    void recordsWithAnUnknownIdAreReportedWithTheReason() {
        int id = stub.register("flights-value", FLIGHT);
        append(0, flight(id, "ATL"));
        append(0, flight(999, "ATL"));
        append(0, new byte[] {0, 1, 2});
        append(0, new byte[] {1, 0, 0, 0, 41, 2, 2, 'A'});
        append(0, flight(id, "ORD"));
        List<String> reasons = new ArrayList<>();
        TaskRig rig = rig().with("partition.missing.field", "errant").reporter((record, error) -> {
            reasons.add(error.getMessage());
            return CompletableFuture.completedFuture(null);
        });
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();

        assertThat(reasons).hasSize(3);
        assertThat(reasons.get(0)).contains("schema id 999, which the registry does not know");
        assertThat(reasons.get(1)).contains("3 bytes, too few for the wire format");
        assertThat(reasons.get(2)).contains("is not valid JSON");
        assertThat(ArchiveDump.read(rig.tablePath()))
                .extracting(DumpedRecord::offset)
                .containsExactly(0L, 4L);
    }

    @Test
    void nothingIsKeptWhereThatIsSwitchedOff() {
        int id = stub.register("flights-value", FLIGHT);
        append(0, flight(id, "ATL"));
        TaskRig rig = rig().with("schema.capture", "off");
        SinkTaskHarness task = rig.task();
        task.assign(rig.partitions());
        rig.drain(task);
        task.stop();

        rig.assertArchiveEqualsLog();
        assertThat(rig.tablePath().resolve("_table/schemas")).doesNotExist();
    }

    @Test
    void secretsArePasswordsAndBadSettingsAreToldWithTheRemedy() {
        ConfigDef definition = FirnSinkConfig.DEFINITION;
        for (String secret : List.of(
                "basic.auth.user.info",
                "bearer.auth.token",
                "schema.registry.ssl.keystore.password",
                "schema.registry.ssl.key.password",
                "schema.registry.ssl.keystore.key",
                "schema.registry.ssl.truststore.password")) {
            assertThat(Objects.requireNonNull(definition.configKeys().get(secret)).type)
                    .as(secret)
                    .isEqualTo(ConfigDef.Type.PASSWORD);
        }
        Map<String, String> properties = new HashMap<>(Map.of("firn.path", "/data/firn", "topics", "t"));
        properties.put("schema.capture", "sometimes");
        assertThatThrownBy(() -> new FirnSinkConfig(properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("both, key, value, off");
        properties.put("schema.capture", "value");
        properties.put("schema.registry.url", "registry:8081");
        assertThat(errors(properties)).singleElement().asString().contains("http://");
        properties.put("schema.registry.url", "http://registry:8081");
        properties.put("basic.auth.credentials.source", "USER_INFO");
        assertThat(errors(properties)).singleElement().asString().contains("must be user:password");
        properties.put("basic.auth.user.info", "a:b");
        assertThat(errors(properties)).isEmpty();
    }

    private static List<String> errors(Map<String, String> properties) {
        return new FirnSinkConnector()
                .validate(properties).configValues().stream()
                        .flatMap(value -> value.errorMessages().stream())
                        .toList();
    }
}
