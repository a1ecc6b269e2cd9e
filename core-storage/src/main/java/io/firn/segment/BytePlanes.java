package io.firn.segment;

import java.nio.ByteBuffer;

/**
 * Items of one length, stored as planes: the first byte of every item, then the second byte of every item, and so on. A
 * plane holds the bytes themselves or, where its bit in the mask is set, their differences to the item before (modulo
 * 256, before the first item: 0). Thread-safe: no state.
 */
final class BytePlanes {
    private static final int GROUP = Long.BYTES;
    private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;
    private static final long HIGH_BITS = ~LOW_BITS;

    private BytePlanes() {}

    /**
     * What the planes hold.
     *
     * @param count how many items
     * @param length bytes of each, 1 to 64
     * @param deltas bit k: plane k holds differences
     */
    record Items(int count, int length, long deltas) {
        /** A byte of ones for each of eight planes, from a given one on, that holds differences. */
        long deltaMask(int firstPlane) {
            long mask = 0;
            for (int k = 0; k < GROUP; k++) {
                long ones = -((deltas >>> (firstPlane + k)) & 1) & 0xFF;
                mask |= ones << (k * Byte.SIZE);
            }
            return mask;
        }
    }

    /** The bytes of one item in four planes that stand {@code count} apart, as an unsigned number. */
    static long four(ByteBuffer source, int at, int count) {
        int second = at + count;
        int third = second + count;
        int bytes = (source.get(at) & 0xFF)
                | ((source.get(second) & 0xFF) << 8)
                | ((source.get(third) & 0xFF) << 16)
                | (source.get(third + count) << 24);
        return bytes & 0xFFFF_FFFFL;
    }

    /**
     * Puts all items into frames.
     *
     * @param source the block
     * @param planesAt index of the first plane
     * @param items how many and how long
     * @param frames where they go
     * @param ends for each item where it ends in {@code frames}, ints
     */
    static void decode(ByteBuffer source, int planesAt, Items items, ByteBuffer frames, ByteBuffer ends) {
        for (int first = 0; first < items.length(); first += GROUP) {
            int planes = planesAt + first * items.count();
            int behind = items.length() - first;
            long mask = items.deltaMask(first);
            if (behind >= GROUP) {
                decodeGroup(source, planes, items.count(), mask, frames, ends, behind);
            } else {
                decodeRest(source, planes, items.count(), mask, frames, ends, behind);
            }
        }
    }

    private static void decodeGroup(
            ByteBuffer source, int planes, int count, long mask, ByteBuffer frames, ByteBuffer ends, int behind) {
        int upper = planes + 4 * count;
        long before = 0;
        for (int i = 0; i < count; i++) {
            long bytes = four(source, planes + i, count) | (four(source, upper + i, count) << Integer.SIZE);
            before = add(before & mask, bytes);
            frames.putLong(ends.getInt(i * Integer.BYTES) - behind, before);
        }
    }

    private static void decodeRest(
            ByteBuffer source, int planes, int count, long mask, ByteBuffer frames, ByteBuffer ends, int length) {
        long before = 0;
        for (int i = 0; i < count; i++) {
            long bytes = 0;
            for (int k = 0, at = planes + i; k < length; k++, at += count) {
                bytes |= (source.get(at) & 0xFFL) << (k * Byte.SIZE);
            }
            before = add(before & mask, bytes);
            int target = ends.getInt(i * Integer.BYTES) - length;
            long rest = before;
            for (int k = 0; k < length; k++) {
                frames.put(target + k, (byte) rest);
                rest >>>= Byte.SIZE;
            }
        }
    }

    /** Adds eight pairs of bytes, each modulo 256. */
    private static long add(long left, long right) {
        return ((left & LOW_BITS) + (right & LOW_BITS)) ^ ((left ^ right) & HIGH_BITS);
    }
}
