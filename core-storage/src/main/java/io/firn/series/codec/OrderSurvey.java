package io.firn.series.codec;

import io.firn.record.Varint;

/**
 * Estimates from a few pairs of numbers, half of all apart, which orders of differences may take the fewest bits, so
 * that the others need not be planned. Wrong estimates cost size, never correctness. Confined to one thread.
 */
final class OrderSurvey {
    private static final int PAIRS = 48;
    /** An order that is estimated this much worse, a third of a bit for each number, is not tried. */
    private static final int MARGIN_BITS = PAIRS / 3;

    private final int[] bits = new int[IntegerVector.MAX_ORDER + 1];
    private int least;

    /** Looks at the first {@code count} numbers, at least twice as many as pairs. */
    void look(long[] numbers, int count, int highestOrder) {
        int half = (count - highestOrder) / 2;
        least = Integer.MAX_VALUE;
        for (int order = 0; order <= highestOrder; order++) {
            int sum = 0;
            for (int pair = 0; pair < PAIRS; pair++) {
                int at = (int) ((long) pair * half / PAIRS);
                long distance = difference(numbers, at, order) - difference(numbers, at + half, order);
                sum += BitPacking.bitLength(Varint.zigzag(distance));
            }
            bits[order] = sum;
            least = Math.min(least, sum);
        }
    }

    /** Whether an order may be the best. */
    boolean mayWin(int order) {
        return bits[order] <= least + MARGIN_BITS;
    }

    private static long difference(long[] numbers, int at, int order) {
        return switch (order) {
            case 0 -> numbers[at];
            case 1 -> numbers[at + 1] - numbers[at];
            default -> numbers[at + 2] - 2 * numbers[at + 1] + numbers[at];
        };
    }
}
