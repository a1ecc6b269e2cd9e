package io.firn.segment;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Decodes a column of numbers, some at a time. Confined to one thread. */
final class NumberDecoder {
    private static final int QUAD = 4;

    private final NumberColumn column;
    private final ByteBuffer source;
    private long value;
    private long delta;
    private int next;

    /**
     * Begins at the first number.
     *
     * @param source the block
     */
    NumberDecoder(NumberColumn column, ByteBuffer source) {
        this.column = column;
        this.source = source;
        this.value = column.start();
        this.delta = column.startDelta();
    }

    /**
     * Decodes the next numbers.
     *
     * @param numbers where they go, from its beginning
     * @param count how many, at most the array's length and what is left
     */
    void next(long[] numbers, int count) {
        if (column.isConstant()) {
            Arrays.fill(numbers, 0, count, column.base());
        } else {
            decodeResiduals(column.planesAt() + next, numbers, count);
            addUp(numbers, count);
        }
        next += count;
    }

    private void addUp(long[] numbers, int count) {
        long base = column.base();
        switch (column.order()) {
            case 0 -> {
                for (int i = 0; i < count; i++) {
                    numbers[i] += base;
                }
            }
            case 1 -> {
                long last = value;
                for (int i = 0; i < count; i++) {
                    last += base + numbers[i];
                    numbers[i] = last;
                }
                value = last;
            }
            default -> addUpTwice(numbers, count);
        }
    }

    private void addUpTwice(long[] numbers, int count) {
        long base = column.base();
        long lastDelta = delta;
        long last = value;
        for (int i = 0; i < count; i++) {
            lastDelta += base + numbers[i];
            last += lastDelta;
            numbers[i] = last;
        }
        delta = lastDelta;
        value = last;
    }

    /** The lowest planes at once; wide numbers are rare. */
    private void decodeResiduals(int at, long[] numbers, int count) {
        int stride = column.count();
        int width = column.width();
        int first = Math.min(width, QUAD);
        for (int i = 0; i < count; i++) {
            numbers[i] = lowest(at + i, stride, first);
        }
        for (int k = first; k < width; k++) {
            int plane = at + k * stride;
            int shift = k * Byte.SIZE;
            for (int i = 0; i < count; i++) {
                numbers[i] |= (source.get(plane + i) & 0xFFL) << shift;
            }
        }
    }

    private long lowest(int at, int stride, int planes) {
        return switch (planes) {
            case 0 -> 0;
            case 1 -> source.get(at) & 0xFF;
            case 2 -> (source.get(at) & 0xFF) | ((source.get(at + stride) & 0xFF) << Byte.SIZE);
            case 3 ->
                (source.get(at) & 0xFF)
                        | ((source.get(at + stride) & 0xFF) << Byte.SIZE)
                        | ((source.get(at + 2 * stride) & 0xFF) << Short.SIZE);
            default -> four(at, stride);
        };
    }

    private long four(int at, int stride) {
        int second = at + stride;
        int third = second + stride;
        int bytes = (source.get(at) & 0xFF)
                | ((source.get(second) & 0xFF) << 8)
                | ((source.get(third) & 0xFF) << 16)
                | (source.get(third + stride) << 24);
        return bytes & 0xFFFF_FFFFL;
    }
}
