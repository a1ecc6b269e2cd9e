package io.firn.connect.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.testing.ConnectEquality;
import io.firn.registry.WireFormat;
import io.firn.testing.StubRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The converter against a registry, and Avro's own classes as whoever reads and writes beside it. */
class FirnAvroConverterTest {
    private static final Schema ORDER = SchemaBuilder.struct()
            .name("shop.Order")
            .field("id", Schema.INT64_SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .field("placed", Timestamp.SCHEMA)
            .field("lines", SchemaBuilder.array(Schema.FLOAT64_SCHEMA).build())
            .field(
                    "tags",
                    SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build())
            .build();

    private final StubRegistry registry = StubRegistry.start(41);

    @AfterEach
    void stop() {
        registry.close();
    }

    private FirnAvroConverter converter(boolean isKey, String... settings) {
        FirnAvroConverter converter = new FirnAvroConverter();
        Map<String, String> configs =
                new HashMap<>(Map.of("schema.registry.url", registry.url(), "schema.registry.retries.wait.ms", "1"));
        for (int i = 0; i < settings.length; i += 2) {
            configs.put(settings[i], settings[i + 1]);
        }
        converter.configure(configs, isKey);
        return converter;
    }

    private static byte[] write(FirnAvroConverter converter, String topic, Struct value) {
        return Objects.requireNonNull(converter.fromConnectData(topic, ORDER, value));
    }

    @SuppressWarnings("JavaUtilDate") // Connect's own class
    private static Struct order(long id) {
        return new Struct(ORDER)
                .put("id", id)
                .put("placed", new Date(1_700_000_000_000L))
                .put("lines", List.of(1.5, -0.0))
                .put("tags", Map.of("a", 1));
    }

    @Test
    void valuesComeBackEqualThroughAnyConverterOfTheSameRegistry() {
        try (FirnAvroConverter writer = converter(false);
                FirnAvroConverter reader = converter(false)) {
            byte[] bytes = write(writer, "orders", order(7));
            assertThat(WireFormat.isFramed(bytes)).isTrue();
            assertThat(WireFormat.id(bytes)).isEqualTo(41);
            SchemaAndValue found = reader.toConnectData("orders", bytes);
            assertThat(ConnectEquality.isSame(found, new SchemaAndValue(ORDER, order(7))))
                    .isTrue();
            assertThat(registry.subjects()).containsExactly("orders-value");
            int before = registry.requests().size();
            writer.fromConnectData("orders", ORDER, order(8));
            reader.toConnectData("orders", bytes);
            assertThat(registry.requests()).as("ids are kept").hasSize(before);
        }
    }

    @Test
    void keysHaveASubjectOfTheirOwnAndNullStaysNull() {
        try (FirnAvroConverter converter = converter(true)) {
            byte[] bytes = converter.fromConnectData("orders", Schema.STRING_SCHEMA, "k");
            assertThat(registry.subjects()).containsExactly("orders-key");
            assertThat(converter.toConnectData("orders", bytes).value()).isEqualTo("k");
            assertThat(converter.fromConnectData("orders", null, null)).isNull();
            assertThat(converter.toConnectData("orders", null)).isEqualTo(SchemaAndValue.NULL);
            byte[] map = converter.fromConnectData("loose", null, Map.of("a", List.of(1L, "x")));
            assertThat(converter.toConnectData("loose", map).value()).isEqualTo(Map.of("a", List.of(1L, "x")));
        }
    }

    @Test
    void avrosOwnReaderReadsWhatItWrites() throws IOException {
        try (FirnAvroConverter converter = converter(false)) {
            byte[] bytes = write(converter, "orders", order(7));
            org.apache.avro.Schema schema = SchemaToAvro.plain(ORDER);
            GenericRecord record = new GenericDatumReader<GenericRecord>(schema)
                    .read(
                            null,
                            DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_BYTES, bytes.length - 5, null));
            assertThat(record.get("id")).isEqualTo(7L);
            assertThat(record.get("note")).isNull();
            assertThat(record.get("placed")).isEqualTo(1_700_000_000_000L);
            assertThat(record.get("lines")).hasToString("[1.5, -0.0]");
        }
    }

    @Test
    void readsWhatOthersHaveWritten() throws IOException {
        org.apache.avro.Schema schema = new org.apache.avro.Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Trade\",\"fields\":[{\"name\":\"symbol\",\"type\":\"string\"},"
                        + "{\"name\":\"side\",\"type\":{\"type\":\"enum\",\"name\":\"Side\",\"symbols\":[\"BUY\","
                        + "\"SELL\"]}},{\"name\":\"price\",\"type\":[\"null\",\"double\"],\"default\":null}]}");
        GenericRecord trade = new GenericData.Record(schema);
        trade.put("symbol", "ABC");
        trade.put("side", new GenericData.EnumSymbol(schema.getField("side").schema(), "SELL"));
        trade.put("price", 12.25);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[WireFormat.HEADER_BYTES]);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(trade, encoder);
        encoder.flush();
        byte[] bytes = out.toByteArray();
        WireFormat.setId(bytes, registry.register("trades-value", schema.toString()));
        try (FirnAvroConverter converter = converter(false)) {
            Struct found = (Struct) converter.toConnectData("trades", bytes).value();
            assertThat(found.getString("symbol")).isEqualTo("ABC");
            assertThat(found.getString("side")).isEqualTo("SELL");
            assertThat(found.getFloat64("price")).isEqualTo(12.25);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> converter.toConnectData("trades", cut))
                        .as("cut to %d bytes", length)
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("trades");
            }
        }
    }

    @Test
    void aRegistryThatIsDownIsTriedAgainAndAnUnknownIdIsNot() {
        try (FirnAvroConverter converter = converter(false, "schema.registry.max.retries", "1")) {
            byte[] bytes = write(converter, "orders", order(7));
            byte[] unknown = bytes.clone();
            WireFormat.setId(unknown, 999);
            assertThatThrownBy(() -> converter.toConnectData("orders", unknown))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("999");
            converter.toConnectData("orders", bytes);
            registry.down();
            assertThatThrownBy(() -> converter.fromConnectData("other", ORDER, order(7)))
                    .isInstanceOf(RetriableException.class);
            assertThat(converter.toConnectData("orders", converter.fromConnectData("orders", ORDER, order(9))))
                    .as("what is known needs nobody")
                    .isNotNull();
            registry.up();
            assertThat(converter.fromConnectData("other", ORDER, order(7))).isNotNull();
        }
    }

    @Test
    void registersNothingWhereThatIsSwitchedOffAndNamesWhatIsMissing() {
        try (FirnAvroConverter converter = converter(false, "auto.register.schemas", "false")) {
            assertThatThrownBy(() -> converter.fromConnectData("orders", ORDER, order(7)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("orders-value")
                    .hasMessageContaining("auto.register.schemas=false");
            registry.register("orders-value", SchemaToAvro.plain(ORDER).toString());
            assertThat(converter.fromConnectData("orders", ORDER, order(7))).isNotNull();
        }
        FirnAvroConverter without = new FirnAvroConverter();
        assertThatThrownBy(() -> without.configure(Map.of(), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url");
    }
}
