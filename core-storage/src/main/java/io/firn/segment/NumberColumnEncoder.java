package io.firn.segment;

import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects the numbers of a column and writes them in the order of differences that looks smallest.
 *
 * <p>Confined to one thread; used again for the next block after {@link #clear}.
 *
 * @see NumberColumn
 */
final class NumberColumnEncoder {
    private static final int FIRST_CAPACITY = 1024;
    private static final int MAX_VARINT_SIZE = 10;

    private final int maxOrder;
    private final ByteEntropy entropy;
    private long[] numbers = new long[FIRST_CAPACITY];
    private int count;

    /**
     * Creates an empty column.
     *
     * @param maxOrder how many times differences may be taken
     */
    NumberColumnEncoder(int maxOrder, ByteEntropy entropy) {
        this.maxOrder = maxOrder;
        this.entropy = entropy;
    }

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    void add(long number) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, count * 2);
        }
        numbers[count++] = number;
    }

    long first() {
        return numbers[0];
    }

    /** The column without its planes; {@code planesAt} is 0. */
    NumberColumn plan() {
        if (count == 0) {
            return new NumberColumn(0, 0, 0, 0, 0, 0, 0);
        }
        NumberColumn best = plan(0);
        double bestBits = bits(best);
        for (int order = 1; order <= Math.min(maxOrder, count - 1) && bestBits > 0; order++) {
            NumberColumn other = plan(order);
            double otherBits = bits(other);
            if (otherBits < bestBits) {
                best = other;
                bestBits = otherBits;
            }
        }
        return best;
    }

    private NumberColumn plan(int order) {
        long lowest = Long.MAX_VALUE;
        long highest = Long.MIN_VALUE;
        for (int i = order; i < count; i++) {
            long difference = difference(order, i);
            lowest = Math.min(lowest, difference);
            highest = Math.max(highest, difference);
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(highest - lowest);
        int width = (bits + Byte.SIZE - 1) / Byte.SIZE;
        return switch (order) {
            case 0 -> new NumberColumn(count, width, 0, lowest, 0, 0, 0);
            case 1 -> new NumberColumn(count, width, 1, lowest, numbers[0] - lowest, 0, 0);
            default -> {
                long first = numbers[1] - numbers[0] - lowest;
                yield new NumberColumn(count, width, 2, lowest, numbers[0] - first, first - lowest, 0);
            }
        };
    }

    private long difference(int order, int i) {
        return switch (order) {
            case 0 -> numbers[i];
            case 1 -> numbers[i] - numbers[i - 1];
            default -> numbers[i] - 2 * numbers[i - 1] + numbers[i - 2];
        };
    }

    /** What a number costs, about: the entropy of the planes of the first ones. */
    private double bits(NumberColumn plan) {
        int from = plan.order();
        int to = Math.min(count, from + ByteEntropy.MAX_SAMPLE);
        double sum = 0;
        for (int plane = 0; plane < plan.width(); plane++) {
            entropy.clear();
            for (int i = from; i < to; i++) {
                entropy.add((int) ((difference(from, i) - plan.base()) >>> (plane * Byte.SIZE)));
            }
            sum += entropy.bits();
        }
        return sum;
    }

    /** Most bytes that {@link #write} needs. */
    static long sizeBound(NumberColumn plan) {
        return 1 + 4L * MAX_VARINT_SIZE + (long) plan.width() * plan.count();
    }

    /** Writes the column as planned. */
    void write(NumberColumn plan, ByteBuffer target) {
        Varint.put(target, count);
        if (count == 0) {
            return;
        }
        target.put((byte) (plan.width() | (plan.order() << NumberColumn.WIDTH_BITS)));
        Varint.put(target, Varint.zigzag(plan.base()));
        if (plan.order() > 0) {
            Varint.put(target, Varint.zigzag(plan.start()));
        }
        if (plan.order() > 1) {
            Varint.put(target, Varint.zigzag(plan.startDelta()));
        }
        int at = target.position();
        for (int i = 0; i < count; i++) {
            long residual = i < plan.order() ? 0 : difference(plan.order(), i) - plan.base();
            for (int plane = 0; plane < plan.width(); plane++) {
                target.put(at + plane * count + i, (byte) (residual >>> (plane * Byte.SIZE)));
            }
        }
        target.position(at + plan.width() * count);
    }
}
