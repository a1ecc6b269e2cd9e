package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.testing.Randomized;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A damaged chunk is an error with its place, never other samples. */
class ChunkDamageTest {
    private static final int COUNT = 120;

    private final ChunkDecoder decoder = new ChunkDecoder();
    private final long[] timestamps = new long[ChunkFormat.MAX_SAMPLES];
    private final double[] values = new double[ChunkFormat.MAX_SAMPLES];

    @Test
    void everyTruncationOfAChunkOfEveryCodecIsRefused() {
        chunks().forEach((name, chunk) -> {
            for (int size = 0; size < chunk.length; size++) {
                byte[] cut = Arrays.copyOf(chunk, size);
                assertRefused(name + " cut to " + size, () -> decode(cut));
            }
        });
    }

    @Test
    void everySingleBitFlipInAChunkOfEveryCodecIsRefused() {
        chunks().forEach((name, chunk) -> {
            for (int bit = 0; bit < chunk.length * Byte.SIZE; bit++) {
                byte[] flipped = chunk.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                assertRefused(name + " bit " + bit, () -> decode(flipped));
            }
        });
    }

    @Test
    void aTruncatedChunkInFrontOfOtherBytesIsRefused() {
        chunks().forEach((name, chunk) -> {
            for (int size = 0; size < chunk.length; size++) {
                byte[] shifted = new byte[chunk.length * 2];
                System.arraycopy(chunk, 0, shifted, 0, size);
                System.arraycopy(chunk, 0, shifted, size, chunk.length);
                shifted[size] ^= 1;
                assertRefused(name + " overwritten from " + size, () -> decode(shifted));
            }
        });
    }

    @Test
    void changedBytesUnderARightChecksumGiveSamplesOrAnErrorAndNothingElse() {
        Map<String, byte[]> chunks = chunks();
        Set<ValueCodec> decoded = EnumSet.noneOf(ValueCodec.class);
        Randomized.forAll(300, random -> {
            for (byte[] chunk : chunks.values()) {
                byte[] forged = chunk.clone();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    forged[ForgedChunk.CRC_BYTES + random.nextInt(forged.length - ForgedChunk.CRC_BYTES)] =
                            (byte) random.nextInt();
                }
                ForgedChunk.sign(forged);
                try {
                    decode(forged);
                    decoded.add(ChunkCase.header(forged).valueCodec());
                } catch (CorruptDataException | FormatVersionException expected) {
                    assertThat(expected).hasMessageContaining("0001.q").hasMessageContaining("4096");
                }
            }
        });
        assertThat(decoded).isNotEmpty();
    }

    @Test
    void randomBodiesUnderARightChecksumGiveSamplesOrAnErrorAndNothingElse() {
        Randomized.forAll(3000, random -> {
            byte[] body = new byte[random.nextInt(200) + 1];
            random.nextBytes(body);
            for (ValueCodec codec : ValueCodec.values()) {
                byte[] forged = forge(random.nextInt(4) | codec.id() << 4, random.nextInt(1, 1025), body);
                try {
                    decode(forged);
                } catch (CorruptDataException expected) {
                    assertThat(expected.offset()).isEqualTo(4096);
                }
            }
        });
    }

    @Test
    void aNewerVersionIsNamed() {
        byte[] chunk = chunks().values().iterator().next();
        chunk[ForgedChunk.CRC_BYTES] = (byte) (2 << 4);
        ForgedChunk.sign(chunk);
        assertThatThrownBy(() -> decode(chunk))
                .isInstanceOf(FormatVersionException.class)
                .hasMessageContaining("has version 2, this program reads version 1");
    }

    /** A chunk of each value codec and each timestamp codec; none is there without being used. */
    private static Map<String, byte[]> chunks() {
        Map<String, byte[]> chunks = new LinkedHashMap<>();
        for (ValueCodec codec : ValueCodec.values()) {
            ChunkCase one = ChunkCase.of(new SplittableRandom(7), TimestampFamily.REGULAR, familyOf(codec), COUNT);
            byte[] chunk = one.encode(ChunkCase.options(TimestampCodec.ADAPTIVE, codec));
            if (codec != ValueCodec.ADAPTIVE) {
                assertThat(ChunkCase.header(chunk).valueCodec()).isEqualTo(codec);
            }
            chunks.put("values " + codec, chunk);
        }
        for (TimestampCodec codec : TimestampCodec.values()) {
            TimestampFamily family =
                    codec == TimestampCodec.STRIDE ? TimestampFamily.REGULAR : TimestampFamily.OUT_OF_ORDER;
            ChunkCase one = ChunkCase.of(new SplittableRandom(7), family, ValueFamily.CONSTANT, COUNT);
            byte[] chunk = one.encode(ChunkCase.options(codec, ValueCodec.ADAPTIVE));
            if (codec != TimestampCodec.ADAPTIVE) {
                assertThat(ChunkCase.header(chunk).timestampCodec()).isEqualTo(codec);
            }
            chunks.put("timestamps " + codec, chunk);
        }
        return chunks;
    }

    private static ValueFamily familyOf(ValueCodec codec) {
        return switch (codec) {
            case RAW -> ValueFamily.RANDOM_BITS;
            case CONSTANT -> ValueFamily.CONSTANT;
            case RUN_LENGTH -> ValueFamily.RUNS;
            case DICTIONARY, GORILLA -> ValueFamily.FEW_DISTINCT;
            case DELTA_XOR -> ValueFamily.RAMP;
            case DECIMAL, ADAPTIVE -> ValueFamily.SPARSE_EXCEPTIONS;
            case FLOAT32 -> ValueFamily.FLOATS;
        };
    }

    private static byte[] forge(int codecs, int count, byte[] body) {
        int timestampBytes = (codecs & 0xF) == TimestampCodec.STRIDE.id() ? 0 : body.length / 2;
        byte[] times = Arrays.copyOf(body, timestampBytes);
        return ForgedChunk.of(codecs, count, count - 1, times, Arrays.copyOfRange(body, timestampBytes, body.length));
    }

    private void decode(byte[] chunk) {
        decoder.decode(ByteBuffer.wrap(chunk), ChunkCase.PLACE, timestamps, values, 0);
    }

    private static void assertRefused(String name, ThrowingCallable decoding) {
        assertThatThrownBy(decoding)
                .as(name)
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("0001.q at offset 4096");
    }
}
