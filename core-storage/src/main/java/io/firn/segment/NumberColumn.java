package io.firn.segment;

import io.firn.record.Varint;
import java.nio.ByteBuffer;

/**
 * A column of numbers as it stands in a columnar block:
 *
 * <pre>
 * varint count; unless it is 0:
 * u8 width (low four bits, 0 to 8) and order (high four bits, 0 to 2)
 * zz base; from order 1 on: zz start; with order 2: zz start of the differences
 * width planes of count bytes: the lowest byte of each residual, the second lowest, ...
 * </pre>
 *
 * A residual r is unsigned; the numbers are base + r with order 0, their differences with order 1 and the differences
 * of their differences with order 2, counted from the starts. All arithmetic wraps around in 64 bits.
 *
 * @param count numbers in the column
 * @param width bytes of a residual
 * @param order how many times differences were taken
 * @param base lowest residual
 * @param start what the first difference is added to
 * @param startDelta what the first difference of differences is added to
 * @param planesAt index of the first plane in the block
 */
record NumberColumn(int count, int width, int order, long base, long start, long startDelta, int planesAt) {
    static final int MAX_ORDER = 2;
    static final int WIDTH_BITS = 4;

    private static final int WIDTH_MASK = (1 << WIDTH_BITS) - 1;

    /**
     * Reads what stands before the planes and skips these.
     *
     * @throws IllegalArgumentException if it makes no sense
     */
    static NumberColumn parse(ByteBuffer source, int maxCount) {
        int count = SparseIndexCodec.boundedInt(source, maxCount, "count of a column");
        if (count == 0) {
            return new NumberColumn(0, 0, 0, 0, 0, 0, source.position());
        }
        if (!source.hasRemaining()) {
            throw new IllegalArgumentException("a column of " + count + " numbers is cut off");
        }
        int form = Byte.toUnsignedInt(source.get());
        int width = form & WIDTH_MASK;
        int order = form >>> WIDTH_BITS;
        if (width > Long.BYTES || order > MAX_ORDER) {
            throw new IllegalArgumentException("a column of form 0x" + Integer.toHexString(form));
        }
        long base = Varint.unzigzag(Varint.get(source));
        long start = order > 0 ? Varint.unzigzag(Varint.get(source)) : 0;
        long startDelta = order > 1 ? Varint.unzigzag(Varint.get(source)) : 0;
        int planesAt = source.position();
        long end = planesAt + (long) width * count;
        if (end > source.limit()) {
            throw new IllegalArgumentException("a column of " + count + " numbers is cut off");
        }
        source.position((int) end);
        return new NumberColumn(count, width, order, base, start, startDelta, planesAt);
    }

    /** Whether all numbers are {@link #base}. */
    boolean isConstant() {
        return width == 0 && order == 0;
    }

    /**
     * Decodes all numbers to ints at multiples of 4.
     *
     * @param source the block
     * @param target little-endian, with room for {@link #count} ints; not touched when the column is constant
     * @return their sum
     * @throws IllegalArgumentException if a number is not in 0..2^31 - 1
     */
    long decodeInts(ByteBuffer source, ByteBuffer target) {
        if (isConstant()) {
            checkInt(base);
            return base * count;
        }
        long keepValue = order > 0 ? -1 : 0;
        long keepDelta = order > 1 ? -1 : 0;
        long value = start;
        long delta = startDelta;
        long sum = 0;
        long bits = 0;
        for (int i = 0; i < count; i++) {
            delta = (delta & keepDelta) + base + residual(source, i);
            value = (value & keepValue) + delta;
            target.putInt(i * Integer.BYTES, (int) value);
            bits |= value;
            sum += value;
        }
        checkInt(bits);
        return sum;
    }

    private static void checkInt(long number) {
        if (number >>> (Integer.SIZE - 1) != 0) {
            throw new IllegalArgumentException("a column with a number that is no length");
        }
    }

    /**
     * Decodes all numbers into frames.
     *
     * @param source the block
     * @param frames where they go
     * @param starts where each frame starts, ints
     * @param offset of the number in a frame
     * @param size of the number in a frame, 4 or 8 bytes
     */
    void decodeInto(ByteBuffer source, ByteBuffer frames, ByteBuffer starts, int offset, int size) {
        long keepValue = order > 0 ? -1 : 0;
        long keepDelta = order > 1 ? -1 : 0;
        long value = start;
        long delta = startDelta;
        for (int i = 0; i < count; i++) {
            delta = (delta & keepDelta) + base + residual(source, i);
            value = (value & keepValue) + delta;
            int at = starts.getInt(i * Integer.BYTES) + offset;
            if (size == Long.BYTES) {
                frames.putLong(at, value);
            } else {
                frames.putInt(at, (int) value);
            }
        }
    }

    private long residual(ByteBuffer source, int i) {
        int at = planesAt + i;
        return switch (width) {
            case 0 -> 0;
            case 1 -> source.get(at) & 0xFF;
            case 2 -> (source.get(at) & 0xFF) | ((source.get(at + count) & 0xFF) << 8);
            case 3 ->
                (source.get(at) & 0xFF)
                        | ((source.get(at + count) & 0xFF) << 8)
                        | ((source.get(at + 2 * count) & 0xFF) << 16);
            default -> wideResidual(source, at);
        };
    }

    private long wideResidual(ByteBuffer source, int index) {
        long residual = BytePlanes.four(source, index, count);
        for (int k = 4, at = index + 4 * count; k < width; k++, at += count) {
            residual |= (source.get(at) & 0xFFL) << (k * Byte.SIZE);
        }
        return residual;
    }
}
