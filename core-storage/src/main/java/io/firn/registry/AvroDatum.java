package io.firn.registry;

import io.firn.error.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

/**
 * Reads Avro's binary encoding out of an array and skips what nobody wants. Every length is checked against the bytes
 * that are there before it is used, so damaged bytes cost neither memory nor time (Avro's own decoder allocates first).
 *
 * <p>Every method throws {@link InvalidRecordException} when the bytes are not what the schema says. Confined to one
 * thread.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Binary encoding</a>
 */
public final class AvroDatum {
    private static final int MAX_DEPTH = 256;
    /** Items may take no bytes at all: a bound on how many one datum has. */
    private static final long MAX_ITEMS = 1 << 24;

    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private long items;

    /** Creates a reader of nothing; {@link #over} gives it bytes. */
    public AvroDatum() {}

    /** Begins to read the bytes {@code [from, to)} of an array, which must not change meanwhile. */
    public void over(byte[] array, int from, int to) {
        bytes = array;
        at = from;
        end = to;
        items = MAX_ITEMS;
    }

    /** Bytes that are not read yet. */
    public int remaining() {
        return end - at;
    }

    /** Reads a boolean. */
    public boolean readBoolean() {
        byte read = bytes[take(1)];
        if (read != 0 && read != 1) {
            throw malformed("a boolean of " + read);
        }
        return read == 1;
    }

    /** Reads an int or a long. */
    public long readLong() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte read = bytes[take(1)];
            value |= (read & 0x7FL) << shift;
            if (read >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw malformed("a number of more than 10 bytes");
    }

    /** Reads a float. */
    public float readFloat() {
        return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
    }

    /** Reads a double. */
    public double readDouble() {
        return Double.longBitsToDouble(littleEndian(Double.BYTES));
    }

    /** Reads a string. */
    public String readString() {
        int length = length();
        return new String(bytes, take(length), length, StandardCharsets.UTF_8);
    }

    /** Reads bytes. */
    public byte[] readBytes() {
        return readFixed(length());
    }

    /** Reads so many bytes. */
    public byte[] readFixed(int length) {
        byte[] copy = new byte[checked(length)];
        System.arraycopy(bytes, take(length), copy, 0, length);
        return copy;
    }

    /** Reads the index of a symbol of an enum or of a branch of a union. */
    public int readIndex(int count) {
        long index = readLong();
        if (index < 0 || index >= count) {
            throw malformed("choice " + index + " of " + count);
        }
        return (int) index;
    }

    /**
     * Reads the head of a block of an array or map.
     *
     * @return the number of items that follow; 0 at the end
     */
    public long readBlock() {
        long count = readLong();
        if (count < 0) {
            length(); // of the block in bytes, for those who skip all of it
            count = -count;
        }
        if (count < 0 || count > items) {
            throw malformed("more than " + MAX_ITEMS + " items");
        }
        items -= count;
        return count;
    }

    /** Skips a datum of a schema. */
    public void skip(Schema schema) {
        skip(schema, 0);
    }

    private void skip(Schema schema, int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed("more than " + MAX_DEPTH + " levels");
        }
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> take(1);
            case INT, LONG -> readLong();
            case FLOAT -> take(Float.BYTES);
            case DOUBLE -> take(Double.BYTES);
            case STRING, BYTES -> take(length());
            case FIXED -> take(schema.getFixedSize());
            case ENUM -> readIndex(schema.getEnumSymbols().size());
            case UNION -> skip(schema.getTypes().get(readIndex(schema.getTypes().size())), depth + 1);
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    skip(field.schema(), depth + 1);
                }
            }
            case ARRAY -> skipItems(schema.getElementType(), false, depth);
            case MAP -> skipItems(schema.getValueType(), true, depth);
        }
    }

    private void skipItems(Schema item, boolean named, int depth) {
        for (long count = readBlock(); count > 0; count = readBlock()) {
            for (long i = 0; i < count; i++) {
                if (named) {
                    take(length());
                }
                skip(item, depth + 1);
            }
        }
    }

    private long littleEndian(int length) {
        int from = take(length);
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[from + i] & 0xFF);
        }
        return value;
    }

    private int length() {
        long length = readLong();
        if (length < 0 || length > remaining()) {
            throw malformed("a length of " + length + " with " + remaining() + " bytes left");
        }
        return (int) length;
    }

    private int checked(int length) {
        if (length > remaining()) {
            throw malformed(length + " bytes with " + remaining() + " left");
        }
        return length;
    }

    private int take(int length) {
        int from = at;
        at += checked(length);
        return from;
    }

    private static InvalidRecordException malformed(String found) {
        return new InvalidRecordException("there is " + found);
    }
}
