package io.firn.connect.cli;

import static io.firn.connect.cli.StructuredArchive.HEADER;
import static io.firn.connect.cli.StructuredArchive.TIME_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.avro.FirnAvroConverter;
import io.firn.testing.StubRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archived records of a real table against what real converters have made of them. */
class ConvertedRuleTest {
    private static final String TOPIC = "t";
    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";
    private static final String AVRO = FirnAvroConverter.class.getName();
    private static final Schema ORDER = SchemaBuilder.struct()
            .name("Order")
            .field("id", Schema.INT64_SCHEMA)
            .field("tiny", Schema.INT8_SCHEMA)
            .build();

    @TempDir
    Path directory;

    private StructuredArchive archive;

    @BeforeEach
    void open() {
        archive = new StructuredArchive(directory, TOPIC);
    }

    @AfterEach
    void close() {
        archive.close();
    }

    private static SchemaAndValue order(long id) {
        return new SchemaAndValue(ORDER, new Struct(ORDER).put("id", id).put("tiny", (byte) 1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RecordContent live(byte @Nullable [] value, Headers headers) {
        return RecordContent.of(new ConsumerRecord<>(
                TOPIC, 0, 7, TIME_MS, TimestampType.CREATE_TIME, 0, 0, bytes("k"), value, headers, Optional.empty()));
    }

    private static RecordContent live(byte @Nullable [] value) {
        return live(value, new RecordHeaders().add(HEADER, bytes("0")));
    }

    private static Headers headers(String... namesAndTexts) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            headers.add(namesAndTexts[i], bytes(namesAndTexts[i + 1]));
        }
        return headers;
    }

    private Optional<String> difference(Map<String, String> converters, RecordContent live) throws IOException {
        return difference(converters, live, false);
    }

    private Optional<String> difference(Map<String, String> converters, RecordContent live, boolean original)
            throws IOException {
        try (ConvertedRule rule =
                ConvertedRule.of(archive.table(), ConverterSet.open("test", converters, TOPIC), original)) {
            return rule.difference(archive.last(), live);
        }
    }

    private static Map<String, String> value(String converter, String... settings) {
        Map<String, String> config = new HashMap<>();
        config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        config.put("value.converter", converter);
        for (int i = 0; i < settings.length; i += 2) {
            config.put("value.converter." + settings[i], settings[i + 1]);
        }
        return config;
    }

    @Test
    void whatAConverterLosesIsNoDifference() throws IOException {
        archive.add("k", order(1));
        Map<String, String> lossy = value(JSON, "schemas.enable", "false");

        assertThat(difference(lossy, live(bytes("{\"id\":1,\"tiny\":1}")))).isEmpty();
        assertThat(difference(lossy, live(bytes("{ \"tiny\": 1, \"id\": 1 }"))))
                .as("another program has written the same")
                .isEmpty();
        assertThat(difference(lossy, live(bytes("{\"id\":2,\"tiny\":1}")))).contains("value.id 1 became 2");
        assertThat(difference(lossy, live(bytes("{\"id\":1}")))).contains("value.tiny 1 is gone");
        assertThat(difference(lossy, live(bytes("{"))))
                .get()
                .asString()
                .contains("value '{' (1 bytes) of the topic cannot be read by " + JSON)
                .doesNotContain("\n");
        assertThat(difference(lossy, live(null))).isPresent();
    }

    @Test
    void withSchemasTheSchemaCounts() throws IOException {
        archive.add("k", order(1));
        Map<String, String> whole = value(JSON);
        try (JsonConverter json = new JsonConverter()) {
            json.configure(Map.of(), false);
            byte[] same = json.fromConnectData(TOPIC, ORDER, order(1).value());
            Schema other = SchemaBuilder.struct()
                    .name("Order")
                    .field("id", Schema.INT64_SCHEMA)
                    .build();
            byte[] less = json.fromConnectData(TOPIC, other, new Struct(other).put("id", 1L));

            assertThat(difference(whole, live(same))).isEmpty();
            assertThat(difference(whole, live(bytes(new String(same, StandardCharsets.UTF_8) + " "))))
                    .isEmpty();
            assertThat(difference(whole, live(less))).contains("schema of value: fields [id, tiny] became [id]");
        }
    }

    @Test
    void keyHeadersAndTimestampCount() throws IOException {
        archive.add("other", order(1));
        Map<String, String> lossy = value(JSON, "schemas.enable", "false");
        byte[] same = bytes("{\"id\":1,\"tiny\":1}");
        assertThat(difference(lossy, live(same))).contains("key 'other' became 'k'");

        archive.add("k", order(1));
        assertThat(difference(lossy, live(same))).contains("timestamp " + (TIME_MS + 1) + " became " + TIME_MS);
    }

    @Test
    void namesOrderAndValuesOfHeadersCount() throws IOException {
        archive.add("k", order(1), List.of(HEADER, "g"));
        Map<String, String> lossy = value(JSON, "schemas.enable", "false");
        byte[] same = bytes("{\"id\":1,\"tiny\":1}");
        assertThat(difference(lossy, live(same, headers("h", "0", "g", "0")))).isEmpty();
        assertThat(difference(lossy, live(same, headers()))).contains("headers [h, g] became []");
        assertThat(difference(lossy, live(same, headers("H", "0", "g", "0")))).contains("headers [h, g] became [H, g]");
        assertThat(difference(lossy, live(same, headers("g", "0", "h", "0")))).contains("headers [h, g] became [g, h]");
        assertThat(difference(lossy, live(same, headers("h", "1", "g", "0")))).contains("header 'h' 0 became 1");
        assertThat(difference(lossy, live(same, headers("h", "0", "g", "1")))).contains("header 'g' 0 became 1");
        assertThat(difference(lossy, live(same, headers("h", "500", "g", "0"))))
                .contains("schema of header 'h': type INT8 became INT16");
    }

    @Test
    void whatAConverterWritesInManyWaysIsNoDifference() throws IOException {
        archive.add("k", new SchemaAndValue(Schema.STRING_SCHEMA, "text"));
        Map<String, String> salted = value(OddConverters.Salted.class.getName());

        assertThat(difference(salted, live(bytes("saltsalttext")))).isEmpty();
        assertThat(difference(salted, live(bytes("saltsaltbext")))).contains("value 'text' became 'bext'");
    }

    @Test
    void aConverterMayUseHeaders() throws IOException {
        archive.add("k", new SchemaAndValue(Schema.STRING_SCHEMA, "text"));
        Map<String, String> tagging = value(OddConverters.Tagging.class.getName());
        RecordHeaders headers = new RecordHeaders();
        headers.add(HEADER, bytes("0")).add(OddConverters.Tagging.HEADER, bytes("4"));

        assertThat(difference(tagging, live(bytes("text"), headers))).isEmpty();
        assertThat(difference(tagging, live(bytes("text")))).contains("headers [h, length] became [h]");
    }

    @Test
    void idsAreThoseOfTheTopicsRegistryWhichIsOnlyAsked() throws IOException {
        archive.add("k", order(1));
        try (StubRegistry topics = StubRegistry.start(5_000);
                StubRegistry empty = StubRegistry.start(1);
                FirnAvroConverter writer = new FirnAvroConverter()) {
            writer.configure(Map.of("schema.registry.url", topics.url()), false);
            byte[] written = Objects.requireNonNull(writer.fromConnectData(TOPIC, ORDER, order(1).value()));
            Map<String, String> avro = value(AVRO, "schema.registry.url", topics.url());

            assertThat(difference(avro, live(written))).isEmpty();
            byte[] other = Objects.requireNonNull(writer.fromConnectData(TOPIC, ORDER, order(2).value()));
            assertThat(difference(avro, live(other))).contains("value.id 1 became 2");

            Map<String, String> unknown =
                    value(AVRO, "schema.registry.url", empty.url(), "auto.register.schemas", "true");
            assertThatThrownBy(() -> difference(unknown, live(written)))
                    .isInstanceOf(UncomparableException.class)
                    .hasMessageContainingAll(
                            "its value Struct{id=1,tiny=1} (schema: STRUCT Order) cannot be written by")
                    .hasMessageContainingAll("t-value", "--converter-config");
            assertThat(empty.subjects()).isEmpty();
        }
    }

    @Test
    void whatCannotBeConvertedIsAnErrorAndNoDifference() throws IOException {
        archive.add("k", order(1));
        assertThatThrownBy(() -> difference(value("IntegerConverter"), live(bytes("1234"))))
                .isInstanceOf(UncomparableException.class)
                .hasMessageContainingAll(
                        "its value Struct{id=1,tiny=1} (schema: STRUCT Order) cannot be written by"
                                + " org.apache.kafka.connect.converters.IntegerConverter",
                        "--converter-config");
        assertThatThrownBy(() -> difference(value(OddConverters.Unavailable.class.getName()), live(bytes("x"))))
                .isInstanceOf(UncomparableException.class)
                .hasMessageContainingAll("cannot be read now by", "the key server does not answer");
    }

    @Test
    void inTheOriginalTheConverterReadsWhatIsArchived() throws IOException {
        archive.add("k", order(1));
        try (JsonConverter json = new JsonConverter()) {
            json.configure(Map.of(), false);
            byte[] same = json.fromConnectData(TOPIC, ORDER, order(1).value());
            byte[] other = json.fromConnectData(TOPIC, ORDER, order(2).value());
            Map<String, String> sinks = value(JSON);
            sinks.put("header.converter", "LongConverter");
            RecordHeaders headers = new RecordHeaders();
            headers.add(HEADER, new byte[Long.BYTES]);

            assertThat(difference(sinks, live(same, headers), true)).isEmpty();
            assertThat(difference(sinks, live(other, headers), true)).contains("value.id 1 became 2");
            sinks.put("value.converter.schemas.enable", "false");
            assertThat(difference(sinks, live(same, headers), true))
                    .as("not what the sink read")
                    .contains("schema of value: STRUCT Order became none");
        }
    }
}
