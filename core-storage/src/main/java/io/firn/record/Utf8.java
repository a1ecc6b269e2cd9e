package io.firn.record;

import io.firn.error.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Strings as UTF-8 in buffers. A string that UTF-8 cannot hold (half of a surrogate pair) is refused, because it would
 * come back as another one.
 *
 * <p>Thread-safe: no state.
 */
public final class Utf8 {
    private static final int FIRST_NON_ASCII = 0x80;

    private Utf8() {}

    /**
     * Bytes that a string takes.
     *
     * @throws InvalidRecordException if UTF-8 cannot hold it
     */
    public static int sizeOf(String text) {
        return isAscii(text) ? text.length() : encode(text).length;
    }

    /** Puts a string at an index; returns the index behind it. */
    static int put(ByteBuffer target, int index, String text) {
        if (!isAscii(text)) {
            byte[] bytes = encode(text);
            target.put(index, bytes);
            return index + bytes.length;
        }
        for (int i = 0; i < text.length(); i++) {
            target.put(index + i, (byte) text.charAt(i));
        }
        return index + text.length();
    }

    /** Bytes that {@link #putString} takes. */
    public static int sizeOfString(String text) {
        int size = sizeOf(text);
        return Varint.sizeOf(size) + size;
    }

    /** Puts the length as varint and the bytes at the target's position. */
    public static void putString(ByteBuffer target, String text) {
        byte[] bytes = encode(text);
        Varint.put(target, bytes.length);
        target.put(bytes);
    }

    /**
     * Takes what {@link #putString} has put from the source's position.
     *
     * @throws IllegalArgumentException if it is malformed or cut off
     */
    public static String getString(ByteBuffer source) {
        long size = Varint.get(source);
        if (size < 0 || size > source.remaining()) {
            throw new IllegalArgumentException(
                    "a string of " + size + " bytes, but only " + source.remaining() + " left");
        }
        byte[] bytes = new byte[(int) size];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= FIRST_NON_ASCII) {
                return false;
            }
        }
        return true;
    }

    private static byte[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            throw new InvalidRecordException(
                    "The text \"" + text + "\" has half of a surrogate pair and cannot be stored as UTF-8; replace it");
        }
        return bytes;
    }
}
