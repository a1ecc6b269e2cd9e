package io.firn.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Random numbers, the i-th most popular being drawn in proportion to 1 / i to the power of the skew. */
final class ZipfNumbers {
    private final double[] cumulated;
    private final int[] numbers;
    private final SplittableRandom random;

    /** The popularity of a number has nothing to do with its size; the same in every run. */
    ZipfNumbers(int count, double skew, long seed) {
        cumulated = new double[count];
        numbers = new int[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += 1 / Math.pow(i + 1, skew);
            cumulated[i] = sum;
            numbers[i] = i;
        }
        SplittableRandom shuffle = new SplittableRandom(1);
        for (int i = count - 1; i > 0; i--) {
            int other = shuffle.nextInt(i + 1);
            int swapped = numbers[i];
            numbers[i] = numbers[other];
            numbers[other] = swapped;
        }
        random = new SplittableRandom(seed);
    }

    int next() {
        double value = random.nextDouble() * cumulated[cumulated.length - 1];
        int found = Arrays.binarySearch(cumulated, value);
        return numbers[found >= 0 ? found : Math.min(cumulated.length - 1, -found - 1)];
    }
}
