package io.firn.cache;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Random block numbers, number i being drawn in proportion to 1 / (i + 1) to the power of the skew. */
final class ZipfBlocks {
    private final double[] cumulated;
    private final SplittableRandom random;

    ZipfBlocks(int blocks, double skew, long seed) {
        cumulated = new double[blocks];
        double sum = 0;
        for (int i = 0; i < blocks; i++) {
            sum += 1 / Math.pow(i + 1, skew);
            cumulated[i] = sum;
        }
        random = new SplittableRandom(seed);
    }

    int next() {
        double value = random.nextDouble() * cumulated[cumulated.length - 1];
        int found = Arrays.binarySearch(cumulated, value);
        return found >= 0 ? found : Math.min(cumulated.length - 1, -found - 1);
    }
}
