package io.firn.series.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.Randomized;
import java.math.BigInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LongOrderTest {
    private static final long MIN = Long.MIN_VALUE;
    private static final long MAX = Long.MAX_VALUE;

    private static boolean rises(long least, long... numbers) {
        return LongOrder.isRisingStride(numbers, 0, numbers.length, least);
    }

    @Test
    void aStrideRisesByTheSameEachTime() {
        assertThat(rises(1, 5)).isTrue();
        assertThat(rises(1, 5, 15, 25, 35)).isTrue();
        assertThat(rises(1, 5, 15, 26, 35)).isFalse();
        assertThat(rises(0, 5, 5, 5)).isTrue();
        assertThat(rises(1, 5, 5, 5)).isFalse();
        assertThat(rises(0, 5, 4, 3)).isFalse();
        assertThat(LongOrder.isRisingStride(new long[] {9, 1, 2, 3, 9}, 1, 4, 1))
                .isTrue();
    }

    @Test
    void aStrideThatWrapsDoesNotRise() {
        long quarter = 1L << 62;
        assertThat(rises(0, 0, quarter, 2 * quarter, 3 * quarter, 4 * quarter)).isFalse();
        assertThat(rises(0, MAX - 1, MAX, MIN)).isFalse();
        assertThat(rises(0, MIN, 0, MAX)).isFalse();
        assertThat(rises(0, -quarter, 0, quarter - 1)).isFalse();
        assertThat(rises(0, -quarter, -1, quarter - 2)).isTrue();
        assertThat(rises(0, MIN, -1, MAX - 1)).as("a range that is no long").isTrue();
        assertThat(rises(0, MIN, MAX)).as("a distance that is no long").isFalse();
    }

    @Test
    void whatRisesIsAStrideAndInOrder() {
        Randomized.forAll(2_000, random -> {
            long[] numbers = numbers(random);
            boolean expected = true;
            for (int i = 1; i < numbers.length; i++) {
                expected &= distance(numbers, i).equals(distance(numbers, 1)) && numbers[i] >= numbers[i - 1];
            }
            boolean known = numbers.length < 2 || distance(numbers, 1).bitLength() < Long.SIZE;
            assertThat(rises(0, numbers)).isEqualTo(expected && known);
        });
    }

    private static BigInteger distance(long[] numbers, int at) {
        return BigInteger.valueOf(numbers[at]).subtract(BigInteger.valueOf(numbers[at - 1]));
    }

    private static long[] numbers(RandomGenerator random) {
        long[] numbers = new long[1 + random.nextInt(6)];
        long distance = random.nextLong() >> random.nextInt(Long.SIZE);
        numbers[0] = random.nextLong() >> random.nextInt(Long.SIZE);
        for (int i = 1; i < numbers.length; i++) {
            numbers[i] = numbers[i - 1] + distance;
        }
        if (random.nextInt(3) == 0) {
            numbers[random.nextInt(numbers.length)] += random.nextInt(3);
        }
        return numbers;
    }
}
