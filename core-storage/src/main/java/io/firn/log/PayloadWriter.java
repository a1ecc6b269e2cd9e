package io.firn.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the payload of a log frame: LEB128 integers, zigzag for signed ones, strings and arrays with their length.
 *
 * <p>Confined to one thread.
 */
final class PayloadWriter {
    private static final int INITIAL_BYTES = 256;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    PayloadWriter unsigned(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            octet((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return octet((int) rest);
    }

    PayloadWriter signed(long value) {
        return unsigned((value << 1) ^ (value >> 63));
    }

    PayloadWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    PayloadWriter string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        unsigned(utf8.length);
        ensure(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private PayloadWriter octet(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
