package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.connect.errors.DataException;

/**
 * Writes Avro's binary encoding (specification 1.12.0, "Binary Encoding") into memory. Confined to one thread.
 */
public final class AvroOutput {
    private static final int FIRST_BYTES = 512;
    private static final int MAX_BYTES = Integer.MAX_VALUE - 16;
    private static final int LONG_BYTES = 10;
    private static final int PAYLOAD_BITS = 7;
    private static final int PAYLOAD = 0x7F;
    private static final int MORE = 0x80;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;
    private int depth;
    private long items;

    /** Creates an empty output. */
    public AvroOutput() {}

    /** Forgets what was written. */
    public void clear() {
        size = 0;
        depth = 0;
        items = 0;
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Writes bytes without a length in front. */
    public void writeRaw(byte[] content) {
        ensure(content.length);
        System.arraycopy(content, 0, bytes, size, content.length);
        size += content.length;
    }

    void writeByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    /** Writes an int or a long: both have the same encoding. */
    void writeLong(long value) {
        ensure(LONG_BYTES);
        long rest = (value << 1) ^ (value >> (Long.SIZE - 1));
        while ((rest & ~PAYLOAD) != 0) {
            bytes[size++] = (byte) ((rest & PAYLOAD) | MORE);
            rest >>>= PAYLOAD_BITS;
        }
        bytes[size++] = (byte) rest;
    }

    void writeFloat(float value) {
        writeFixed(Float.floatToRawIntBits(value), Float.BYTES);
    }

    void writeDouble(double value) {
        writeFixed(Double.doubleToRawLongBits(value), Double.BYTES);
    }

    /** Writes the low bytes of a number, the lowest first. */
    public void writeFixed(long bits, int count) {
        ensure(count);
        for (int i = 0; i < count; i++) {
            bytes[size++] = (byte) (bits >>> (i * Byte.SIZE));
        }
    }

    void writeBytes(byte[] value) {
        writeLong(value.length);
        writeRaw(value);
    }

    void writeBytes(ByteBuffer value) {
        byte[] copy = new byte[value.remaining()];
        value.get(value.position(), copy);
        writeBytes(copy);
    }

    /** Writes a text; half a surrogate pair has no UTF-8 form and would come back as another character. */
    void writeString(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                if (i + 1 == value.length() || !Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1))) {
                    throw new DataException(
                            "a text has half a surrogate pair at character " + i + ", which UTF-8 cannot express");
                }
                i++;
            }
        }
        writeBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Begins the items of an array or map, which are written next. */
    void beginItems(int count) {
        if (count > 0) {
            writeLong(count);
            items += count;
        }
    }

    /** Ends them; {@link AvroInput} trusts no count that the bytes cannot back, so more is not written either. */
    void endItems(int count) {
        if (count > 0 && items - size > AvroInput.MAX_EMPTY_ITEMS) {
            throw new DataException("the lists and maps of a value have " + items + " items in " + size
                    + " bytes; more than " + AvroInput.MAX_EMPTY_ITEMS + " items of no bytes are not kept");
        }
        writeLong(0);
    }

    void enter() {
        if (++depth > AvroInput.MAX_DEPTH) {
            throw new DataException("a value is nested more than " + AvroInput.MAX_DEPTH + " levels deep");
        }
    }

    void leave() {
        depth--;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            long wanted = Math.max((long) size + more, 2L * bytes.length);
            if ((long) size + more > MAX_BYTES) {
                throw new DataException("a value is longer than " + MAX_BYTES + " bytes");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, MAX_BYTES));
        }
    }
}
