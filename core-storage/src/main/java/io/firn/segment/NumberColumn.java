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
}
