package io.firn.segment;

import java.nio.ByteBuffer;

/**
 * Reads items that are stored as planes (the first byte of every item, the second byte of every item, and so on), eight
 * at a time and as numbers of which the first byte is the lowest.
 *
 * <p>Eight bytes of each plane are read at once and transposed, instead of one byte after the other. Confined to one
 * thread.
 */
final class PlaneMatrix {
    /** Items at a time, and most planes of a matrix. */
    static final int SIZE = Long.BYTES;

    private static final long LOW_HALVES = 0x0000_0000_FFFF_FFFFL;
    private static final long LOW_QUARTERS = 0x0000_FFFF_0000_FFFFL;
    private static final long LOW_EIGHTHS = 0x00FF_00FF_00FF_00FFL;

    private final long[] rows = new long[SIZE];

    /**
     * Reads items.
     *
     * @param source little-endian
     * @param at where the items' first bytes are
     * @param stride from a plane to the next one, bytes
     * @param planes bytes of an item, 1 to 8
     * @param count how many items, 1 to 8
     * @return the items; valid until the next call
     */
    long[] read(ByteBuffer source, int at, int stride, int planes, int count) {
        if (count < SIZE) {
            readBytes(source, at, stride, planes, count);
            return rows;
        }
        for (int k = 0; k < SIZE; k++) {
            rows[k] = k < planes ? source.getLong(at + k * stride) : 0;
        }
        transpose();
        return rows;
    }

    private void readBytes(ByteBuffer source, int at, int stride, int planes, int count) {
        for (int i = 0; i < count; i++) {
            long item = 0;
            for (int k = 0; k < planes; k++) {
                item |= (source.get(at + k * stride + i) & 0xFFL) << (k * Byte.SIZE);
            }
            rows[i] = item;
        }
    }

    /** Byte k of row i becomes byte i of row k. */
    private void transpose() {
        exchange(4, LOW_HALVES);
        exchange(2, LOW_QUARTERS);
        exchange(1, LOW_EIGHTHS);
    }

    /** Exchanges the upper part of a row with the lower part of the one at a distance, for all pairs of rows. */
    private void exchange(int distance, long lowParts) {
        int shift = distance * Byte.SIZE;
        for (int i = 0; i < SIZE; i++) {
            if ((i & distance) == 0) {
                long changed = (rows[i] >>> shift ^ rows[i + distance]) & lowParts;
                rows[i] ^= changed << shift;
                rows[i + distance] ^= changed;
            }
        }
    }
}
