package io.firn.connect.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.testing.ConnectEquality;
import io.firn.registry.AvroInput;
import io.firn.testing.Randomized;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema.Parser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

/** Avro of other writers, read as Connect; and what we write for a registry, read by Avro itself. */
class ForeignAvroTest {
    private static final String SCHEMA = """
            {"type":"record","name":"Trade","namespace":"x","fields":[
              {"name":"side","type":{"type":"enum","name":"Side","symbols":["BUY","SELL"]}},
              {"name":"hash","type":{"type":"fixed","name":"Hash","size":2}},
              {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
              {"name":"at","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null},
              {"name":"tags","type":{"type":"map","values":["string","null"]}},
              {"name":"who","type":["null","string","long",{"type":"record","name":"Who","fields":[
                {"name":"id","type":"int"}]}]}]}""";

    @Test
    @SuppressWarnings("JavaUtilDate") // Connect's own class
    void readsWhatAvroWrites() throws IOException {
        org.apache.avro.Schema avro = new Parser().parse(SCHEMA);
        GenericRecord trade = new GenericData.Record(avro);
        trade.put("side", new GenericData.EnumSymbol(avro.getField("side").schema(), "SELL"));
        trade.put("hash", new GenericData.Fixed(avro.getField("hash").schema(), new byte[] {1, 2}));
        trade.put("price", ByteBuffer.wrap(new byte[] {3, (byte) 0xE7}));
        trade.put("at", 5L);
        trade.put("tags", Map.of("a", "b"));
        trade.put("who", 7L);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(avro).write(trade, encoder);
        encoder.flush();

        Schema schema = Objects.requireNonNull(SchemaFromAvro.translate(avro));
        Struct read =
                (Struct) Objects.requireNonNull(Codecs.of(schema, avro).read(new AvroInput(bytes.toByteArray(), 0)));
        read.validate();
        assertThat(schema.name()).isEqualTo("x.Trade");
        assertThat(read.getString("side")).isEqualTo("SELL");
        assertThat(read.getBytes("hash")).containsExactly(1, 2);
        assertThat(schema.field("price").schema()).isEqualTo(Decimal.schema(2));
        assertThat(read.get("price")).isEqualTo(new BigDecimal("9.99"));
        assertThat(schema.field("at").schema())
                .isEqualTo(Timestamp.builder().optional().build());
        assertThat(read.get("at")).isEqualTo(new Date(5));
        assertThat(read.getMap("tags")).isEqualTo(Map.of("a", "b"));
        assertThat(schema.field("who").schema().fields())
                .extracting(field -> field.name())
                .containsExactly("string", "long", "Who");
        assertThat(read.getStruct("who").getInt64("long")).isEqualTo(7);

        AvroOutput out = new AvroOutput();
        Codecs.of(schema, avro).write(read, out);
        assertThat(out.toByteArray()).isEqualTo(bytes.toByteArray());
    }

    @Test
    void aUnionBecomesTheSameUnionAgain() {
        org.apache.avro.Schema union = new Parser().parse("[\"null\",\"string\",\"long\"]");
        Schema schema = Objects.requireNonNull(SchemaFromAvro.translate(union));
        assertThat(SchemaToAvro.plain(schema)).isEqualTo(union);
        ValueCodec codec = Codecs.of(schema, union);
        AvroOutput out = new AvroOutput();
        codec.write(null, out);
        assertThat(codec.read(new AvroInput(out.toByteArray(), 0))).isNull();
        assertThatThrownBy(() -> codec.write(new Struct(schema), new AvroOutput()))
                .isInstanceOf(DataException.class);
    }

    @Test
    void avroReadsWhatWeWriteForARegistry() {
        Randomized.forAll(500, random -> {
            RandomSchemas generator = new RandomSchemas(random);
            Schema schema = generator.schema(3);
            org.apache.avro.Schema avro = SchemaToAvro.plain(schema);
            Object value = generator.value(schema, 5);
            AvroOutput out = new AvroOutput();
            Codecs.of(schema, avro).write(value, out);
            org.apache.avro.Schema parsed = new Parser().parse(avro.toString());
            Object read = new GenericDatumReader<>(parsed)
                    .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
            assertThat(GenericData.get().validate(parsed, read)).isTrue();
        });
    }

    @Test
    void nullIsWrittenAsTheDefaultForARegistry() {
        Schema schema = SchemaBuilder.struct()
                .field("a", SchemaBuilder.int32().defaultValue(7).build())
                .build();
        org.apache.avro.Schema avro = SchemaToAvro.plain(schema);
        assertThat(avro.getField("a").schema().getType()).isEqualTo(org.apache.avro.Schema.Type.INT);
        AvroOutput out = new AvroOutput();
        Codecs.of(schema, avro).write(new Struct(schema), out);
        Object back = Codecs.of(schema, avro).read(new AvroInput(out.toByteArray(), 0));
        assertThat(ConnectEquality.isSame(back, new Struct(schema).put("a", 7))).isTrue();
    }

    @Test
    void whatConnectHasNoWordForIsSaidSo() {
        for (String schema : List.of("\"null\"", "[\"string\"]")) {
            assertThatThrownBy(() -> SchemaFromAvro.translate(new Parser().parse(schema)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("Connect has no type");
        }
    }
}
