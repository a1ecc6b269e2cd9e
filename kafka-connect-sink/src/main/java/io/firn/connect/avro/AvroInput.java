package io.firn.connect.avro;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.connect.errors.DataException;

/**
 * Reads Avro's binary encoding from memory. Damaged bytes are a {@link DataException}; nothing is allocated that the
 * bytes cannot fill. Confined to one thread.
 */
public final class AvroInput {
    /** So many elements of an array may take no byte each. */
    static final int MAX_EMPTY_ELEMENTS = 1 << 20;

    private static final int PAYLOAD_BITS = 7;
    private static final int PAYLOAD = 0x7F;
    private static final char REPLACEMENT = '\uFFFD';

    private final byte[] bytes;
    private int at;
    private int depth;

    /** Reads from an offset to the end; the array is not copied. */
    public AvroInput(byte[] bytes, int offset) {
        this.bytes = bytes;
        this.at = offset;
    }

    /** Fails unless everything was read. */
    public void requireEnd() {
        if (at != bytes.length) {
            throw new DataException((bytes.length - at) + " bytes follow the value");
        }
    }

    int remaining() {
        return bytes.length - at;
    }

    int readByte() {
        require(1);
        return bytes[at++];
    }

    boolean readBoolean() {
        int value = readByte();
        if (value != 0 && value != 1) {
            throw new DataException("expected a boolean at byte " + (at - 1) + ", found " + value);
        }
        return value == 1;
    }

    long readLong() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += PAYLOAD_BITS) {
            int next = readByte();
            value |= (long) (next & PAYLOAD) << shift;
            if (next >= 0) {
                if (shift == Long.SIZE - 1 && next > 1) {
                    break;
                }
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new DataException("expected a number that ends before byte " + at);
    }

    /** Reads a whole number of a range. */
    long readLong(long min, long max, String what) {
        long value = readLong();
        if (value < min || value > max) {
            throw new DataException(
                    "expected " + what + " of " + min + " to " + max + " before byte " + at + ", found " + value);
        }
        return value;
    }

    int readInt() {
        return (int) readLong(Integer.MIN_VALUE, Integer.MAX_VALUE, "an int");
    }

    float readFloat() {
        return Float.intBitsToFloat((int) readFixed(Float.BYTES));
    }

    double readDouble() {
        return Double.longBitsToDouble(readFixed(Double.BYTES));
    }

    private long readFixed(int count) {
        require(count);
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= (bytes[at++] & 0xFFL) << (i * Byte.SIZE);
        }
        return bits;
    }

    byte[] readBytes() {
        return readRaw((int) readLong(0, remaining(), "a length"));
    }

    byte[] readRaw(int count) {
        require(count);
        at += count;
        return Arrays.copyOfRange(bytes, at - count, at);
    }

    String readString() {
        int length = (int) readLong(0, remaining(), "a length");
        require(length);
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireUtf8(length);
        }
        at += length;
        return text;
    }

    private void requireUtf8(int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length));
        } catch (CharacterCodingException e) {
            throw new DataException("expected UTF-8 at byte " + at + ": " + e.getMessage(), e);
        }
    }

    /** Number of elements in the next block of an array or a map; 0 at its end. */
    int readBlock(int before) {
        long count = readLong();
        if (count < 0 && count != Long.MIN_VALUE) {
            count = -count;
            readLong(0, remaining(), "a length of a block");
        }
        long limit = (long) remaining() + MAX_EMPTY_ELEMENTS - before;
        if (count < 0 || count > limit) {
            throw new DataException("expected at most " + limit + " elements before byte " + at + ", found " + count);
        }
        return (int) count;
    }

    void enter() {
        if (++depth > AvroOutput.MAX_DEPTH) {
            throw new DataException("a value is nested more than " + AvroOutput.MAX_DEPTH + " levels deep");
        }
    }

    void leave() {
        depth--;
    }

    private void require(int count) {
        if (count > remaining()) {
            throw new DataException("expected " + count + " bytes at byte " + at + ", found " + remaining());
        }
    }
}
