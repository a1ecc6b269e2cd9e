package io.firn.connect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionScheme;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaText;
import io.firn.registry.WireFormat;
import io.firn.schema.CapturedSchema;
import io.firn.schema.RecordPart;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.testing.StubRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as the same record when its schema id was replaced. */
class SchemaIdRuleTest {
    private static final int KEPT = 7;

    @TempDir
    Path directory;

    private final StubRegistry stub = StubRegistry.start(500);
    private Table table;
    private SchemaIdRule ids;
    private int same;
    private int other;

    @BeforeEach
    void open() {
        table = Table.create(directory.resolve("t"), PartitionScheme.unpartitioned(), TableConfig.defaults());
        table.registrySchemas().keep(new CapturedSchema(KEPT, SchemaText.avro("\"string\""), List.of()));
        table.registrySchemas().mark(KEPT, RecordPart.VALUE);
        ids = SchemaIdRule.of(
                table,
                SchemaRegistries.open(Map.of("schema.registry.url", stub.url())).orElseThrow());
        other = stub.register("t-value", "\"bytes\"");
        same = stub.register("t-value", "\"string\"");
    }

    @AfterEach
    void close() {
        ids.close();
        table.close();
        stub.close();
    }

    private static byte[] framed(int id, String data) {
        byte[] bytes = ("\0....." + data).getBytes(StandardCharsets.UTF_8);
        WireFormat.setId(bytes, id);
        return bytes;
    }

    private static RecordContent record(byte @Nullable [] key, byte @Nullable [] value) {
        return RecordContent.of(new ConsumerRecord<>("t", 0, 0, key, value));
    }

    private Optional<String> difference(byte @Nullable [] archived, byte @Nullable [] live) {
        return ids.difference(record(null, archived), record(null, live));
    }

    @Test
    void anIdThatMeansTheSameSchemaIsNoDifference() {
        assertThat(difference(framed(KEPT, "abc"), framed(same, "abc"))).isEmpty();
    }

    @Test
    void anIdThatMeansAnotherSchemaIsADifferenceAlsoWhenItIsTheSameNumber() {
        assertThat(difference(framed(KEPT, "abc"), framed(other, "abc")))
                .get()
                .asString()
                .contains("value", "schema id 7 became " + other, "not mean the same schema");
        assertThat(difference(framed(KEPT, "abc"), framed(KEPT, "abc")))
                .get()
                .asString()
                .contains("schema id 7 became 7");
    }

    @Test
    void otherBytesMustBeEqual() {
        assertThat(difference(framed(KEPT, "abc"), framed(same, "abd"))).isPresent();
        assertThat(difference(framed(KEPT, "abc"), framed(same, "abcd"))).isPresent();
        assertThat(difference(framed(KEPT, "abc"), null)).isPresent();
        assertThat(difference(null, framed(same, "abc"))).isPresent();
        assertThat(difference(framed(KEPT, "abc"), new byte[0])).isPresent();
        assertThat(difference(framed(KEPT, ""), framed(same, ""))).isEmpty();
        assertThat(difference(null, null)).isEmpty();
    }

    @Test
    void bytesWhoseIdIsNotKeptThereMustBeEqual() {
        assertThat(difference(framed(8, "abc"), framed(8, "abc"))).isEmpty();
        assertThat(difference(framed(8, "abc"), framed(same, "abc"))).isPresent();
        assertThat(ids.difference(record(framed(KEPT, "k"), null), record(framed(same, "k"), null)))
                .as("the id was met in values only")
                .isPresent();
    }

    @Test
    void withoutARegistryAllBytesMustBeEqual() throws Exception {
        try (SchemaIdRule exact = new SchemaIdRule(null, null)) {
            byte[] archived = framed(KEPT, "abc");
            assertThat(exact.difference(record(archived, archived), record(archived.clone(), archived.clone())))
                    .isEmpty();
            assertThat(exact.difference(record(null, archived), record(null, framed(same, "abc"))))
                    .isPresent();
        }
    }
}
