package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.record.StreamRecord;
import io.firn.registry.RegistryUnavailableException;
import io.firn.registry.SchemaText;
import io.firn.registry.WireFormat;
import io.firn.schema.CapturedSchema;
import io.firn.schema.RecordPart;
import io.firn.schema.RegistrySchemas;
import io.firn.schema.SubjectNames;
import io.firn.testing.StubRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids of the archived registry become those of the target. */
class SchemaIdsTest {
    @TempDir
    Path root;

    private final StubRegistry stub = StubRegistry.start(700);
    private ArchiveFixture archive;

    @BeforeEach
    void archive() {
        archive = ArchiveFixture.open(root, "flights", "", "flights", 0);
        RegistrySchemas kept = archive.table().registrySchemas();
        for (int id = 1; id <= 3; id++) {
            String schema = "{\"type\":\"fixed\",\"name\":\"F" + id + "\",\"size\":3}";
            kept.keep(new CapturedSchema(id, SchemaText.avro(schema), List.of()));
        }
        kept.mark(1, RecordPart.VALUE);
        kept.mark(2, RecordPart.VALUE);
    }

    @AfterEach
    void stop() {
        archive.close();
        stub.close();
    }

    private static byte[] framed(int id) {
        byte[] bytes = "01234abc".getBytes(StandardCharsets.UTF_8);
        bytes[0] = WireFormat.MAGIC;
        WireFormat.setId(bytes, id);
        return bytes;
    }

    private FirnSourceConfig config(String... more) {
        return new FirnSourceConfig(properties(more));
    }

    private Map<String, String> properties(String... more) {
        Map<String, String> properties = new HashMap<>(Map.of("firn.path", root.toString()));
        properties.put("schema.id.remap", "registry");
        properties.put("schema.registry.url", stub.url());
        properties.put("schema.registry.max.retries", "0");
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    private SchemaIds ids(String... more) {
        return SchemaIds.open(config(more), List.of(archive.table()));
    }

    private SourceRecord record(byte @Nullable [] key, byte @Nullable [] value) {
        UUID table = archive.table().id();
        return new SourceRecord(
                SourceOffset.partition(table, "flights-0-g0"), SourceOffset.after(0), "out", null, key, null, value);
    }

    @Test
    void idsOfThePartInWhichTheyWereMetAreRewritten() {
        SourceRecord both = record(framed(1), framed(2));
        SourceRecord plain = record(new byte[] {0, 0}, "{}".getBytes(StandardCharsets.UTF_8));
        SourceRecord tombstone = record(null, null);
        try (SchemaIds ids = ids()) {
            ids.rewrite(List.of(both, plain, tombstone));
        }

        assertThat((byte[]) both.key()).isEqualTo(framed(1)); // no schema of a key was met: it may be a number
        assertThat((byte[]) both.value()).isEqualTo(framed(701));
        assertThat((byte[]) plain.key()).containsExactly(0, 0);
        assertThat(stub.subjects()).containsExactly("out-value");
    }

    @Test
    void offLeavesEverythingAsItIs() {
        SourceRecord record = record(framed(1), framed(2));
        try (SchemaIds ids = ids("schema.id.remap", "off")) {
            ids.rewrite(List.of(record));
        }
        assertThat((byte[]) record.value()).isEqualTo(framed(2));
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void anUnknownIdFailsOrIsKeptAsTheUserWants() {
        try (SchemaIds ids = ids();
                SchemaIds keeping = ids("schema.id.remap.unknown", "keep")) {
            SourceRecord record = record(null, framed(3));
            SourceRecord before = record(null, framed(1));
            assertThatThrownBy(() -> ids.rewrite(List.of(before, record)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("schema id 3")
                    .hasMessageContaining("schema.id.remap.unknown=keep");
            assertThat((byte[]) before.value()).isEqualTo(framed(1));
            keeping.rewrite(List.of(record));
            assertThat((byte[]) record.value()).isEqualTo(framed(3));
        }
    }

    @Test
    void idsThatAreMetWhileTheReplayRunsAreFound() {
        try (SchemaIds ids = ids()) {
            ids.rewrite(List.of(record(null, framed(1))));
            archive.table().registrySchemas().mark(3, RecordPart.VALUE);
            SourceRecord later = record(null, framed(3));
            ids.rewrite(List.of(later));
            assertThat((byte[]) later.value()).isEqualTo(framed(702));
        }
    }

    /** Keys that are numbers look as if they had an id. */
    @Test
    void anUnknownIdIsLookedForInEachPartAndInLaterBatches() {
        RegistrySchemas kept = archive.table().registrySchemas();
        try (SchemaIds ids = ids()) {
            ids.rewrite(List.of(record(framed(3), framed(1))));
            ids.rewrite(List.of(record(framed(3), framed(1))));
            kept.mark(3, RecordPart.VALUE);
            SourceRecord value = record(null, framed(3));
            ids.rewrite(List.of(value));
            assertThat((byte[]) value.value()).isEqualTo(framed(702));

            kept.mark(3, RecordPart.KEY);
            SourceRecord both = record(framed(3), framed(3));
            ids.rewrite(List.of(both));
            assertThat((byte[]) both.key()).isEqualTo(framed(702));
        }
    }

    @Test
    void aBatchIsRewrittenWholeOrNotAtAll() {
        SourceRecord first = record(null, framed(1));
        SourceRecord second = record(null, framed(2));
        stub.down();
        try (SchemaIds ids = ids()) {
            assertThatThrownBy(() -> ids.rewrite(List.of(first, second)))
                    .isInstanceOf(RegistryUnavailableException.class);
            assertThat((byte[]) first.value()).isEqualTo(framed(1));
            stub.up();
            ids.rewrite(List.of(first, second));
        }
        assertThat((byte[]) first.value()).isEqualTo(framed(700));
        assertThat((byte[]) second.value()).isEqualTo(framed(701));
    }

    @Test
    void theTaskWaitsForTheRegistryAndHandsEveryRecordOutOnce() throws Exception {
        for (int i = 0; i < 10; i++) {
            archive.append(
                    0, i, StreamRecord.atMillis(i).value(framed(1 + i % 2)).build());
        }
        archive.commit();
        TaskPlan plan =
                new TaskPlan("here", new ArchiveSurvey(Map.of("flights", archive.table()), config().topics()).groups());
        Map<String, String> properties = properties();
        properties.put(TaskPlan.KEY, plan.toJson());
        FirnSourceTask task = new FirnSourceTask();
        task.initialize(new FreshContext());
        stub.down();
        task.start(properties);
        assertThatThrownBy(task::poll).isInstanceOf(RetriableException.class);
        stub.up();
        List<SourceRecord> records = task.poll();

        assertThat(records).hasSize(10);
        assertThat(records)
                .extracting(record -> WireFormat.id((byte[]) record.value()))
                .containsExactly(700, 701, 700, 701, 700, 701, 700, 701, 700, 701);
        assertThat(task.poll()).isNull();
        task.stop();
    }

    @Test
    void preflightTellsEveryProblemBeforeTheFirstRecord() {
        archive.append(0, 0, StreamRecord.atMillis(0).value(framed(1)).build());
        archive.commit();
        assertThat(check()).isEmpty();
        assertThat(stub.subjects()).containsExactly("flights-value");

        stub.refuseNewSchemasOf("other-value");
        assertThat(check("restore.topic.map", "flights:other"))
                .contains("'other'", "incompatible", "schema.id.remap=off", "restore.preflight=warn");
        assertThat(check("restore.topic.map", "flights:other", "restore.preflight", "warn"))
                .isEmpty();
        stub.down();
        assertThat(check()).contains("The schema registry is not available", stub.url());
        assertThat(check("restore.preflight", "off")).isEmpty();
    }

    @Test
    void anArchiveWithoutSchemasIsTold() {
        try (ArchiveFixture empty = ArchiveFixture.open(root, "bare", "", "bare", 0)) {
            empty.append(0, 0, StreamRecord.atMillis(0).value(framed(1)).build());
            empty.commit();
            assertThat(check("firn.table", "bare", "restore.topics", "bare")).contains("schema.capture");
        }
    }

    private String check(String... more) {
        FirnSourceConfig config = config(more);
        try (ArchivedTables tables = new ArchivedTables(config)) {
            tables.openAll(config.tables());
            RegistryCheck.run(config, tables.byName(), new ArchiveSurvey(tables.byName(), config.topics()).groups());
            return "";
        } catch (ConnectException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    @Test
    void optionsThatDoNotFitAreToldWithTheRemedy() {
        assertThat(errors(properties())).isEmpty();
        assertThat(errors(properties("schema.registry.url", "")))
                .singleElement()
                .asString()
                .contains("'registry' for 'schema.id.remap'", "set schema.registry.url");
        assertThat(errors(properties("schema.id.remap", "always")))
                .singleElement()
                .asString()
                .contains("'always'", "off, registry");
        assertThat(RemapOptions.subjects(config("schema.id.remap.subject", "topic-record")))
                .isEqualTo(SubjectNames.TOPIC_RECORD);
        assertThat(errors(properties("schema.registry.ssl.keystore.type", "P12")))
                .singleElement()
                .asString()
                .contains("PKCS12");
    }

    private static List<String> errors(Map<String, String> properties) {
        for (String part : List.of("key", "value", "header")) {
            properties.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        return new FirnSourceConnector()
                .validate(properties).configValues().stream()
                        .flatMap(value -> value.errorMessages().stream())
                        .toList();
    }
}
