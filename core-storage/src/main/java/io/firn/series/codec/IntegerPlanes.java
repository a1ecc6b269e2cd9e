package io.firn.series.codec;

import io.firn.record.Varint;

/**
 * Integers for a general compressor: differences of the order that makes them shortest, the first being its own, in
 * zigzag form and as byte planes.
 *
 * <pre>
 * u8 order, 0 to 2
 * u8 width, 0 to 8
 * width planes of one byte for each integer
 * </pre>
 *
 * Confined to one thread.
 */
final class IntegerPlanes {
    private static final int MAX_ORDER = 2;

    private final long[][] orders;

    IntegerPlanes(int maxCount) {
        orders = new long[MAX_ORDER + 1][maxCount];
    }

    /** Appends the integers. */
    void put(long[] integers, int count, ByteSink sink) {
        System.arraycopy(integers, 0, orders[0], 0, count);
        int best = 0;
        long least = lengthOf(orders[0], count);
        for (int order = 1; order <= MAX_ORDER; order++) {
            long previous = 0;
            for (int i = 0; i < count; i++) {
                orders[order][i] = orders[order - 1][i] - previous;
                previous = orders[order - 1][i];
            }
            long length = lengthOf(orders[order], count);
            if (length < least) {
                least = length;
                best = order;
            }
        }
        long all = 0;
        for (int i = 0; i < count; i++) {
            orders[best][i] = Varint.zigzag(orders[best][i]);
            all |= orders[best][i];
        }
        int width = (BitPacking.bitLength(all) + Byte.SIZE - 1) / Byte.SIZE;
        sink.octet(best);
        sink.octet(width);
        BytePlanes.put(orders[best], count, width, sink);
    }

    private static long lengthOf(long[] integers, int count) {
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits += BitPacking.bitLength(Varint.zigzag(integers[i]));
        }
        return bits;
    }

    /** Takes {@code count} integers. */
    static void take(ByteSource source, int count, long[] target) {
        int order = source.octet();
        int width = source.octet();
        if (order > MAX_ORDER || width > Long.BYTES) {
            throw source.corrupt("integer planes of order " + order + " and width " + width);
        }
        BytePlanes.take(source, count, width, target);
        for (int i = 0; i < count; i++) {
            target[i] = Varint.unzigzag(target[i]);
        }
        for (int taken = 0; taken < order; taken++) {
            for (int i = 1; i < count; i++) {
                target[i] += target[i - 1];
            }
        }
    }
}
