package io.firn.connect.avro;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectEquality;
import io.firn.fs.SmallFiles;
import io.firn.schema.TableSchemas;
import io.firn.testing.InMemoryFileStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.junit.jupiter.api.Test;

/**
 * Values of version 1 as they were written once: a line {@code schema <file name> <content in hex>} for each file, and
 * {@code value <name> <bytes in hex>}. {@code -Dfirn.write.fixtures=true} writes the file of a new version.
 */
class StructuredCompatibilityTest {
    private static final Path FIXTURE = Path.of("src/test/resources/format/structured-v1.txt");
    private static final HexFormat HEX = HexFormat.of();

    private final InMemoryFileStore store = new InMemoryFileStore();

    @SuppressWarnings("JavaUtilDate") // Connect's own class
    private static Map<String, SchemaAndValue> values() {
        Schema inner = SchemaBuilder.struct()
                .name("io.acme.Inner")
                .optional()
                .field("x", SchemaBuilder.int8().defaultValue((byte) 3).build())
                .build();
        Schema all = SchemaBuilder.struct()
                .name("io.acme.All")
                .version(4)
                .doc("all of it")
                .parameter("b", "2")
                .parameter("a", "1")
                .field("i8", Schema.INT8_SCHEMA)
                .field("i16", Schema.INT16_SCHEMA)
                .field("i32", Schema.INT32_SCHEMA)
                .field("i64", Schema.INT64_SCHEMA)
                .field("f32", Schema.FLOAT32_SCHEMA)
                .field("f64", Schema.FLOAT64_SCHEMA)
                .field("flag", Schema.BOOLEAN_SCHEMA)
                .field(
                        "text",
                        SchemaBuilder.string()
                                .optional()
                                .defaultValue("d")
                                .doc("t")
                                .build())
                .field("bytes", Schema.OPTIONAL_BYTES_SCHEMA)
                .field("decimal", Decimal.schema(2))
                .field("day", org.apache.kafka.connect.data.Date.SCHEMA)
                .field("time", Time.SCHEMA)
                .field("instant", Timestamp.builder().optional().build())
                .field("list", SchemaBuilder.array(inner).build())
                .field(
                        "map",
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_INT64_SCHEMA)
                                .build())
                .field(
                        "by-number",
                        SchemaBuilder.map(Schema.INT32_SCHEMA, inner).build())
                .field("unnamed", SchemaBuilder.struct().field("int", inner).build())
                .build();
        Struct value = new Struct(all)
                .put("i8", (byte) -1)
                .put("i16", (short) 300)
                .put("i32", Integer.MIN_VALUE)
                .put("i64", Long.MAX_VALUE)
                .put("f32", 1.5f)
                .put("f64", -0.0)
                .put("flag", true)
                .put("text", "ä☃")
                .put("bytes", new byte[] {0, -1})
                .put("decimal", new BigDecimal("-12.34"))
                .put("day", new Date(86_400_000L * 11_000))
                .put("time", new Date(86_399_999))
                .put("instant", new Date(-1))
                .put("list", Arrays.asList(new Struct(inner).put("x", (byte) 9), null, new Struct(inner)))
                .put("map", Map.of("k", 5L))
                .put("by-number", Map.of(7, new Struct(inner)))
                .put("unnamed", new Struct(all.field("unnamed").schema()));
        Map<String, Object> free = new LinkedHashMap<>();
        free.put("a", Arrays.asList(null, true, (byte) 1, (short) 2, 3, 4L, 5f, 6d, new byte[] {7}, "8"));
        free.put("b", Map.of(1L, List.of()));
        Map<String, SchemaAndValue> values = new LinkedHashMap<>();
        values.put("all", new SchemaAndValue(all, value));
        values.put("no-schema", new SchemaAndValue(null, free));
        values.put("text", new SchemaAndValue(Schema.STRING_SCHEMA, "key"));
        values.put("null-with-schema", new SchemaAndValue(Schema.OPTIONAL_INT32_SCHEMA, null));
        return values;
    }

    @Test
    void valuesOfVersion1AreReadAndWrittenAsTheyWere() throws IOException {
        store.createDirectory(Path.of("/t"));
        Path directory = Path.of("/t/schemas");
        if (Boolean.getBoolean("firn.write.fixtures")) {
            write(directory);
        }
        SmallFiles files = new SmallFiles(store, directory);
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        for (String line : Files.readAllLines(FIXTURE)) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("schema")) {
                files.publish(words[1], HEX.parseHex(words[2]));
            } else {
                bytes.put(words[1], HEX.parseHex(words[2]));
            }
        }
        TableSchemas schemas = new TableSchemas(store, directory);
        assertThat(schemas.damages()).isEmpty();
        int known = files.names().size();
        values().forEach((name, expected) -> {
            SchemaAndValue back = new StructuredDecoder(schemas).decode(bytes.get(name));
            assertThat(ConnectEquality.isSame(back.schema(), expected.schema()))
                    .as(name)
                    .isTrue();
            assertThat(ConnectEquality.isSame(back.value(), expected.value()))
                    .as(name)
                    .isTrue();
            assertThat(new StructuredEncoder(schemas).encode(expected.schema(), expected.value()))
                    .as(name)
                    .isEqualTo(bytes.get(name));
        });
        assertThat(files.names()).hasSize(known);
    }

    private void write(Path directory) throws IOException {
        InMemoryFileStore fresh = new InMemoryFileStore();
        fresh.createDirectory(Path.of("/t"));
        StructuredEncoder encoder = new StructuredEncoder(new TableSchemas(fresh, directory));
        List<String> lines = new ArrayList<>();
        values().forEach((name, value) ->
                lines.add("value " + name + " " + HEX.formatHex(encoder.encode(value.schema(), value.value()))));
        SmallFiles files = new SmallFiles(fresh, directory);
        for (String name : files.names()) {
            lines.add("schema " + name + " " + HEX.formatHex(files.read(name).orElseThrow()));
        }
        Files.createDirectories(FIXTURE.getParent());
        Files.writeString(FIXTURE, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
    }
}
