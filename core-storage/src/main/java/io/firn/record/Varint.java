package io.firn.record;

import java.nio.ByteBuffer;

/**
 * Variable-length numbers, LEB128: seven bits a byte, the lowest first, the high bit set on all but the last byte. Only
 * the shortest encoding of a number is accepted, so that equal content has equal bytes.
 *
 * <p>Thread-safe: no state.
 */
public final class Varint {
    /** What {@link #decode} returns for malformed input. */
    public static final long MALFORMED = -1;

    private static final int PAYLOAD_BITS = 7;
    private static final int MORE = 0x80;
    private static final int MAX_LONG_SHIFT = 63;

    private Varint() {}

    /** Bytes that a number takes, 1 to 10; the number is taken as unsigned. */
    public static int sizeOf(long value) {
        return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + PAYLOAD_BITS - 1) / PAYLOAD_BITS;
    }

    /** Puts an int, {@code >= 0}, at an index; returns the index behind it. */
    public static int put(ByteBuffer target, int index, int value) {
        int rest = value;
        int at = index;
        while (rest >= MORE) {
            target.put(at++, (byte) (rest | MORE));
            rest >>>= PAYLOAD_BITS;
        }
        target.put(at++, (byte) rest);
        return at;
    }

    /** Puts a number, taken as unsigned, at the target's position. */
    public static void put(ByteBuffer target, long value) {
        long rest = value;
        while ((rest & -MORE) != 0) {
            target.put((byte) (rest | MORE));
            rest >>>= PAYLOAD_BITS;
        }
        target.put((byte) rest);
    }

    /**
     * Decodes an int, {@code >= 0}, without allocating.
     *
     * @param limit end of the bytes that may be looked at, exclusive
     * @return the index behind the number in the high 32 bits and the number in the low 32, or {@link #MALFORMED}
     */
    public static long decode(ByteBuffer source, int index, int limit) {
        long value = 0;
        int at = index;
        for (int shift = 0; shift < Integer.SIZE && at < limit; shift += PAYLOAD_BITS) {
            int next = source.get(at++);
            value |= (long) (next & (MORE - 1)) << shift;
            if (next >= 0) {
                boolean shortest = next != 0 || shift == 0;
                return shortest && value <= Integer.MAX_VALUE ? ((long) at << Integer.SIZE) | value : MALFORMED;
            }
        }
        return MALFORMED;
    }

    /** The number in a result of {@link #decode}. */
    public static int value(long decoded) {
        return (int) decoded;
    }

    /** The index behind the number in a result of {@link #decode}. */
    public static int end(long decoded) {
        return (int) (decoded >>> Integer.SIZE);
    }

    /**
     * Takes a number, as unsigned, from the source's position.
     *
     * @throws IllegalArgumentException if it is malformed or cut off
     */
    public static long get(ByteBuffer source) {
        long value = 0;
        for (int shift = 0; shift <= MAX_LONG_SHIFT && source.hasRemaining(); shift += PAYLOAD_BITS) {
            int next = source.get();
            value |= (long) (next & (MORE - 1)) << shift;
            if (next >= 0) {
                if ((next == 0 && shift > 0) || (shift == MAX_LONG_SHIFT && next > 1)) {
                    throw new IllegalArgumentException("varint is not the shortest encoding of a 64-bit number");
                }
                return value;
            }
        }
        throw new IllegalArgumentException("varint is cut off or longer than 64 bits");
    }

    /** Maps signed numbers to unsigned ones so that small magnitudes stay small: 0, -1, 1, -2 become 0, 1, 2, 3. */
    public static long zigzag(long value) {
        return (value << 1) ^ (value >> (Long.SIZE - 1));
    }

    /** The inverse of {@link #zigzag}. */
    public static long unzigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }
}
