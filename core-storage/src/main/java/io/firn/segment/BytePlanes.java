package io.firn.segment;

import java.nio.ByteBuffer;

/**
 * Items of one length, stored as planes: the first byte of every item, then the second byte of every item, and so on. A
 * plane holds the bytes themselves or, where its bit in the mask is set, their differences to the item before (modulo
 * 256, before the first item: 0).
 *
 * <p>A decoder of them puts items into frames, some items at a time. Confined to one thread.
 */
final class BytePlanes {
    private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;
    private static final long HIGH_BITS = ~LOW_BITS;

    private final ByteBuffer source;
    private final int planesAt;
    private final Items items;
    /** Of each group of eight planes the bytes of the item before. */
    private final long[] before;

    private final PlaneMatrix matrix = new PlaneMatrix();
    private int next;

    /**
     * Begins at the first item.
     *
     * @param source the block
     * @param planesAt index of the first plane
     * @param items how many and how long
     */
    BytePlanes(ByteBuffer source, int planesAt, Items items) {
        this.source = source;
        this.planesAt = planesAt;
        this.items = items;
        this.before = new long[(items.length() + PlaneMatrix.SIZE - 1) / PlaneMatrix.SIZE];
    }

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
            for (int k = 0; k < PlaneMatrix.SIZE; k++) {
                long ones = -((deltas >>> (firstPlane + k)) & 1) & 0xFF;
                mask |= ones << (k * Byte.SIZE);
            }
            return mask;
        }
    }

    /**
     * Puts the next items into frames.
     *
     * @param frames where they go
     * @param ends for each of them where it ends in {@code frames}
     * @param count how many, at most what is left
     */
    void decode(ByteBuffer frames, int[] ends, int count) {
        for (int group = 0; group < before.length; group++) {
            decodeGroup(group, frames, ends, count);
        }
        next += count;
    }

    private void decodeGroup(int group, ByteBuffer frames, int[] ends, int count) {
        int first = group * PlaneMatrix.SIZE;
        int at = planesAt + first * items.count() + next;
        int behind = items.length() - first;
        int planes = Math.min(PlaneMatrix.SIZE, behind);
        long mask = items.deltaMask(first);
        long last = before[group];
        for (int from = 0; from < count; from += PlaneMatrix.SIZE) {
            int some = Math.min(PlaneMatrix.SIZE, count - from);
            long[] bytes = matrix.read(source, at + from, items.count(), planes, some);
            for (int i = 0; i < some; i++) {
                last = add(last & mask, bytes[i]);
                put(frames, ends[from + i] - behind, last, planes);
            }
        }
        before[group] = last;
    }

    private static void put(ByteBuffer frames, int target, long bytes, int count) {
        if (count == PlaneMatrix.SIZE) {
            frames.putLong(target, bytes);
            return;
        }
        for (int k = 0; k < count; k++) {
            frames.put(target + k, (byte) (bytes >>> (k * Byte.SIZE)));
        }
    }

    /** Adds eight pairs of bytes, each modulo 256. */
    private static long add(long left, long right) {
        return ((left & LOW_BITS) + (right & LOW_BITS)) ^ ((left ^ right) & HIGH_BITS);
    }
}
