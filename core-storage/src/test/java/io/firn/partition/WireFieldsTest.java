package io.firn.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.InvalidRecordException;
import io.firn.record.StreamRecord;
import io.firn.registry.RegistryUnavailableException;
import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.registry.WireFormat;
import io.firn.registry.WireSchemas;
import io.firn.testing.Randomized;
import io.firn.testing.StubRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Partition fields out of keys and values in Confluent's wire format. */
class WireFieldsTest {
    private static final RecordOrigin ORIGIN = new RecordOrigin("flights", 0);
    private static final String FLIGHT = """
            {"type":"record","name":"Flight","fields":[
             {"name":"before","type":{"type":"array","items":{"type":"map","values":["null","double"]}}},
             {"name":"origin","type":["null","string"]},
             {"name":"delay","type":"int"},
             {"name":"plane","type":{"type":"record","name":"Plane","fields":[
               {"name":"weight","type":"double"},{"name":"tail","type":"string"},
               {"name":"next","type":["null","Plane"]}]}},
             {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["CARGO","PAX"]}},
             {"name":"tags","type":{"type":"map","values":"string"}},
             {"name":"late","type":"boolean"},
             {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
             {"name":"hash","type":{"type":"fixed","name":"Hash","size":3}},
             {"name":"day","type":{"type":"int","logicalType":"date"}},
             {"name":"ms","type":{"type":"long","logicalType":"timestamp-millis"}},
             {"name":"us","type":["null",{"type":"long","logicalType":"timestamp-micros"}]},
             {"name":"local","type":{"type":"long","logicalType":"local-timestamp-millis"}},
             {"name":"list","type":{"type":"array","items":"int"}},
             {"name":"ratio","type":"float"}]}""";
    private static final long MS = 978_393_599_999L; // 2001-01-01T23:59:59.999Z

    private final StubRegistry stub = StubRegistry.start(100);
    private final SchemaRegistry registry = SchemaRegistries.open(
                    Map.of("schema.registry.url", stub.url(), "schema.registry.max.retries", "0"))
            .orElseThrow();
    private final WireSchemas schemas = WireSchemas.of(registry);

    @AfterEach
    void stop() {
        registry.close();
        stub.close();
    }

    private static Object flight(Schema schema) {
        Schema plane = schema.getField("plane").schema();
        Object inner = new GenericRecordBuilder(plane)
                .set("weight", 1.5)
                .set("tail", "inner")
                .set("next", null)
                .build();
        return new GenericRecordBuilder(schema)
                .set("before", List.of(Map.of("a", 1.0, "b", 2.0), Map.of()))
                .set("origin", "ATL")
                .set("delay", -33)
                .set(
                        "plane",
                        new GenericRecordBuilder(plane)
                                .set("weight", 2.5)
                                .set("tail", "N1")
                                .set("next", inner)
                                .build())
                .set("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "PAX"))
                .set("tags", Map.of("gate", "B7"))
                .set("late", true)
                .set(
                        "price",
                        ByteBuffer.wrap(new BigDecimal("12.34").unscaledValue().toByteArray()))
                .set("hash", new GenericData.Fixed(schema.getField("hash").schema(), new byte[] {1, 2, 3}))
                .set("day", 11_323)
                .set("ms", MS)
                .set("us", MS * 1_000)
                .set("local", MS)
                .set("list", List.of(1, 2, 3))
                .set("ratio", 0.25f)
                .build();
    }

    private static byte[] framed(int id, Schema schema, Object datum) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[WireFormat.HEADER_BYTES]);
        try {
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<Object>(schema).write(datum, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = out.toByteArray();
        WireFormat.setId(bytes, id);
        return bytes;
    }

    private byte[] flight() {
        Schema schema = new Schema.Parser().parse(FLIGHT);
        return framed(stub.register("flights-value", FLIGHT), schema, flight(schema));
    }

    private String path(String mapping, byte[] value) {
        return path(mapping, StreamRecord.atMillis(0).value(value).build());
    }

    private String path(String mapping, StreamRecord record) {
        return PartitionMapping.parse(mapping).withSchemas(schemas).copy().pathFor(record, ORIGIN);
    }

    @ParameterizedTest
    @CsvSource({
        "f:string=value.origin, f=ATL",
        "f:int=value.delay, f=-33",
        "f:string=value.delay, f=-33",
        "f:string=value.plane.tail, f=N1",
        "f:string=value.plane.next.tail, f=inner",
        "f:string=value.plane.weight, f=2.5",
        "f:string=value.kind, f=PAX",
        "f:string=value.tags.gate, f=B7",
        "f:string=value.late, f=true",
        "f:string=value.price, f=12.34",
        "f:date=value.day, f=2001-01-01",
        "f:string=value.day, f=2001-01-01",
        "f:int=value.day, f=11323",
        "f:date=value.ms, f=2001-01-01",
        "f:hour=value.ms, f=2001-01-01-23",
        "f:date(Europe/Vienna)=value.ms, f=2001-01-02",
        "f:date=value.us, f=2001-01-01",
        "f:date=value.us@ms, f=2001-01-01",
        "f:int=value.us, f=978393599999000",
        "f:date(Europe/Vienna)=value.local, f=2001-01-01",
        "f:string=value.ratio, f=0.25",
    })
    void readsFieldsOfEveryType(String mapping, String expected) {
        String path = path(mapping, flight()).replace("%3A", ":");
        assertThat(path).isEqualTo(expected);
    }

    @Test
    void readsSeveralFieldsInAnyOrderOfKeyAndValue() {
        byte[] value = flight();
        StreamRecord record = StreamRecord.atMillis(0)
                .key("{\"a\":\"json\"}".getBytes(StandardCharsets.UTF_8))
                .value(value)
                .build();
        assertThat(path("a:string=value.ratio,b:string=key.a,c:string=value.origin,d:string=value.origin", record))
                .isEqualTo("a=0.25/b=json/c=ATL/d=ATL");
        assertThat(path(
                        "o:string=key.origin",
                        StreamRecord.atMillis(0).key(value).build()))
                .isEqualTo("o=ATL");
        assertThat(path("o:string=value.o", "{\"o\":\"x\"}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("o=x");
        assertThat(stub.requests()).containsExactly("GET /schemas/ids/100");
    }

    @ParameterizedTest
    @CsvSource({
        "value.nothing, is missing",
        "value.plane, an object",
        "value.plane.next.next.tail, is missing",
        "value.list, an array",
        "value.hash, 3 bytes",
        "value.tags.none, is missing",
    })
    void whatIsNoValueIsTold(String source, String reason) {
        byte[] value = flight();
        assertThatThrownBy(() -> path("f:string=" + source, value))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void jsonBehindAnIdIsReadAsJson() {
        SchemaText json = new SchemaText(SchemaText.JSON, "{\"type\":\"object\"}", List.of());
        SchemaText proto = new SchemaText(SchemaText.PROTOBUF, "syntax = \"proto3\";", List.of());
        byte[] value = "01234{\"origin\":\"ATL\"}".getBytes(StandardCharsets.UTF_8);
        value[0] = 0;
        WireFormat.setId(value, registry.register("j", json));
        assertThat(path("o:string=value.origin", value)).isEqualTo("o=ATL");

        WireFormat.setId(value, registry.register("p", proto));
        assertThatThrownBy(() -> path("o:string=value.origin", value))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("of type PROTOBUF");
    }

    @Test
    void schemasThatReferToOthersAreResolved() {
        SchemaText city = SchemaText.avro(
                "{\"type\":\"record\",\"name\":\"a.City\",\"fields\":[" + "{\"name\":\"code\",\"type\":\"string\"}]}");
        registry.register("city", city);
        SchemaText airport = new SchemaText(
                SchemaText.AVRO,
                "{\"type\":\"record\",\"name\":\"a.Airport\",\"fields\":[{\"name\":\"city\",\"type\":\"a.City\"}]}",
                List.of(new SchemaReference("a.City", "city", 1)));
        registry.register("airport", airport);
        SchemaText leg = new SchemaText(
                SchemaText.AVRO,
                "{\"type\":\"record\",\"name\":\"Leg\",\"fields\":[{\"name\":\"c\",\"type\":\"a.City\"},"
                        + "{\"name\":\"to\",\"type\":\"a.Airport\"}]}",
                List.of(new SchemaReference("a.Airport", "airport", 1), new SchemaReference("a.City", "city", 1)));
        int id = registry.register("legs", leg);
        byte[] value = {0, 0, 0, 0, (byte) id, 6, 'V', 'I', 'E', 6, 'A', 'T', 'L'};

        assertThat(path("a:string=value.c.code,b:string=value.to.city.code", value))
                .isEqualTo("a=VIE/b=ATL");
    }

    @Test
    void aWrongIdOrDamagedBytesAreErrorsOfTheRecord() {
        byte[] value = flight();
        WireFormat.setId(value, 7);
        assertThatThrownBy(() -> path("o:string=value.origin", value))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("schema id 7, which the registry does not know");
        assertThatThrownBy(() -> path("o:string=value.origin", new byte[] {0, 1, 2}))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("3 bytes, too few for the wire format");
        assertThatThrownBy(() -> path("o:string=value.ratio", Arrays.copyOf(flight(), 60)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("is not of its schema 100");
    }

    @Test
    void aRegistryThatIsDownIsNoMissingField() {
        byte[] value = flight();
        stub.down();
        PartitionMapping mapping = PartitionMapping.parse("o:string=value.origin")
                .withMissingField(MissingFieldPolicy.NULL)
                .withSchemas(schemas);
        StreamRecord record = StreamRecord.atMillis(0).value(value).build();
        assertThatThrownBy(() -> mapping.pathFor(record, ORIGIN)).isInstanceOf(RegistryUnavailableException.class);

        stub.up();
        assertThat(mapping.pathFor(record, ORIGIN)).isEqualTo("o=ATL");
        stub.down();
        assertThat(mapping.pathFor(record, ORIGIN)).isEqualTo("o=ATL");
    }

    @Test
    void anyBytesEndInAPathOrAnErrorOfTheRecord() {
        byte[] whole = flight();
        PartitionMapping mapping = PartitionMapping.parse("a:string=value.ratio,b:string=value.tags.x")
                .withSchemas(schemas);
        Randomized.forAll(2_000, random -> {
            byte[] value = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                value[WireFormat.HEADER_BYTES + random.nextInt(value.length - WireFormat.HEADER_BYTES)] =
                        (byte) random.nextInt(256);
            }
            byte[] cut = Arrays.copyOf(value, WireFormat.HEADER_BYTES + random.nextInt(value.length));
            StreamRecord record = StreamRecord.atMillis(0).value(cut).build();
            try {
                mapping.pathFor(record, ORIGIN);
            } catch (InvalidRecordException expected) {
                assertThat(expected).hasMessageContaining("Partition field");
            }
        });
    }
}
