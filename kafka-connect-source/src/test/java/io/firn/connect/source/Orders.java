package io.firn.connect.source;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** Values with most of what Connect's schemas have. Thread-safe: no state. */
final class Orders {
    /** The time from which the times of orders count, milliseconds since 1970. */
    static final long TIME_MS = 978_307_200_000L;

    /** An item of an order. */
    static final Schema ITEM = SchemaBuilder.struct()
            .name("io.acme.Item")
            .optional()
            .field("count", Schema.INT16_SCHEMA)
            .field("data", Schema.OPTIONAL_BYTES_SCHEMA)
            .build();

    private Orders() {}

    /** The schema of orders; from version 2 on with a field more. */
    static Schema schema(int version) {
        SchemaBuilder builder = SchemaBuilder.struct()
                .name("io.acme.Order")
                .version(version)
                .doc("an order")
                .parameter("owner", "sales")
                .field("id", Schema.INT64_SCHEMA)
                .field("tiny", Schema.INT8_SCHEMA)
                .field("price", Decimal.schema(3))
                .field("at", Timestamp.SCHEMA)
                .field(
                        "day",
                        org.apache.kafka.connect.data.Date.builder().optional().build())
                .field("time", Time.builder().optional().build())
                .field(
                        "note",
                        SchemaBuilder.string().optional().defaultValue("none").build())
                .field("items", SchemaBuilder.array(ITEM).build())
                .field(
                        "stock",
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.FLOAT64_SCHEMA)
                                .build())
                .field(
                        "byNumber",
                        SchemaBuilder.map(Schema.INT32_SCHEMA, ITEM).optional().build());
        if (version > 1) {
            builder.field("added-later", SchemaBuilder.bool().defaultValue(true).build());
        }
        return builder.build();
    }

    /** An order that fits a schema of any version. */
    @SuppressWarnings("JavaUtilDate") // Connect's own class
    static Struct order(Schema schema, int number) {
        Struct item = new Struct(ITEM).put("count", (short) number).put("data", new byte[] {(byte) number});
        Struct order = new Struct(schema)
                .put("id", (long) number)
                .put("tiny", (byte) number)
                .put("price", new BigDecimal("1.5").setScale(3).add(BigDecimal.valueOf(number)))
                .put("at", Date.from(Instant.ofEpochMilli(TIME_MS + number)))
                .put("items", Arrays.asList(item, null))
                .put("stock", Map.of("a", number / 2.0));
        if (number % 2 == 0) {
            order.put("day", new Date(TIME_MS)).put("time", new Date(number)).put("byNumber", Map.of(7, item));
        }
        return order;
    }
}
