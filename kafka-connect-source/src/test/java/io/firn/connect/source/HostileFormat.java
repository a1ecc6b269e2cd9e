package io.firn.connect.source;

import io.firn.connect.avro.FirnAvroConverter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Keys, values and headers that are hard to keep, in one of the forms in which a worker gets them.
 *
 * @param name begins the names of the topics
 * @param recordFormat option of the sink
 * @param settings of the connectors: their converters
 * @param converter what these do, for keys and values
 * @param contents what stands in keys and values, the largest last
 * @param headers what stands in headers, as bytes
 */
record HostileFormat(
        String name,
        String recordFormat,
        Map<String, String> settings,
        Converter converter,
        List<SchemaAndValue> contents,
        List<byte @Nullable []> headers) {
    private static final int TEN_MIB = 10 << 20;
    private static final String BYTES = ByteArrayConverter.class.getName();

    /** Bytes as they are. */
    static HostileFormat raw() {
        List<SchemaAndValue> contents = new ArrayList<>();
        for (byte[] bytes : new byte[][] {null, {}, {0}, text("{\"a\":1}"), random(300), random(TEN_MIB)}) {
            contents.add(new SchemaAndValue(Schema.OPTIONAL_BYTES_SCHEMA, bytes));
        }
        Map<String, String> settings = converters(BYTES, BYTES);
        return new HostileFormat("raw", "raw", settings, new ByteArrayConverter(), contents, byteHeaders());
    }

    /** JSON with schemas, also in headers. */
    static HostileFormat json() {
        Map<String, String> settings = converters(JsonConverter.class.getName(), JsonConverter.class.getName());
        for (String part : List.of("key", "value")) {
            settings.put(part + ".converter.replace.null.with.default", "false");
        }
        return structured("json", settings, faithfulJson(), everyType());
    }

    /** Avro with a schema registry; JSON in headers. */
    static HostileFormat avro(String registryUrl) {
        Map<String, String> settings = converters(FirnAvroConverter.class.getName(), JsonConverter.class.getName());
        settings.put("key.converter.schema.registry.url", registryUrl);
        settings.put("value.converter.schema.registry.url", registryUrl);
        FirnAvroConverter converter = new FirnAvroConverter();
        converter.configure(Map.of("schema.registry.url", registryUrl), false);
        List<SchemaAndValue> contents = new ArrayList<>(everyType());
        contents.add(1, new SchemaAndValue(Schema.FLOAT64_SCHEMA, Double.NaN));
        contents.add(1, new SchemaAndValue(Schema.FLOAT32_SCHEMA, Float.NEGATIVE_INFINITY));
        contents.add(1, new SchemaAndValue(Schema.FLOAT64_SCHEMA, -0.0));
        return structured("avro", settings, converter, contents);
    }

    private static HostileFormat structured(
            String name, Map<String, String> settings, Converter converter, List<SchemaAndValue> contents) {
        settings.put("header.converter.schemas.enable", "true");
        settings.put("header.converter.replace.null.with.default", "false");
        List<byte @Nullable []> headers = new ArrayList<>();
        try (JsonConverter json = faithfulJson()) {
            List<SchemaAndValue> all = everyType();
            all.subList(0, all.size() - 1)
                    .forEach(each -> headers.add(json.fromConnectHeader("t", "h", each.schema(), each.value())));
        }
        return new HostileFormat(name, "structured", settings, converter, contents, headers);
    }

    /** By default it writes the default in place of a null, which no archive could undo. */
    private static JsonConverter faithfulJson() {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", true, "replace.null.with.default", false), false);
        return converter;
    }

    private static Map<String, String> converters(String content, String header) {
        Map<String, String> settings = new HashMap<>();
        settings.put("key.converter", content);
        settings.put("value.converter", content);
        settings.put("header.converter", header);
        return settings;
    }

    private static List<byte @Nullable []> byteHeaders() {
        return Arrays.asList(null, new byte[0], new byte[] {0}, text("ö"), random(3_000));
    }

    /** Every type of Connect, with the ends of its range, optional and not. */
    private static List<SchemaAndValue> everyType() {
        List<SchemaAndValue> contents = new ArrayList<>();
        contents.add(SchemaAndValue.NULL);
        add(contents, Schema.INT8_SCHEMA, Byte.MIN_VALUE, Byte.MAX_VALUE);
        add(contents, Schema.OPTIONAL_INT8_SCHEMA, (byte) 0, null);
        add(contents, Schema.INT16_SCHEMA, Short.MIN_VALUE, Short.MAX_VALUE);
        add(contents, Schema.INT32_SCHEMA, Integer.MIN_VALUE, Integer.MAX_VALUE);
        add(contents, Schema.INT64_SCHEMA, Long.MIN_VALUE, Long.MAX_VALUE);
        add(contents, Schema.FLOAT32_SCHEMA, Float.MIN_VALUE, Float.MAX_VALUE, 0.1f);
        add(contents, Schema.FLOAT64_SCHEMA, Double.MIN_VALUE, Double.MAX_VALUE, 0.1);
        add(contents, Schema.OPTIONAL_FLOAT64_SCHEMA, 1e300, null);
        add(contents, Schema.BOOLEAN_SCHEMA, true, false);
        add(contents, Schema.OPTIONAL_BOOLEAN_SCHEMA, true, null);
        add(contents, Schema.STRING_SCHEMA, "", "a\u0000b", "𝄞 ü");
        add(contents, Schema.OPTIONAL_STRING_SCHEMA, "", null);
        add(contents, Schema.BYTES_SCHEMA, new byte[0], new byte[] {0, -1});
        add(contents, Schema.OPTIONAL_BYTES_SCHEMA, new byte[] {1}, null);
        addLogical(contents);
        addNested(contents);
        contents.add(new SchemaAndValue(Schema.BYTES_SCHEMA, random(TEN_MIB)));
        return List.copyOf(contents);
    }

    @SuppressWarnings("JavaUtilDate") // Connect's own class
    private static void addLogical(List<SchemaAndValue> contents) {
        add(contents, Decimal.schema(0), new BigDecimal(BigInteger.ONE.shiftLeft(200)), new BigDecimal(-1));
        add(contents, Decimal.builder(3).optional().build(), new BigDecimal("-0.001"), null);
        add(
                contents,
                Timestamp.SCHEMA,
                new Date(0),
                new Date(-1),
                Date.from(Instant.parse("9999-12-31T23:59:59.999Z")));
        add(contents, Time.SCHEMA, new Date(0), new Date(86_399_999));
        add(contents, org.apache.kafka.connect.data.Date.SCHEMA, new Date(0), new Date(-86_400_000L));
        add(contents, Timestamp.builder().optional().build(), new Date(1), null);
    }

    private static void addNested(List<SchemaAndValue> contents) {
        Schema item = SchemaBuilder.struct()
                .name("io.acme.Item")
                .version(2)
                .doc("an item")
                .parameter("owner", "ö")
                .optional()
                .field("count", SchemaBuilder.int16().defaultValue((short) 7).build())
                .field(
                        "note",
                        SchemaBuilder.string().optional().defaultValue("none").build())
                .build();
        Struct one = new Struct(item).put("count", (short) -1).put("note", "");
        Struct other = new Struct(item).put("count", (short) 7).put("note", null);
        add(contents, item, one, other, null);
        add(
                contents,
                SchemaBuilder.struct().name("Empty").build(),
                new Struct(SchemaBuilder.struct().name("Empty").build()));
        add(contents, SchemaBuilder.array(item).build(), List.of(), Arrays.asList(one, null, other));
        add(
                contents,
                SchemaBuilder.array(Schema.OPTIONAL_INT64_SCHEMA).optional().build(),
                Arrays.asList(1L, null),
                null);
        Schema byText = SchemaBuilder.map(Schema.STRING_SCHEMA, item).build();
        add(contents, byText, Map.of(), Map.of("", one), Map.of("k", other));
        Schema byNumber = SchemaBuilder.map(
                        Schema.INT32_SCHEMA, SchemaBuilder.array(byText).build())
                .build();
        add(contents, byNumber, Map.of(-1, List.of(Map.of("x", one)), 0, List.of()));
    }

    private static void add(List<SchemaAndValue> contents, Schema schema, @Nullable Object... values) {
        for (Object value : values) {
            contents.add(new SchemaAndValue(schema, value));
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
