package io.firn.segment;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A decoded column of numbers in 0..2^31 - 1, taken one after another. Confined to one thread. */
final class IntColumn {
    private final @Nullable ByteBuffer ints;
    private final int constant;
    private final int count;
    private final long sum;
    private int used;

    private IntColumn(@Nullable ByteBuffer ints, int constant, int count, long sum) {
        this.ints = ints;
        this.constant = constant;
        this.count = count;
        this.sum = sum;
    }

    /**
     * Decodes a column.
     *
     * @param room where its numbers may be put
     * @throws IllegalArgumentException if a number is out of range
     */
    static IntColumn decode(NumberColumn column, ByteBuffer block, ByteBuffer room) {
        long sum = column.decodeInts(block, room);
        return new IntColumn(column.isConstant() ? null : room, (int) column.base(), column.count(), sum);
    }

    long sum() {
        return sum;
    }

    boolean isUsedUp() {
        return used == count;
    }

    /** The next number. */
    int next() {
        int index = used;
        if (index == count) {
            throw new IllegalArgumentException("a column of only " + count + " numbers");
        }
        used = index + 1;
        return ints == null ? constant : ints.getInt(index * Integer.BYTES);
    }

    /** A number by its index, below the count. */
    int at(int index) {
        return ints == null ? constant : ints.getInt(index * Integer.BYTES);
    }
}
