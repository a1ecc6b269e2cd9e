package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.testing.AllocationCounter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChunkRoundTripTest {
    private final ChunkDecoder decoder = new ChunkDecoder();

    @ParameterizedTest
    @EnumSource
    void everyValueCodecGivesEveryBitBackAtEverySize(ValueCodec codec) {
        ChunkEncoder encoder =
                new ChunkEncoder(ChunkCase.options(TimestampCodec.ADAPTIVE, codec), new CodecStatistics());
        for (ValueFamily family : ValueFamily.values()) {
            for (int size : ChunkCase.SIZES) {
                ChunkCase one = ChunkCase.of(new SplittableRandom(size), TimestampFamily.REGULAR, family, size);
                one.assertComesBackFrom(one.encode(encoder), decoder);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTimestampCodecGivesEveryTimestampBackAtEverySize(TimestampCodec codec) {
        ChunkEncoder encoder = new ChunkEncoder(ChunkCase.options(codec, ValueCodec.ADAPTIVE), new CodecStatistics());
        for (TimestampFamily family : TimestampFamily.values()) {
            for (int size : ChunkCase.SIZES) {
                ChunkCase one = ChunkCase.of(new SplittableRandom(size), family, ValueFamily.COUNTER, size);
                one.assertComesBackFrom(one.encode(encoder), decoder);
            }
        }
    }

    @Test
    void everyCombinationOfCodecsComesBackAndItsIdsStandInTheHeader() {
        for (TimestampCodec timestamps : TimestampCodec.values()) {
            for (ValueCodec values : ValueCodec.values()) {
                ChunkCase one =
                        ChunkCase.of(new SplittableRandom(1), TimestampFamily.REGULAR, ValueFamily.CONSTANT, 1024);
                byte[] chunk = one.encode(ChunkCase.options(timestamps, values));
                one.assertComesBackFrom(chunk, decoder);
                ChunkHeader header = ChunkCase.header(chunk);
                assertThat(header.timestampCodec())
                        .isEqualTo(timestamps == TimestampCodec.ADAPTIVE ? TimestampCodec.STRIDE : timestamps);
                assertThat(header.valueCodec()).isEqualTo(values == ValueCodec.ADAPTIVE ? ValueCodec.CONSTANT : values);
                assertThat(header.timestampsFellBack() || header.valuesFellBack())
                        .isFalse();
            }
        }
    }

    @Test
    void headerSaysCountRangeAndSize() {
        long[] timestamps = {5, Long.MAX_VALUE, Long.MIN_VALUE, 7};
        byte[] chunk = new ChunkCase(timestamps, new double[] {1, 2, 3, 4}).encode(ChunkOptions.adaptive());

        assertThat(ChunkCase.header(chunk)).satisfies(header -> {
            assertThat(header.count()).isEqualTo(4);
            assertThat(header.minTimestamp()).isEqualTo(Long.MIN_VALUE);
            assertThat(header.maxTimestamp()).isEqualTo(Long.MAX_VALUE);
            assertThat(header.sizeBytes()).isEqualTo(chunk.length);
        });
    }

    @Test
    void chunksStandOneBehindTheOtherInDirectMemory() {
        ByteBuffer memory = ByteBuffer.allocateDirect(1 << 20);
        ChunkEncoder encoder = new ChunkEncoder(ChunkOptions.adaptive(), new CodecStatistics());
        DecimalHint hint = new DecimalHint();
        long[] timestamps = TimestampFamily.POISSON.timestamps(new SplittableRandom(1), 10_000);
        double[] values = ValueFamily.GAUGE_TWO_DECIMALS.values(new SplittableRandom(1), 10_000);
        for (int from = 0; from < values.length; from += 1000) {
            encoder.encode(SampleRange.of(timestamps, values, from, from + 1000), hint, memory);
        }

        memory.flip();
        long[] times = new long[10_000];
        double[] found = new double[10_000];
        for (int at = 0; memory.hasRemaining(); ) {
            at += decoder.decode(memory, ChunkCase.PLACE, times, found, at);
        }
        assertThat(times).isEqualTo(timestamps);
        assertThat(found).isEqualTo(values);
        assertThat(hint.scaleCode()).hasValue(2);
    }

    @Test
    void refusesTooManySamplesAndTooLittleRoom() {
        ChunkEncoder encoder = new ChunkEncoder(ChunkOptions.adaptive(), new CodecStatistics());
        SampleRange many = SampleRange.of(new long[1025], new double[1025], 0, 1025);
        ByteBuffer large = ByteBuffer.allocate(1 << 16);
        assertThatThrownBy(() -> encoder.encode(many, new DecimalHint(), large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1025 samples, at most 1024");
        ByteBuffer little = ByteBuffer.allocate(ChunkFormat.maxSizeBytes(1024) - 1);
        assertThatThrownBy(() -> encoder.encode(many.range(0, 1024), new DecimalHint(), little))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(little.position()).isZero();

        byte[] chunk = new ChunkCase(new long[3], new double[3]).encode(ChunkOptions.adaptive());
        assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(chunk), ChunkCase.PLACE, new long[4], new double[3], 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void worksWithoutGarbageWhenWarm() {
        ChunkEncoder encoder = new ChunkEncoder(ChunkOptions.adaptive(), new CodecStatistics());
        DecimalHint hint = new DecimalHint();
        ByteBuffer target = ByteBuffer.allocate(ChunkFormat.maxSizeBytes(1024));
        long[] times = new long[1024];
        double[] found = new double[1024];
        List<SampleRange> samples = new ArrayList<>();
        for (ValueFamily family : ValueFamily.values()) {
            samples.add(ChunkCase.of(new SplittableRandom(1), TimestampFamily.POISSON, family, 1024)
                    .samples());
        }
        long bytes = AllocationCounter.allocatedBytes(200, () -> {
            for (SampleRange one : samples) {
                encoder.encode(one, hint, target.clear());
                decoder.decode(target.flip(), ChunkCase.PLACE, times, found, 0);
            }
        });
        assertThat(bytes).isLessThan(samples.size() * 256L);
    }
}
