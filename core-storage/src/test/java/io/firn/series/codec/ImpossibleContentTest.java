package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What contradicts itself under a right checksum is named, not guessed at. */
class ImpossibleContentTest {
    private static final byte[] NOTHING = {};
    private static final int COUNT = 4;

    private final ChunkDecoder decoder = new ChunkDecoder();
    private final long[] timestamps = new long[16];
    private final double[] values = new double[16];

    @Test
    void aRangeThatDoesNotDivideIntoStrides() {
        byte[] chunk = ForgedChunk.of(TimestampCodec.STRIDE.id(), COUNT, 10, NOTHING, new byte[32]);
        assertRefused(chunk, "a range of 10 does not divide into 3 strides");
    }

    @Test
    void aRangeThatEndsBeyondTheLastTimestamp() {
        byte[] chunk = ForgedChunk.of(TimestampCodec.STRIDE.id(), COUNT, -1, NOTHING, new byte[32]);
        assertRefused(chunk, "timestamps from 0 to -1");
    }

    @Test
    void anIndexBeyondTheDictionary() {
        assertValuesRefused(ValueCodec.DICTIONARY, "dictionary index 3 of 3", sink -> {
            sink.unsigned(3);
            sink.octet(ValueCodec.RAW.id());
            sink.append(new byte[24], 0, 24);
            sink.octet(0b11_10_01_00);
        });
    }

    @Test
    void anEmptyDictionaryAndOneThatIsTooLarge() {
        assertValuesRefused(ValueCodec.DICTIONARY, "empty dictionary", sink -> sink.unsigned(0));
        assertValuesRefused(ValueCodec.DICTIONARY, "dictionary entries is 513", sink -> sink.unsigned(513));
    }

    @Test
    void runsThatDoNotAddUp() {
        assertValuesRefused(ValueCodec.RUN_LENGTH, "runs of 3 values instead of 4", sink -> putRuns(sink, 0, 1));
        assertValuesRefused(
                ValueCodec.RUN_LENGTH, "run of 3 more where 3 values are left", sink -> putRuns(sink, 0, 3));
        assertValuesRefused(ValueCodec.RUN_LENGTH, "run of -1 more", sink -> putRuns(sink, -1, 3));
        assertValuesRefused(ValueCodec.RUN_LENGTH, "no run for 4 values", sink -> sink.unsigned(0));
    }

    @Test
    void codecsThatMayNotStandWithinOthers() {
        assertValuesRefused(ValueCodec.RUN_LENGTH, "value codec 2 within another one", sink -> {
            sink.unsigned(1);
            new IntegerVector(1).encode(new long[] {3}, 1, sink);
            sink.octet(ValueCodec.RUN_LENGTH.id());
        });
    }

    @Test
    void exceptionsBeyondTheValues() {
        assertValuesRefused(ValueCodec.DECIMAL, "exception at value 4 of 4", sink -> {
            putDecimals(sink, 0);
            sink.unsigned(1);
            sink.unsigned(4);
            sink.word(0);
        });
        assertValuesRefused(ValueCodec.DECIMAL, "number of exceptions is 5", sink -> {
            putDecimals(sink, 0);
            sink.unsigned(5);
        });
    }

    @Test
    void unknownScales() {
        for (int scale : new int[] {19, 31, 51, 64, 255}) {
            assertValuesRefused(ValueCodec.DECIMAL, "unknown scale " + scale, sink -> putDecimals(sink, scale));
        }
    }

    @Test
    void floatsOfMoreThan32Bits() {
        assertValuesRefused(
                ValueCodec.FLOAT32,
                "has more than 32 bits",
                sink -> new IntegerVector(COUNT).encode(new long[] {1, 2, 1L << 31, 3}, COUNT, sink));
    }

    @Test
    void integersOfImpossibleForm() {
        assertIntegersRefused("form 3", 3, 0);
        assertIntegersRefused("form 16", 16, 0);
        assertIntegersRefused("width 65", 0, 65);
        assertIntegersRefused("divisor 1", 4, 0, 1, 0, 0);
        assertIntegersRefused("patch of number 4 of 4", 8, 0, 0, 1, 4, 0);
        assertIntegersRefused("number of patches is 5", 8, 0, 0, 5);
    }

    @Test
    void anXorWindowThatReachesBelowTheWord() {
        assertValuesRefused(ValueCodec.GORILLA, "XOR window", sink -> {
            sink.word(0);
            sink.word(-1);
        });
    }

    @Test
    void bytesThatAreLeft() {
        byte[] times = ForgedChunk.of(TimestampCodec.STRIDE.id(), COUNT, 3, new byte[1], new byte[32]);
        assertRefused(times, "1 bytes are left behind the timestamps");
        byte[] numbers = ForgedChunk.of(TimestampCodec.STRIDE.id(), COUNT, 3, NOTHING, new byte[33]);
        assertRefused(numbers, "1 bytes are left behind the values");
    }

    @Test
    void codecsAndLayoutsThatNobodyKnows() {
        assertRefused(ForgedChunk.of(4, COUNT, 3, NOTHING, NOTHING), "unknown timestamp codec 4");
        assertRefused(ForgedChunk.of(1 | 8 << 4, COUNT, 3, NOTHING, NOTHING), "unknown value codec 8");
        assertGroupRefused(4, "unknown layout of timestamps 4", sink -> sink.unsigned(0));
        assertGroupRefused(5 << 4, "unknown layout of values 5", sink -> sink.unsigned(0));
    }

    @Test
    void integerPlanesOfImpossibleForm() {
        int layouts = TimestampLayout.STRIDE.id() | ValueLayout.COMPRESSED_DECIMAL_PLANES.id() << 4;
        assertGroupRefused(layouts, "order 3 and width 0", sink -> putPlanes(sink, 3, 0));
        assertGroupRefused(layouts, "order 0 and width 9", sink -> putPlanes(sink, 0, 9));
        assertGroupRefused(layouts, "size of a column is 100000", sink -> {
            putExtent(sink);
            sink.unsigned(100_000);
        });
        assertGroupRefused(layouts, "a column of 1 bytes instead of 7", sink -> {
            putExtent(sink);
            sink.unsigned(7);
            sink.octet(0);
        });
    }

    private static void putRuns(ByteSink sink, long first, long second) {
        sink.unsigned(2);
        new IntegerVector(2).encode(new long[] {first, second}, 2, sink);
        sink.octet(ValueCodec.RAW.id());
        sink.append(new byte[16], 0, 16);
    }

    private static void putDecimals(ByteSink sink, int scale) {
        sink.octet(scale);
        new IntegerVector(COUNT).encode(new long[] {1, 2, 3, 4}, COUNT, sink);
    }

    private static void putExtent(ByteSink sink) {
        sink.unsigned(COUNT);
        sink.signed(0);
        sink.unsigned(3);
        sink.unsigned(0);
    }

    private static void putPlanes(ByteSink sink, int order, int width) {
        putExtent(sink);
        sink.unsigned(3 + width * COUNT + 1);
        sink.octet(0);
        sink.octet(order);
        sink.octet(width);
        sink.append(new byte[width * COUNT], 0, width * COUNT);
        sink.unsigned(0);
    }

    private void assertIntegersRefused(String reason, int... octets) {
        ByteSink sink = new ByteSink(64);
        for (int octet : octets) {
            sink.octet(octet);
        }
        byte[] times = new byte[sink.size()];
        System.arraycopy(sink.array(), 0, times, 0, times.length);
        assertRefused(ForgedChunk.of(TimestampCodec.PACKED.id(), COUNT, 3, times, new byte[32]), reason);
    }

    private void assertValuesRefused(ValueCodec codec, String reason, Consumer<ByteSink> content) {
        ByteSink sink = new ByteSink(64);
        content.accept(sink);
        byte[] column = new byte[sink.size()];
        System.arraycopy(sink.array(), 0, column, 0, column.length);
        int codecs = TimestampCodec.STRIDE.id() | codec.id() << 4;
        assertRefused(ForgedChunk.of(codecs, COUNT, 3, NOTHING, column), reason);
    }

    private void assertRefused(byte[] chunk, String reason) {
        assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(chunk), ChunkCase.PLACE, timestamps, values, 0))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("0001.q at offset 4096")
                .hasMessageContaining(reason);
    }

    private void assertGroupRefused(int layouts, String reason, Consumer<ByteSink> body) {
        ByteSink sink = new ByteSink(64);
        body.accept(sink);
        byte[] group = ForgedChunk.framed(GroupFormat.FORM, layouts, sink);
        GroupDecoder groups = new GroupDecoder(new NoCompression());
        assertThatThrownBy(() -> groups.decode(ByteBuffer.wrap(group), ChunkCase.PLACE, timestamps, values, 0))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("0001.q at offset 4096")
                .hasMessageContaining(reason);
    }
}
