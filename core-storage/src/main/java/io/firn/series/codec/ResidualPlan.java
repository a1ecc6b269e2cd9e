package io.firn.series.codec;

import java.util.Arrays;

/**
 * How some numbers are packed smallest: as distances from a base in a fixed width, with the few that do not fit patched
 * (frame of reference with patches: Zukowski et al., "Super-Scalar RAM-CPU Cache Compression", ICDE 2006).
 *
 * <p>Of numbers that lie close together the best base and width are found by counting. Of others two bases are tried:
 * the least number, which wins when nothing or only high numbers stick out, and one below a typical number, which wins
 * when low ones do. Confined to one thread.
 */
final class ResidualPlan {
    private static final int TYPICAL_CANDIDATES = 9;
    private static final int PATCH_POSITION_BITS = 8;
    private static final int VARINT_PAYLOAD_BITS = 7;

    /** Numbers whose distances are all below this are counted one by one. */
    private static final int NARROW = 1 << 10;

    private final int[] below = new int[NARROW + 1];
    private final int[] histogram = new int[Long.SIZE + 1];
    private final int[] lengths = new int[Long.SIZE + 1];
    private final long[] candidates = new long[TYPICAL_CANDIDATES];
    private long base;
    private int width;
    private long sizeBits;

    /** What is subtracted from every number, modulo 2^64. */
    long base() {
        return base;
    }

    /** Bits of a packed distance, 0 to 64. */
    int width() {
        return width;
    }

    /** About how many bits the packed distances and the patches take. */
    long sizeBits() {
        return sizeBits;
    }

    /** Plans for the first {@code count} numbers, at least one. */
    void plan(long[] numbers, int count) {
        long least = numbers[0];
        long most = numbers[0];
        for (int i = 1; i < count; i++) {
            least = Math.min(least, numbers[i]);
            most = Math.max(most, numbers[i]);
        }
        if (Long.compareUnsigned(most - least, NARROW) < 0) {
            planNarrow(numbers, count, least, (int) (most - least));
            return;
        }
        planFromLeast(numbers, count, least);
        if (width > 1) {
            long leastBase = base;
            int leastWidth = width;
            long leastBits = sizeBits;
            planAroundTypical(numbers, count);
            if (leastBits <= sizeBits) {
                base = leastBase;
                width = leastWidth;
                sizeBits = leastBits;
            }
        }
    }

    /** For each width, the window of values that holds the most numbers. */
    private void planNarrow(long[] numbers, int count, long least, int range) {
        countBelow(numbers, count, least, range);
        int longest = BitPacking.bitLength(range);
        base = least;
        width = longest;
        sizeBits = (long) width * count;
        for (int tried = longest - 1; tried >= 0; tried--) {
            int window = 1 << tried;
            int windows = range + 2 - window;
            int most = 0;
            for (int from = 0; from < windows; from++) {
                most = Math.max(most, below[from + window] - below[from]);
            }
            long bits = (long) tried * count + (long) (count - most) * patchBits(longest - tried);
            if (bits < sizeBits) {
                base = least + firstWindow(window, most);
                width = tried;
                sizeBits = bits;
            }
        }
    }

    private int firstWindow(int window, int numbers) {
        int from = 0;
        while (below[from + window] - below[from] != numbers) {
            from++;
        }
        return from;
    }

    /** Counts for each distance the numbers below it. */
    private void countBelow(long[] numbers, int count, long least, int range) {
        Arrays.fill(below, 0, range + 2, 0);
        for (int i = 0; i < count; i++) {
            below[(int) (numbers[i] - least) + 1]++;
        }
        for (int distance = 1; distance <= range + 1; distance++) {
            below[distance] += below[distance - 1];
        }
    }

    private void planFromLeast(long[] numbers, int count, long least) {
        Arrays.fill(histogram, 0);
        for (int i = 0; i < count; i++) {
            histogram[BitPacking.bitLength(numbers[i] - least)]++;
        }
        base = least;
        chooseWidth(count);
    }

    private void planAroundTypical(long[] numbers, int count) {
        long typical = typical(numbers, count);
        Arrays.fill(histogram, 0);
        for (int i = 0; i < count; i++) {
            long distance = numbers[i] - typical;
            histogram[BitPacking.bitLength((distance << 1) ^ (distance >> (Long.SIZE - 1)))]++;
        }
        chooseWidth(count);
        if (width == Long.SIZE) {
            base = 0;
            return;
        }
        base = width == 0 ? typical : typical - (1L << (width - 1));
        tighten(numbers, count);
    }

    /** The base moves up to the least number that fits; fewer bits may do then. */
    private void tighten(long[] numbers, int count) {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < count; i++) {
            long distance = numbers[i] - base;
            if (distance >> width == 0) {
                least = Math.min(least, distance);
                most = Math.max(most, distance);
            }
        }
        if (least <= most) {
            int tight = BitPacking.bitLength(most - least);
            base += least;
            sizeBits -= (long) (width - tight) * count;
            width = tight;
        }
    }

    private long typical(long[] numbers, int count) {
        for (int i = 0; i < TYPICAL_CANDIDATES; i++) {
            candidates[i] = numbers[(int) ((long) i * (count - 1) / (TYPICAL_CANDIDATES - 1))];
        }
        Arrays.sort(candidates);
        return candidates[TYPICAL_CANDIDATES / 2];
    }

    /** The best width is the length of some number, or 0: between two lengths, bits are spent for nobody. */
    private void chooseWidth(int count) {
        int kinds = 0;
        for (int length = 0; length <= Long.SIZE; length++) {
            if (histogram[length] > 0) {
                lengths[kinds++] = length;
            }
        }
        sizeBits = Long.MAX_VALUE;
        for (int i = kinds - 1; i >= -1; i--) {
            int tried = i < 0 ? 0 : lengths[i];
            long bits = (long) tried * count;
            for (int k = i + 1; k < kinds; k++) {
                bits += (long) histogram[lengths[k]] * patchBits(lengths[k] - tried);
            }
            if (bits < sizeBits) {
                sizeBits = bits;
                width = tried;
            }
        }
    }

    private static int patchBits(int highBits) {
        int bytes = (highBits + 1 + VARINT_PAYLOAD_BITS - 1) / VARINT_PAYLOAD_BITS;
        return PATCH_POSITION_BITS + bytes * Byte.SIZE;
    }
}
