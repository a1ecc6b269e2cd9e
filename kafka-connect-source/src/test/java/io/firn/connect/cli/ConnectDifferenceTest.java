package io.firn.connect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectDifferenceTest {
    private static Schema item(int version) {
        return SchemaBuilder.struct()
                .name("Item")
                .version(version)
                .field("count", Schema.INT32_SCHEMA)
                .field("data", Schema.OPTIONAL_BYTES_SCHEMA)
                .build();
    }

    private static Struct item(int count, String data) {
        return new Struct(item(1)).put("count", count).put("data", data.getBytes(StandardCharsets.UTF_8));
    }

    private static SchemaAndValue free(@Nullable Object value) {
        return new SchemaAndValue(null, value);
    }

    private static Optional<String> between(@Nullable Object expected, @Nullable Object found) {
        return ConnectDifference.first("value", free(expected), free(found));
    }

    private static Optional<String> betweenSchemas(@Nullable Schema expected, @Nullable Schema found) {
        return ConnectDifference.first("value", new SchemaAndValue(expected, null), new SchemaAndValue(found, null));
    }

    @Test
    void equalValuesHaveNoDifferenceWhateverHoldsTheirBytes() {
        byte[] bytes = {1, 2, 3};
        assertThat(between(null, null)).isEmpty();
        assertThat(between(bytes, bytes.clone())).isEmpty();
        assertThat(between(bytes, ByteBuffer.wrap(new byte[] {0, 1, 2, 3}, 1, 3)))
                .isEmpty();
        assertThat(between(List.of(bytes), List.of(ByteBuffer.wrap(bytes)))).isEmpty();
        assertThat(between(item(1, "x"), item(1, "x"))).isEmpty();
        assertThat(between(Double.NaN, Double.NaN)).isEmpty();
    }

    @Test
    void mapsAreInNoOrder() {
        Map<Object, Object> one = new TreeMap<>(Map.of("a", 1, "b", 2));
        assertThat(between(one, new TreeMap<>(one).descendingMap())).isEmpty();
        assertThat(between(Map.of(item(1, "k"), "v"), Map.of(item(1, "k"), "v")))
                .isEmpty();
        assertThat(between(Map.of(new byte[] {7}, "v"), Map.of(new byte[] {7}, "v")))
                .isEmpty();
        Map<@Nullable Object, Object> withNull = new HashMap<>();
        withNull.put(null, 1);
        assertThat(between(withNull, new HashMap<>(withNull))).isEmpty();
    }

    @Test
    void namesThePlaceOfTheFirstDifference() {
        assertThat(between(1, 2)).contains("value 1 became 2");
        assertThat(between(1, 1L)).as("another type").isPresent();
        assertThat(between(new BigDecimal("1.0"), new BigDecimal("1.00"))).contains("value 1.0 became 1.00");
        assertThat(between(0.0, -0.0)).isPresent();
        assertThat(between("a\nb", null)).contains("value 'a.b' became null");
        assertThat(between(new byte[] {65}, new byte[] {66})).contains("value 'A' (1 bytes) became 'B' (1 bytes)");
        assertThat(between(List.of(1, 2), List.of(1, 3))).contains("value[1] 2 became 3");
        assertThat(between(List.of(1, 2), List.of(1))).contains("value with 2 elements became one with 1");
        assertThat(between(Arrays.asList(1, null), List.of(1, 2))).contains("value[1] null became 2");
        assertThat(between(item(1, "x"), item(1, "y"))).contains("value.data 'x' (1 bytes) became 'y' (1 bytes)");
        assertThat(between(Map.of("a", List.of(item(1, "x"))), Map.of("a", List.of(item(2, "x")))))
                .contains("value.a[0].count 1 became 2");
        assertThat(between(Map.of("a", 1, "b", 2), Map.of("a", 1))).contains("value.b 2 is gone");
        assertThat(between(Map.of("a", 1), Map.of("a", 1, "b", 2))).contains("value.b 2 is new");
        assertThat(between(Map.of(1, "x"), Map.of(1, "y"))).contains("value[1] 'x' became 'y'");
        assertThat(between(Map.of(), List.of())).isPresent();
    }

    @Test
    void everyPropertyOfASchemaCounts() {
        assertThat(betweenSchemas(item(1), item(1))).isEmpty();
        assertThat(betweenSchemas(null, item(1))).contains("schema of value: none became STRUCT Item");
        assertThat(betweenSchemas(Schema.INT32_SCHEMA, Schema.INT64_SCHEMA))
                .contains("schema of value: type INT32 became INT64");
        assertThat(betweenSchemas(Schema.INT32_SCHEMA, Schema.OPTIONAL_INT32_SCHEMA))
                .contains("schema of value: optional false became true");
        assertThat(betweenSchemas(item(1), item(2))).contains("schema of value: version 1 became 2");
        SchemaBuilder described = SchemaBuilder.int32().doc("d").parameter("p", "1");
        assertThat(betweenSchemas(described, SchemaBuilder.int32().parameter("p", "1")))
                .contains("schema of value: doc 'd' became null");
        assertThat(betweenSchemas(described, SchemaBuilder.int32().doc("d").parameter("p", "2")))
                .contains("schema of value: parameters {p=1} became {p=2}");
        assertThat(betweenSchemas(
                        SchemaBuilder.bytes().defaultValue(new byte[] {1}),
                        SchemaBuilder.bytes().defaultValue(new byte[] {2})))
                .get()
                .asString()
                .startsWith("schema of value: default");
        assertThat(betweenSchemas(SchemaBuilder.array(item(1)), SchemaBuilder.array(item(2))))
                .contains("schema of value[]: version 1 became 2");
        assertThat(betweenSchemas(
                        SchemaBuilder.map(Schema.STRING_SCHEMA, item(1)),
                        SchemaBuilder.map(Schema.STRING_SCHEMA, item(2))))
                .contains("schema of value: values: version 1 became 2");
        assertThat(betweenSchemas(
                        item(1), SchemaBuilder.struct().name("Item").version(1).field("count", Schema.INT32_SCHEMA)))
                .contains("schema of value: fields [count, data] became [count]");
    }

    private static Schema node(Schema label) {
        SchemaBuilder node = SchemaBuilder.struct().name("Node").optional();
        return node.field("next", node).field("label", label).build();
    }

    @Test
    void aSchemaMayContainItself() {
        assertThat(betweenSchemas(node(Schema.STRING_SCHEMA), node(Schema.STRING_SCHEMA)))
                .isEmpty();
        assertThat(betweenSchemas(node(Schema.STRING_SCHEMA), node(Schema.INT8_SCHEMA)))
                .get()
                .asString()
                .contains(".label: type STRING became INT8");
    }
}
