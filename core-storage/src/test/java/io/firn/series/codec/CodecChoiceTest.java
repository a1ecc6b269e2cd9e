package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecChoiceTest {
    private final CodecStatistics statistics = new CodecStatistics();

    @ParameterizedTest
    @CsvSource({
        "GAUGE_TWO_DECIMALS, DECIMAL",
        "GAUGE_PRODUCT, DECIMAL",
        "INTEGER_WALK, DECIMAL",
        "COUNTER, DECIMAL",
        "CONSTANT, CONSTANT",
        "FEW_DISTINCT, DICTIONARY",
        "RUNS, RUN_LENGTH",
        "RAMP, DELTA_XOR",
        "RANDOM_BITS, RAW",
        "FLOATS, FLOAT32",
        "SPARSE_EXCEPTIONS, DECIMAL"
    })
    void adaptiveFindsTheCodecThatAFamilyWasMadeFor(ValueFamily family, ValueCodec expected) {
        byte[] chunk = chunk(TimestampFamily.REGULAR, family, 1024).encode(ChunkOptions.adaptive());
        assertThat(ChunkCase.header(chunk).valueCodec()).isEqualTo(expected);
    }

    @Test
    void adaptiveFindsGorillaWhenNothingElseSees() {
        SplittableRandom random = new SplittableRandom(3);
        double[] values = new double[1024];
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.longBitsToDouble(0x4059_0000_0000_0001L ^ (random.nextLong() & 0xF_FFFFL) << 30);
        }
        byte[] chunk = new ChunkCase(new long[1024], values).encode(ChunkOptions.adaptive());
        assertThat(ChunkCase.header(chunk).valueCodec()).isEqualTo(ValueCodec.GORILLA);
    }

    @ParameterizedTest
    @CsvSource({
        "REGULAR, STRIDE",
        "WIDEST_STRIDE, STRIDE",
        "MISSED, PACKED",
        "JITTER_MILLISECONDS, PACKED",
        "POISSON, PACKED",
        "DESCENDING, PACKED",
        "EXTREMES, PACKED",
        "RANDOM_BITS, RAW"
    })
    void adaptiveFindsTheTimestampCodec(TimestampFamily family, TimestampCodec expected) {
        byte[] chunk = chunk(family, ValueFamily.CONSTANT, 1024).encode(ChunkOptions.adaptive());
        assertThat(ChunkCase.header(chunk).timestampCodec()).isEqualTo(expected);
    }

    @Test
    void staysRawBelowTheThresholdOnly() {
        ChunkHeader below = ChunkCase.header(chunk(TimestampFamily.REGULAR, ValueFamily.CONSTANT, 63)
                .encode(new ChunkEncoder(ChunkOptions.adaptive(), statistics)));
        assertThat(below.isBelowThreshold()).isTrue();
        assertThat(below.timestampCodec()).isEqualTo(TimestampCodec.RAW);
        assertThat(below.valueCodec()).isEqualTo(ValueCodec.RAW);
        assertThat(below.valuesFellBack() || below.timestampsFellBack()).isFalse();
        assertThat(statistics.chunksBelowThreshold()).isEqualTo(1);

        ChunkHeader at = ChunkCase.header(chunk(TimestampFamily.REGULAR, ValueFamily.CONSTANT, 64)
                .encode(new ChunkEncoder(ChunkOptions.adaptive(), statistics)));
        assertThat(at.isBelowThreshold()).isFalse();
        assertThat(at.valueCodec()).isEqualTo(ValueCodec.CONSTANT);
        assertThat(statistics.chunksBelowThreshold()).isEqualTo(1);
        assertThat(statistics.fallbacks()).isZero();
    }

    @Test
    void numbersCloseTogetherTakeTheBitsOfTheirWindow() {
        SplittableRandom random = new SplittableRandom(5);
        double[] values =
                random.doubles(1024).map(value -> 100 + Math.floor(8 * value)).toArray();
        values[10] = 0;
        values[20] = 255;
        ChunkOptions options = ChunkCase.options(TimestampCodec.ADAPTIVE, ValueCodec.DECIMAL);
        byte[] chunk = new ChunkCase(new long[1024], values).encode(options);
        assertThat(chunk.length)
                .as("3 bits each, two patches, and what stands around them")
                .isBetween(384, 384 + 40);
    }

    @Test
    void refusesANegativeThreshold() {
        assertThatThrownBy(() -> new ChunkOptions(TimestampCodec.RAW, ValueCodec.RAW, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void aCodecThatDoesNotSuitGivesWayToRawFlaggedAndCounted() {
        ChunkOptions options = ChunkCase.options(TimestampCodec.STRIDE, ValueCodec.CONSTANT);
        ChunkHeader header = ChunkCase.header(chunk(TimestampFamily.POISSON, ValueFamily.COUNTER, 1024)
                .encode(new ChunkEncoder(options, statistics)));

        assertThat(header.timestampCodec()).isEqualTo(TimestampCodec.RAW);
        assertThat(header.valueCodec()).isEqualTo(ValueCodec.RAW);
        assertThat(header.timestampsFellBack()).isTrue();
        assertThat(header.valuesFellBack()).isTrue();
        assertThat(statistics.fallbacks()).isEqualTo(2);
    }

    @Test
    void aCodecThatExpandsGivesWayToRawFlaggedAndCounted() {
        ChunkOptions options = ChunkCase.options(TimestampCodec.DELTA_OF_DELTA, ValueCodec.GORILLA);
        ChunkCase one = chunk(TimestampFamily.RANDOM_BITS, ValueFamily.RANDOM_BITS, 1024);
        byte[] chunk = one.encode(new ChunkEncoder(options, statistics));

        assertThat(ChunkCase.header(chunk).valuesFellBack()).isTrue();
        assertThat(ChunkCase.header(chunk).timestampsFellBack()).isTrue();
        assertThat(statistics.fallbacks()).isEqualTo(2);
        assertThat(chunk.length).isLessThanOrEqualTo(ChunkFormat.maxSizeBytes(1024));
    }

    @Test
    void rawThatIsChosenIsNoFallback() {
        ChunkCase one = chunk(TimestampFamily.RANDOM_BITS, ValueFamily.RANDOM_BITS, 1024);
        ChunkHeader header = ChunkCase.header(one.encode(new ChunkEncoder(ChunkOptions.adaptive(), statistics)));
        assertThat(header.valueCodec()).isEqualTo(ValueCodec.RAW);
        assertThat(header.valuesFellBack()).isFalse();
        assertThat(statistics.fallbacks()).isZero();
    }

    @Test
    void countsChunksBytesAndTimeOfEachCodec() {
        AtomicLong clock = new AtomicLong();
        ChunkEncoder encoder = new ChunkEncoder(ChunkOptions.adaptive(), statistics, () -> clock.getAndAdd(5));
        ChunkCase one = chunk(TimestampFamily.REGULAR, ValueFamily.CONSTANT, 1024);
        one.encode(encoder);
        one.encode(encoder);

        assertThat(statistics.of(TimestampCodec.STRIDE)).isEqualTo(new CodecCounters(2, 16_384, 0, 10));
        assertThat(statistics.of(ValueCodec.CONSTANT)).isEqualTo(new CodecCounters(2, 16_384, 16, 10));
        assertThat(statistics.of(ValueCodec.CONSTANT).ratio()).isEqualTo(16 / 16_384.0);
        assertThat(statistics.of(ValueCodec.RAW)).isEqualTo(new CodecCounters(0, 0, 0, 0));
        assertThat(statistics.of(ValueCodec.RAW).ratio()).isEqualTo(1);
    }

    @Test
    void aHintIsReusedAndGivesWayWhenDigitsAppearOrVanish() {
        ChunkEncoder encoder = new ChunkEncoder(ChunkOptions.adaptive(), statistics);
        DecimalHint hint = new DecimalHint();
        assertThat(hint.scaleCode()).isEmpty();
        for (int exponent : new int[] {1, 3, 3, 2, 0}) {
            double[] values = new double[1024];
            for (int i = 0; i < values.length; i++) {
                values[i] = (i * i % 997 + 1000) / Math.pow(10, exponent);
            }
            SampleRange samples = SampleRange.of(new long[1024], values, 0, 1024);
            encoder.encode(samples, hint, ByteBuffer.allocate(ChunkFormat.maxSizeBytes(1024)));
            assertThat(hint.scaleCode()).hasValue(exponent);
        }
    }

    @Test
    void aHintRefusesCodesThatNoChunkHas() {
        for (int code : new int[] {-1, 19, 31, 51, 64}) {
            assertThatThrownBy(() -> new DecimalHint().remember(code))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(code));
        }
    }

    private static ChunkCase chunk(TimestampFamily timestamps, ValueFamily values, int count) {
        return ChunkCase.of(new SplittableRandom(3), timestamps, values, count);
    }
}
