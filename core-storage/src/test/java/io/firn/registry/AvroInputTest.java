package io.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.InvalidRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** What Avro's own encoder wrote is skipped to its end, and damaged bytes cost neither memory nor time. */
final class AvroInputTest {
    private static final Schema ITEM = SchemaBuilder.record("Item")
            .fields()
            .requiredLong("id")
            .optionalString("text")
            .requiredDouble("price")
            .name("side")
            .type(SchemaBuilder.enumeration("Side").symbols("BUY", "SELL"))
            .noDefault()
            .name("hash")
            .type(SchemaBuilder.fixed("Hash").size(3))
            .noDefault()
            .endRecord();

    private static final Schema ORDER = SchemaBuilder.record("Order")
            .fields()
            .requiredInt("number")
            .requiredBoolean("open")
            .requiredFloat("weight")
            .requiredBytes("blob")
            .name("items")
            .type(Schema.createArray(ITEM))
            .noDefault()
            .name("notes")
            .type(Schema.createMap(Schema.create(Schema.Type.STRING)))
            .noDefault()
            .endRecord();

    private static GenericData.Record order() {
        GenericData.Record item = new GenericData.Record(ITEM);
        item.put("id", Long.MIN_VALUE);
        item.put("text", "\uFFFD is a character like any other");
        item.put("price", -0.0);
        item.put("side", new GenericData.EnumSymbol(ITEM.getField("side").schema(), "SELL"));
        item.put("hash", new GenericData.Fixed(ITEM.getField("hash").schema(), new byte[] {1, 2, 3}));
        GenericData.Record order = new GenericData.Record(ORDER);
        order.put("number", Integer.MIN_VALUE);
        order.put("open", true);
        order.put("weight", Float.NaN);
        order.put("blob", ByteBuffer.wrap(new byte[] {0, -1}));
        order.put("items", List.of(item, item));
        order.put("notes", Map.of("a", "", "b", "x"));
        return order;
    }

    private static byte[] encoded(boolean blocksWithSizes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        EncoderFactory factory = EncoderFactory.get();
        Encoder encoder =
                blocksWithSizes ? factory.blockingBinaryEncoder(bytes, null) : factory.binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericData.Record>(ORDER).write(order(), encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    @Test
    void aDatumIsSkippedToItsEnd() throws IOException {
        for (boolean blocksWithSizes : new boolean[] {false, true}) {
            AvroInput in = new AvroInput(encoded(blocksWithSizes), 0);
            in.skip(ORDER);
            in.requireEnd();
        }
    }

    @Test
    void aDatumThatIsCutAnywhereIsRefused() throws IOException {
        byte[] whole = encoded(false);
        AvroInput in = new AvroInput();
        for (int length = 0; length < whole.length; length++) {
            in.over(Arrays.copyOf(whole, length), 0, length);
            assertThatThrownBy(() -> in.skip(ORDER)).as("%s bytes", length).isInstanceOf(InvalidRecordException.class);
        }
    }

    @Test
    void numbersOutOfTheirRangeAreRefused() {
        byte[] tooLong = new byte[11];
        Arrays.fill(tooLong, (byte) 0x80);
        assertThatThrownBy(() -> new AvroInput(tooLong, 0).readLong()).hasMessageContaining("a number that ends");
        byte[] sixtyFiveBits = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 2};
        assertThatThrownBy(() -> new AvroInput(sixtyFiveBits, 0).readLong()).hasMessageContaining("a number");
        byte[] noInt = {-1, -1, -1, -1, 31};
        assertThat(new AvroInput(noInt, 0).readLong()).isLessThan(Integer.MIN_VALUE);
        assertThatThrownBy(() -> new AvroInput(noInt, 0).skip(Schema.create(Schema.Type.INT)))
                .hasMessageContaining("expected an int");
        assertThatThrownBy(() -> new AvroInput(new byte[] {2}, 0).readIndex(1)).hasMessageContaining("found 1");
        assertThatThrownBy(() -> new AvroInput(new byte[] {2}, 0).readBoolean()).hasMessageContaining("found 2");
        assertThatThrownBy(() -> new AvroInput(new byte[] {2, (byte) 0xC3}, 0).readString())
                .hasMessageContaining("expected UTF-8 at byte 1");
    }

    @Test
    void itemsOfNoBytesAreBoundedOverAllListsOfADatum() throws IOException {
        Schema lists = Schema.createArray(Schema.createArray(Schema.create(Schema.Type.NULL)));
        AvroInput allowed = new AvroInput(listsOfNulls(1, AvroInput.MAX_EMPTY_ITEMS), 0);
        allowed.skip(lists);
        allowed.requireEnd();
        AvroInput bomb = new AvroInput(listsOfNulls(100, AvroInput.MAX_EMPTY_ITEMS), 0);
        assertThatThrownBy(() -> bomb.skip(lists))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("items of an array or map");
    }

    private static byte[] listsOfNulls(int lists, int nulls) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        encoder.writeLong(lists);
        for (int i = 0; i < lists; i++) {
            encoder.writeLong(nulls);
            encoder.writeLong(0);
        }
        encoder.writeLong(0);
        encoder.flush();
        return bytes.toByteArray();
    }

    @Test
    void aDatumThatIsNestedWithoutEndIsRefusedOnASmallStack() throws Exception {
        Schema endless = new Schema.Parser().parse("""
                {"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]}]}""");
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 2);
        FutureTask<String> skipping = new FutureTask<>(() -> {
            try {
                new AvroInput(deep, 0).skip(endless);
                return "skipped";
            } catch (InvalidRecordException refused) {
                return String.valueOf(refused.getMessage());
            }
        });
        Thread small = new Thread(null, skipping, "small", 512 * 1024);
        small.start();
        assertThat(skipping.get()).contains("nested more than 1000 levels");
        small.join();
    }

    @Test
    void aReaderCanBeUsedAgain() {
        AvroInput in = new AvroInput();
        for (int i = 0; i < 3; i++) {
            in.over(new byte[] {9, 4, 9}, 1, 2);
            assertThat(in.readInt()).isEqualTo(2);
            assertThat(in.remaining()).isZero();
            assertThatThrownBy(in::readInt).hasMessageContaining("expected 1 bytes at byte 2, found 0");
        }
    }
}
