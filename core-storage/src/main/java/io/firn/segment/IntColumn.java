package io.firn.segment;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A column of numbers in 0..2^31 - 1, decoded while they are taken one after another. Confined to one thread. */
final class IntColumn {
    private final NumberDecoder decoder;
    /** Shared by the columns of a block. */
    private final long[] scratch;
    /** Those that are decoded; none when all numbers are the same. */
    private final int @Nullable [] ints;

    private final int constant;
    private final int count;
    private int decoded;
    private int position;
    private int limit;

    /**
     * Begins at the first number.
     *
     * @param block where the column stands
     * @param scratch for the time of a call; as many numbers as it holds are decoded at once
     * @throws IllegalArgumentException if all are the same number, and it is out of range
     */
    IntColumn(NumberColumn column, ByteBuffer block, long[] scratch) {
        this.decoder = new NumberDecoder(column, block);
        this.scratch = scratch;
        this.count = column.count();
        this.ints = column.isConstant() ? null : new int[Math.min(scratch.length, count)];
        this.constant = (int) column.base();
        if (column.isConstant()) {
            checkInt(column.base());
        }
    }

    boolean isUsedUp() {
        return decoded == count && position == limit;
    }

    /**
     * The next number.
     *
     * @throws IllegalArgumentException if there is none, or if it is out of range
     */
    int next() {
        if (position == limit) {
            decodeMore();
        }
        int index = position++;
        return ints == null ? constant : ints[index];
    }

    private void decodeMore() {
        if (decoded == count) {
            throw new IllegalArgumentException("a column of only " + count + " numbers");
        }
        limit = ints == null ? count : decode(ints);
        decoded += limit;
        position = 0;
    }

    private int decode(int[] target) {
        int more = Math.min(target.length, count - decoded);
        decoder.next(scratch, more);
        long bits = 0;
        for (int i = 0; i < more; i++) {
            bits |= scratch[i];
            target[i] = (int) scratch[i];
        }
        checkInt(bits);
        return more;
    }

    private static void checkInt(long number) {
        if (number >>> (Integer.SIZE - 1) != 0) {
            throw new IllegalArgumentException("a column with a number that is no length");
        }
    }
}
