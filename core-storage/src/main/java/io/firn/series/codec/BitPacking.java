package io.firn.series.codec;

import java.util.Arrays;

/**
 * Numbers of one width, one behind the other: the lowest bit of the first number is the lowest bit of the first byte.
 *
 * <p>Thread-safe: no state.
 */
final class BitPacking {
    /** A word loaded at a byte has at least this many bits of a number that starts within the byte. */
    private static final int BITS_OF_ONE_LOAD = Long.SIZE - Byte.SIZE + 1;

    private BitPacking() {}

    /** Bytes that {@code count} numbers of {@code width} bits take. */
    static int sizeOf(int count, int width) {
        return (count * width + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** All ones in the lowest {@code width} bits, 0 to 64. */
    static long mask(int width) {
        return width == 0 ? 0 : -1L >>> (Long.SIZE - width);
    }

    /** Bits of a number that is taken as unsigned, 0 to 64. */
    static int bitLength(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value);
    }

    /** Appends the lowest {@code width} bits, 0 to 64, of the numbers. */
    static void pack(long[] numbers, int count, int width, ByteSink sink) {
        int size = sizeOf(count, width);
        sink.reserve(size);
        byte[] target = sink.array();
        int at = sink.size();
        sink.resize(at + size);
        long mask = mask(width);
        long word = 0;
        int filled = 0;
        for (int i = 0; i < count; i++) {
            long number = numbers[i] & mask;
            word |= number << filled;
            filled += width;
            if (filled >= Long.SIZE) {
                LittleEndian.putLong(target, at, word);
                at += Long.BYTES;
                filled -= Long.SIZE;
                word = filled == 0 ? 0 : number >>> (width - filled);
            }
        }
        if (filled > 0) {
            LittleEndian.putLong(target, at, word);
        }
    }

    /** Takes {@code count} numbers of {@code width} bits, 0 to 64. */
    static void unpack(ByteSource source, int count, int width, long[] numbers) {
        int at = source.take(sizeOf(count, width));
        byte[] bytes = source.array();
        if (width == 0) {
            Arrays.fill(numbers, 0, count, 0);
        } else if (isNarrow(width)) {
            unpackNarrow(bytes, at, count, width, numbers);
        } else {
            unpackWide(bytes, at, count, width, numbers);
        }
    }

    /** Whether one load has all bits of a number, which is not the case of none. */
    static boolean isNarrow(int width) {
        return width > 0 && width <= BITS_OF_ONE_LOAD;
    }

    /**
     * Takes one number less than {@code count}, of a narrow width, and puts their sums, each number increased by a
     * base, behind the first sum, which stands in the target already.
     */
    static void unpackSums(ByteSource source, int count, int width, long base, long[] sums) {
        int at = source.take(sizeOf(count - 1, width));
        byte[] bytes = source.array();
        long mask = mask(width);
        int bit = at * Byte.SIZE;
        long sum = sums[0];
        for (int i = 1; i < count; i++) {
            sum += base + ((LittleEndian.getLong(bytes, bit >>> 3) >>> (bit & 7)) & mask);
            sums[i] = sum;
            bit += width;
        }
    }

    private static void unpackNarrow(byte[] bytes, int at, int count, int width, long[] numbers) {
        long mask = mask(width);
        int bit = at * Byte.SIZE;
        for (int i = 0; i < count; i++) {
            numbers[i] = (LittleEndian.getLong(bytes, bit >>> 3) >>> (bit & 7)) & mask;
            bit += width;
        }
    }

    private static void unpackWide(byte[] bytes, int at, int count, int width, long[] numbers) {
        int bit = at * Byte.SIZE;
        for (int i = 0; i < count; i++) {
            numbers[i] = wideBits(bytes, bit, width);
            bit += width;
        }
    }

    /** {@code width} bits, 1 to 64, from a bit on; may load 9 bytes from its byte on. */
    static long wideBits(byte[] bytes, int bit, int width) {
        int shift = bit & 7;
        int at = bit >>> 3;
        long low = LittleEndian.getLong(bytes, at) >>> shift;
        if (shift + width > Long.SIZE) {
            low |= (bytes[at + Long.BYTES] & 0xFFL) << (Long.SIZE - shift);
        }
        return low & mask(width);
    }
}
