package io.firn.connect.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.testing.ConnectEquality;
import io.firn.error.InvalidRecordException;
import io.firn.fs.FileStore;
import io.firn.fs.SmallFiles;
import io.firn.registry.AvroInput;
import io.firn.schema.AvroFingerprint;
import io.firn.schema.TableSchemas;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.SchemaStore;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keys, values and header values of Connect, to bytes and back. */
class StructuredValuesTest {
    private final FileStore store = new InMemoryFileStore();
    private final StructuredEncoder encoder = new StructuredEncoder(schemas());
    private final StructuredDecoder decoder = new StructuredDecoder(schemas());

    private TableSchemas schemas() {
        store.createDirectory(Path.of("/t"));
        return new TableSchemas(store, Path.of("/t/schemas"));
    }

    private void assertReturns(@Nullable Schema schema, @Nullable Object value) {
        byte[] bytes = encoder.encode(schema, value);
        SchemaAndValue back = decoder.decode(bytes);
        assertThat(ConnectEquality.isSame(back.schema(), schema))
                .as("%s came back as %s", schema, back.schema())
                .isTrue();
        assertThat(ConnectEquality.isSame(back.value(), value))
                .as("%s came back as %s", value, back.value())
                .isTrue();
    }

    @Test
    void randomSchemasAndValuesComeBackEqual() {
        Randomized.forAll(2_000, random -> {
            RandomSchemas generator = new RandomSchemas(random);
            Schema schema = generator.schema(3);
            for (int i = 0; i < 3; i++) {
                assertReturns(schema, generator.value(schema, 6));
            }
        });
    }

    @Test
    void randomValuesWithoutSchemaComeBackEqual() {
        Randomized.forAll(1_000, random -> assertReturns(null, new RandomSchemas(random).schemaless(5)));
    }

    @Test
    void nothingStaysNothingAndNullWithASchemaKeepsIt() {
        assertThat(encoder.encode(null, null)).isNull();
        assertThat(decoder.decode(null)).isEqualTo(SchemaAndValue.NULL);
        assertReturns(Schema.OPTIONAL_STRING_SCHEMA, null);
        assertReturns(
                SchemaBuilder.struct().optional().field("a", Schema.INT8_SCHEMA).build(), null);
        assertReturns(SchemaBuilder.int32().defaultValue(7).build(), null);
        assertThatThrownBy(() -> encoder.encode(Schema.STRING_SCHEMA, null)).isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void aSchemaMayContainItself() {
        SchemaBuilder node = SchemaBuilder.struct().name("Node").optional();
        node.field("id", Schema.INT32_SCHEMA).field("next", node);
        Schema schema = node.build();
        Struct inner = new Struct(node).put("id", 2).put("next", new Struct(node).put("id", 3));
        Struct value = new Struct(schema).put("id", 1).put("next", inner);
        SchemaAndValue back = decoder.decode(encoder.encode(schema, value));
        assertThat(back.schema().field("next").schema()).isInstanceOf(SchemaBuilder.class);
        Struct found = (Struct) back.value();
        assertThat(found.getStruct("next").getStruct("next").getInt32("id")).isEqualTo(3);
        assertThat(found.getStruct("next").getStruct("next").getStruct("next")).isNull();
        found.validate();
    }

    @Test
    void aStructWithDefaultsThatIsUsedInSeveralPlacesIsOneRecord() {
        Schema point = SchemaBuilder.struct()
                .name("geo.Point")
                .field("x", SchemaBuilder.float64().defaultValue(1.5).build())
                .build();
        Schema maybe = SchemaBuilder.struct()
                .name("geo.Point")
                .field("x", SchemaBuilder.float64().defaultValue(1.5).build())
                .optional()
                .build();
        Schema other =
                SchemaBuilder.struct().name("geo.Point").field("y", point).build();
        Schema line = SchemaBuilder.struct()
                .field("from", point)
                .field("to", maybe)
                .field("via", SchemaBuilder.array(point).build())
                .field("other", other)
                .build();
        assertReturns(
                line,
                new Struct(line)
                        .put("from", new Struct(point))
                        .put("via", List.of(new Struct(point).put("x", 2.0)))
                        .put("other", new Struct(other).put("y", new Struct(point))));
        String text = SchemaToAvro.exact(line).toString();
        assertThat(text.split("\"name\":\"Point\"", -1)).hasSize(2);
    }

    @Test
    void elementsMayLackASchema() {
        Schema list = new ConnectSchema(Schema.Type.ARRAY, false, null, null, null, null, null, null, null, null);
        assertReturns(list, Arrays.asList("a", null, 1L));
    }

    @Test
    void anAvroLibraryReadsTheBytesWithTheFilesOfTheTable() throws IOException {
        Schema schema = SchemaBuilder.struct()
                .name("io.acme.Order")
                .doc("an order")
                .field("id", Schema.INT64_SCHEMA)
                .field("note", Schema.OPTIONAL_STRING_SCHEMA)
                .field("price", Decimal.schema(2))
                .field(
                        "tags",
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT8_SCHEMA)
                                .build())
                .build();
        byte[] bytes = encoder.encode(
                schema,
                new Struct(schema)
                        .put("id", 42L)
                        .put("price", new BigDecimal("9.99"))
                        .put("tags", Map.of("a", (byte) 1)));

        SchemaStore.Cache files = new SchemaStore.Cache();
        new SmallFiles(store, Path.of("/t/schemas"))
                .names()
                .forEach(name -> files.addSchema(new org.apache.avro.Schema.Parser()
                        .parse(new String(
                                new SmallFiles(store, Path.of("/t/schemas"))
                                        .read(name)
                                        .orElseThrow(),
                                StandardCharsets.UTF_8))));
        long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
        BinaryMessageDecoder<GenericRecord> avro =
                new BinaryMessageDecoder<>(new GenericData(), files.findByFingerprint(fingerprint), files);
        GenericRecord order = (GenericRecord) avro.decode(bytes).get("value");
        assertThat(order.getSchema().getFullName()).isEqualTo("io.acme.Order");
        assertThat(order.get("id")).isEqualTo(42L);
        assertThat(order.get("note")).isNull();
        assertThat(order.get("price")).isEqualTo(ByteBuffer.wrap(new byte[] {3, (byte) 0xE7}));
        assertThat(order.getSchema().getField("price").schema().getLogicalType().getName())
                .isEqualTo("decimal");
        assertThat(order.get("tags").toString()).isEqualTo("{a=1}");
    }

    @Test
    void fingerprintsAreThoseOfAvroForRandomSchemas() {
        Randomized.forAll(500, random -> {
            org.apache.avro.Schema avro = SchemaToAvro.exact(new RandomSchemas(random).schema(3));
            assertThat(AvroFingerprint.canonicalForm(avro.toString()))
                    .isEqualTo(SchemaNormalization.toParsingForm(avro));
            assertThat(AvroFingerprint.ofSchema(avro.toString()))
                    .isEqualTo(SchemaNormalization.parsingFingerprint64(avro));
        });
    }

    @Test
    void evolutionGivesEachVersionItsOwnSchema() {
        Schema first = SchemaBuilder.struct()
                .name("R")
                .version(1)
                .field("a", Schema.INT32_SCHEMA)
                .build();
        Schema second = SchemaBuilder.struct()
                .name("R")
                .version(2)
                .field("a", Schema.INT32_SCHEMA)
                .field("b", SchemaBuilder.string().optional().defaultValue("x").build())
                .build();
        for (int i = 0; i < 3; i++) {
            assertReturns(first, new Struct(first).put("a", i));
            assertReturns(second, new Struct(second).put("a", i).put("b", "y"));
        }
        assertThat(schemas().all()).hasSize(2);
    }

    @Test
    void hostileValuesAreRefusedOneByOne() {
        List<SchemaAndValue> hostile = List.of(
                new SchemaAndValue(Schema.INT8_SCHEMA, 300),
                new SchemaAndValue(Schema.STRING_SCHEMA, "\uD800"),
                new SchemaAndValue(Decimal.schema(2), new BigDecimal("1.234")),
                new SchemaAndValue(Timestamp.SCHEMA, 5L),
                new SchemaAndValue(
                        SchemaBuilder.bytes().name(Decimal.LOGICAL_NAME).build(), BigDecimal.ONE),
                new SchemaAndValue(Schema.BYTES_SCHEMA, "text"),
                new SchemaAndValue(null, new BigDecimal(1)),
                new SchemaAndValue(null, new Object()),
                new SchemaAndValue(null, deep(AvroInput.MAX_DEPTH + 1)),
                new SchemaAndValue(SchemaBuilder.string().doc("\uDC00").build(), "x"),
                new SchemaAndValue(deepSchema(SchemaToAvro.MAX_DEPTH + 1), List.of()));
        for (SchemaAndValue each : hostile) {
            assertThatThrownBy(() -> encoder.encode(each.schema(), each.value()))
                    .as("%s", each.schema())
                    .isInstanceOf(InvalidRecordException.class);
        }
        assertReturns(Schema.STRING_SCHEMA, "after");
    }

    @Test
    void theDeepestValueFitsASmallStack() throws Exception {
        Object value = deep(AvroInput.MAX_DEPTH);
        FutureTask<Object> reading = new FutureTask<>(
                () -> decoder.decode(encoder.encode(null, value)).value());
        Thread small = new Thread(null, reading, "small", 512 * 1024);
        small.start();
        assertThat(reading.get()).isEqualTo(value);
        small.join();
    }

    @Test
    void itemsOfNoBytesAreBoundedOverAllListsOfAValue() {
        Schema nothing = SchemaBuilder.struct().name("Nothing").build();
        Schema lists = SchemaBuilder.array(SchemaBuilder.array(nothing).build()).build();
        List<Struct> most = Collections.nCopies(AvroInput.MAX_EMPTY_ITEMS, new Struct(nothing));
        assertReturns(lists, List.of(most));
        assertThatThrownBy(() -> encoder.encode(lists, List.of(most, most)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("2097154 items");
    }

    private static Object deep(int levels) {
        Object value = "bottom";
        for (int i = 0; i < levels; i++) {
            value = List.of(value);
        }
        return value;
    }

    private static Schema deepSchema(int levels) {
        Schema schema = Schema.STRING_SCHEMA;
        for (int i = 0; i < levels; i++) {
            schema = SchemaBuilder.array(schema).build();
        }
        return schema;
    }

    @Test
    void damagedBytesAreAnErrorOrAValueAndNothingElse() {
        Randomized.forAll(5_000, random -> {
            RandomSchemas generator = new RandomSchemas(random);
            Schema schema = random.nextInt(4) == 0 ? null : generator.schema(2);
            Object value = schema == null ? generator.schemaless(3) : generator.value(schema, 6);
            byte[] encoded = encoder.encode(schema, value);
            byte[] bytes = encoded == null ? new byte[12] : encoded;
            byte[] damaged =
                    random.nextBoolean() ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes.clone();
            for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                SchemaAndValue back = decoder.decode(damaged);
                assertThat(Arrays.equals(damaged, bytes)
                                || back.schema() == null
                                || ConnectEquality.isSame(back.schema(), schema))
                        .isTrue();
            } catch (DataException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }

    @Test
    void bytesThatNobodyEncodedAreRefused() {
        Map<String, byte[]> cases = new HashMap<>();
        cases.put("C3 01", new byte[0]);
        cases.put("other bytes", "some text that is long enough".getBytes(StandardCharsets.UTF_8));
        cases.put("has no schema", new byte[] {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        cases.forEach((message, bytes) -> assertThatThrownBy(() -> decoder.decode(bytes))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message));
    }
}
