package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.Randomized;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ChunkRandomTest {
    private final ChunkDecoder decoder = new ChunkDecoder();

    @Test
    void mixedSamplesOfAnyKindComeBackThroughAnyCodec() {
        Randomized.forAll(2_000, random -> {
            int count = random.nextInt(ChunkFormat.MAX_SAMPLES + 1);
            ChunkCase one = new ChunkCase(mixedTimestamps(random, count), mixedValues(random, count));
            one.assertComesBackFrom(
                    one.encode(new ChunkOptions(
                            ChunkCase.any(random, TimestampCodec.values()),
                            ChunkCase.any(random, ValueCodec.values()),
                            random.nextInt(2_000))),
                    decoder);
        });
    }

    @Test
    void integersOfAnyMagnitudeComeBackAndNothingIsLeft() {
        IntegerVector vector = new IntegerVector(ChunkFormat.MAX_SAMPLES);
        ByteSink sink = new ByteSink(0);
        ByteSource source = new ByteSource(ChunkCase.PLACE);
        long[] found = new long[ChunkFormat.MAX_SAMPLES];
        Randomized.forAll(5_000, random -> {
            long[] numbers = numbers(random);
            sink.resize(0);
            vector.encode(numbers, numbers.length, sink);
            source.copy(ByteBuffer.wrap(sink.array()), 0, sink.size(), ChunkCase.PLACE);
            vector.decode(source, numbers.length, found);
            source.expectEnd("the integers");
            assertThat(Arrays.copyOf(found, numbers.length)).isEqualTo(numbers);
        });
    }

    @Test
    void numbersOfEveryWidthComeBackFromTheirBits() {
        ByteSink sink = new ByteSink(0);
        ByteSource source = new ByteSource(ChunkCase.PLACE);
        long[] found = new long[130];
        for (int width = 0; width <= Long.SIZE; width++) {
            for (int count : new int[] {0, 1, 2, 63, 64, 65, 127, 128, 130}) {
                long[] numbers = new long[count];
                Arrays.setAll(numbers, i -> 0x9E37_79B9_7F4A_7C15L * (i + 1));
                sink.resize(0);
                sink.octet(count);
                BitPacking.pack(numbers, count, width, sink);
                assertThat(sink.size()).isEqualTo(1 + (count * width + 7) / 8);
                source.copy(
                        ByteBuffer.wrap(sink.array()).order(ByteOrder.LITTLE_ENDIAN), 0, sink.size(), ChunkCase.PLACE);
                source.take(1);
                BitPacking.unpack(source, count, width, found);
                for (int i = 0; i < count; i++) {
                    assertThat(found[i]).isEqualTo(numbers[i] & BitPacking.mask(width));
                }
            }
        }
    }

    private static long[] numbers(RandomGenerator random) {
        long[] numbers = new long[random.nextInt(1, 300)];
        int bits = random.nextInt(1, 65);
        long divisor = random.nextInt(3) == 0 ? random.nextInt(1, 1_000_000) : 1;
        long number = random.nextLong() >> random.nextInt(64);
        for (int i = 0; i < numbers.length; i++) {
            long step = random.nextLong() >> (64 - bits);
            boolean sticksOut = random.nextInt(30) == 0;
            number = random.nextInt(4) == 0 ? number + step * divisor : number + divisor;
            numbers[i] = sticksOut ? random.nextLong() >> random.nextInt(64) : number;
        }
        return numbers;
    }

    private static long[] mixedTimestamps(RandomGenerator random, int count) {
        long[] mixed = ChunkCase.any(random, TimestampFamily.values()).timestamps(random, count);
        if (random.nextInt(3) == 0) {
            long[] other = ChunkCase.any(random, TimestampFamily.values()).timestamps(random, count);
            int from = random.nextInt(count + 1);
            System.arraycopy(other, from, mixed, from, count - from);
        }
        return mixed;
    }

    private static double[] mixedValues(RandomGenerator random, int count) {
        double[] mixed = ChunkCase.any(random, ValueFamily.values()).values(random, count);
        while (random.nextInt(3) == 0) {
            double[] other = ChunkCase.any(random, ValueFamily.values()).values(random, count);
            int from = random.nextInt(count + 1);
            int length = random.nextInt(count - from + 1);
            System.arraycopy(other, from, mixed, from, length);
        }
        return mixed;
    }
}
