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
    private static final int GROUP = Long.BYTES;
    private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;
    private static final long HIGH_BITS = ~LOW_BITS;

    private final ByteBuffer source;
    private final int planesAt;
    private final Items items;
    /** Of each group of eight planes the bytes of the item before. */
    private final long[] before;

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
        this.before = new long[(items.length() + GROUP - 1) / GROUP];
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
     * Puts the next items into frames.
     *
     * @param frames where they go
     * @param ends for each of them where it ends in {@code frames}
     * @param count how many, at most what is left
     */
    void decode(ByteBuffer frames, int[] ends, int count) {
        for (int group = 0; group < before.length; group++) {
            int first = group * GROUP;
            int at = planesAt + first * items.count() + next;
            int behind = items.length() - first;
            if (behind >= GROUP) {
                decodeGroup(at, group, frames, ends, count);
            } else {
                decodeRest(at, group, frames, ends, count);
            }
        }
        next += count;
    }

    private void decodeGroup(int at, int group, ByteBuffer frames, int[] ends, int count) {
        int stride = items.count();
        int upper = at + 4 * stride;
        int behind = items.length() - group * GROUP;
        long mask = items.deltaMask(group * GROUP);
        long last = before[group];
        for (int i = 0; i < count; i++) {
            long bytes = four(source, at + i, stride) | (four(source, upper + i, stride) << Integer.SIZE);
            last = add(last & mask, bytes);
            frames.putLong(ends[i] - behind, last);
        }
        before[group] = last;
    }

    private void decodeRest(int at, int group, ByteBuffer frames, int[] ends, int count) {
        int stride = items.count();
        int length = items.length() - group * GROUP;
        long mask = items.deltaMask(group * GROUP);
        long last = before[group];
        for (int i = 0; i < count; i++) {
            long bytes = 0;
            for (int k = 0, plane = at + i; k < length; k++, plane += stride) {
                bytes |= (source.get(plane) & 0xFFL) << (k * Byte.SIZE);
            }
            last = add(last & mask, bytes);
            putLow(frames, ends[i] - length, last, length);
        }
        before[group] = last;
    }

    private static void putLow(ByteBuffer frames, int target, long bytes, int length) {
        long rest = bytes;
        for (int k = 0; k < length; k++) {
            frames.put(target + k, (byte) rest);
            rest >>>= Byte.SIZE;
        }
    }

    /** Adds eight pairs of bytes, each modulo 256. */
    private static long add(long left, long right) {
        return ((left & LOW_BITS) + (right & LOW_BITS)) ^ ((left ^ right) & HIGH_BITS);
    }
}
