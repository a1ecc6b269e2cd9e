package io.firn.connect.avro;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/** Random Connect schemas and values that fit them. Confined to one thread. */
final class RandomSchemas {
    private static final int DAY_MS = 86_400_000;
    private static final List<String> NAMES = List.of(
            "a",
            "b",
            "io.acme.Order",
            "int",
            "record",
            "a-b",
            "a_b",
            "_a_b",
            "",
            "1",
            "ä.ö",
            "io.firn.connect.Any",
            "FirnValue_1",
            "x.string",
            "a..b",
            "\u0000\"\\");
    private static final List<String> TEXTS =
            List.of("", "x", "naïve ☃ \uD83D\uDE00", "\"quoted\\\"", "\u0000\n", "\uFFFD");

    private final RandomGenerator random;

    RandomSchemas(RandomGenerator random) {
        this.random = random;
    }

    Schema schema(int depth) {
        int kinds = depth == 0 ? 12 : 16;
        SchemaBuilder builder = switch (random.nextInt(kinds)) {
            case 0 -> SchemaBuilder.int8();
            case 1 -> SchemaBuilder.int16();
            case 2 -> SchemaBuilder.int32();
            case 3 -> SchemaBuilder.int64();
            case 4 -> SchemaBuilder.float32();
            case 5 -> SchemaBuilder.float64();
            case 6 -> SchemaBuilder.bool();
            case 7 -> SchemaBuilder.string();
            case 8 -> SchemaBuilder.bytes();
            case 9 -> Decimal.builder(random.nextInt(80) - 5);
            case 10 -> random.nextBoolean() ? Date.builder() : Time.builder();
            case 11 -> Timestamp.builder();
            case 12 -> SchemaBuilder.array(schema(depth - 1));
            case 13 ->
                SchemaBuilder.map(random.nextBoolean() ? Schema.STRING_SCHEMA : schema(depth - 1), schema(depth - 1));
            default -> struct(depth);
        };
        describe(builder);
        return builder.build();
    }

    private SchemaBuilder struct(int depth) {
        SchemaBuilder builder = SchemaBuilder.struct();
        int fields = random.nextInt(5);
        for (int i = 0; i < fields; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            if (!name.isEmpty() && builder.field(name) == null) {
                builder.field(name, schema(depth - 1));
            }
        }
        return builder;
    }

    private void describe(SchemaBuilder builder) {
        if (builder.name() == null && random.nextInt(3) == 0) {
            builder.name(NAMES.get(random.nextInt(NAMES.size())));
        }
        if (builder.version() == null && random.nextInt(4) == 0) {
            builder.version(random.nextInt());
        }
        if (random.nextInt(4) == 0) {
            builder.doc(text());
        }
        if (random.nextInt(4) == 0) {
            builder.parameter(NAMES.get(random.nextInt(NAMES.size())) + "!", text());
        }
        if (random.nextInt(3) == 0) {
            builder.optional();
        }
        if (random.nextInt(5) == 0 && builder.type() != Schema.Type.STRUCT) {
            Object value = value(builder, 3);
            if (value != null) {
                builder.defaultValue(value);
            }
        }
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    /** A value that Connect accepts for the schema. */
    @SuppressWarnings("JavaUtilDate") // Connect's own class
    @Nullable
    Object value(Schema schema, int size) {
        if ((schema.isOptional() || schema.defaultValue() != null) && random.nextInt(4) == 0) {
            return schema.isOptional() ? null : schema.defaultValue();
        }
        String name = schema.name() == null ? "" : schema.name();
        switch (name) {
            case Decimal.LOGICAL_NAME -> {
                int scale = Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD));
                return new BigDecimal(
                                new BigInteger(random.nextInt(200), new java.util.Random(random.nextLong())), scale)
                        .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1));
            }
            case Date.LOGICAL_NAME -> {
                return new java.util.Date((long) DAY_MS * (random.nextInt(200_000) - 100_000));
            }
            case Time.LOGICAL_NAME -> {
                return new java.util.Date(random.nextInt(DAY_MS));
            }
            case Timestamp.LOGICAL_NAME -> {
                return new java.util.Date(random.nextLong() / TimeUnit.SECONDS.toMillis(1));
            }
            default -> {
                return plain(schema, size);
            }
        }
    }

    private Object plain(Schema schema, int size) {
        return switch (schema.type()) {
            case INT8 -> (byte) random.nextInt();
            case INT16 -> (short) random.nextInt();
            case INT32 -> random.nextBoolean() ? random.nextInt() : random.nextInt(3) - 1;
            case INT64 -> random.nextBoolean() ? random.nextLong() : random.nextLong(3) - 1;
            case FLOAT32 -> Float.intBitsToFloat(random.nextInt());
            case FLOAT64 -> random.nextInt(4) == 0 ? Double.NaN : random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text();
            case BYTES -> bytes();
            case ARRAY -> list(schema, size);
            case MAP -> map(schema, size);
            case STRUCT -> struct(schema, size);
        };
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(5)];
        random.nextBytes(bytes);
        return bytes;
    }

    private List<@Nullable Object> list(Schema schema, int size) {
        List<@Nullable Object> list = new ArrayList<>();
        int count = random.nextInt(size + 1);
        for (int i = 0; i < count; i++) {
            list.add(value(schema.valueSchema(), size / 2));
        }
        return list;
    }

    private Map<@Nullable Object, @Nullable Object> map(Schema schema, int size) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        int count = random.nextInt(size + 1);
        for (int i = 0; i < count; i++) {
            map.put(value(schema.keySchema(), size / 2), value(schema.valueSchema(), size / 2));
        }
        return map;
    }

    private Struct struct(Schema schema, int size) {
        Struct struct = new Struct(schema);
        for (Field field : schema.fields()) {
            boolean mayStayNull = field.schema().isOptional() || field.schema().defaultValue() != null;
            if (!mayStayNull || random.nextInt(3) > 0) {
                Object value = value(field.schema(), size / 2);
                if (value != null) {
                    struct.put(field, value);
                }
            }
        }
        return struct;
    }

    /** A value of the kinds that converters make where there are no schemas. */
    @Nullable
    Object schemaless(int depth) {
        return switch (random.nextInt(depth == 0 ? 10 : 12)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (byte) random.nextInt();
            case 3 -> (short) random.nextInt();
            case 4 -> random.nextInt();
            case 5 -> random.nextLong();
            case 6 -> random.nextFloat();
            case 7 -> random.nextDouble();
            case 8 -> bytes();
            case 9 -> text();
            case 10 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(schemaless(depth - 1));
                }
                yield list;
            }
            default -> {
                Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(), schemaless(depth - 1));
                }
                yield map;
            }
        };
    }
}
