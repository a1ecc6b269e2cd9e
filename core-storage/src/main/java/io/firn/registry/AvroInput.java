package io.firn.registry;

import io.firn.error.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.Schema;

/**
 * Reads Avro's binary encoding out of an array and skips what nobody wants. Every length is checked against the bytes
 * that are there before it is used, so damaged bytes cost neither memory nor time (Avro's own decoder allocates first).
 *
 * <p>Every method throws {@link InvalidRecordException} when the bytes are not what is asked for. Confined to one
 * thread.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Binary encoding</a>
 */
public final class AvroInput {
    /** Values may be nested so deep; whoever reads them needs stack for each level. */
    public static final int MAX_DEPTH = 1_000;

    /** So many items of all arrays and maps of a datum may take no byte each. */
    public static final int MAX_EMPTY_ITEMS = 1 << 20;

    private static final int PAYLOAD_BITS = 7;
    private static final int PAYLOAD = 0x7F;
    private static final char REPLACEMENT = '\uFFFD';

    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private int depth;
    private long items;

    /** Creates a reader of nothing; {@link #over} gives it bytes. */
    public AvroInput() {}

    /** Creates a reader of an array from an offset to its end; the array must not change meanwhile. */
    public AvroInput(byte[] array, int from) {
        over(array, from, array.length);
    }

    /** Begins to read the bytes {@code [from, to)} of an array, which must not change meanwhile. */
    public void over(byte[] array, int from, int to) {
        bytes = array;
        at = from;
        end = to;
        depth = 0;
        items = (long) to + MAX_EMPTY_ITEMS;
    }

    /** Bytes that are not read yet. */
    public int remaining() {
        return end - at;
    }

    /** Fails unless everything was read. */
    public void requireEnd() {
        if (at != end) {
            throw new InvalidRecordException((end - at) + " bytes follow the value");
        }
    }

    /** Reads a boolean. */
    public boolean readBoolean() {
        int value = readByte();
        if (value != 0 && value != 1) {
            throw new InvalidRecordException("expected a boolean at byte " + (at - 1) + ", found " + value);
        }
        return value == 1;
    }

    /** Reads an int or a long. */
    public long readLong() {
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
        throw new InvalidRecordException("expected a number that ends before byte " + at);
    }

    /** Reads a whole number of a range; {@code what} it is goes into the error. */
    public long readLong(long min, long max, String what) {
        long value = readLong();
        if (value < min || value > max) {
            throw new InvalidRecordException(
                    "expected " + what + " of " + min + " to " + max + " before byte " + at + ", found " + value);
        }
        return value;
    }

    /** Reads an int. */
    public int readInt() {
        return (int) readLong(Integer.MIN_VALUE, Integer.MAX_VALUE, "an int");
    }

    /** Reads the index of a symbol of an enum or of a branch of a union. */
    public int readIndex(int count) {
        return (int) readLong(0, count - 1L, "a choice");
    }

    /** Reads a float. */
    public float readFloat() {
        return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
    }

    /** Reads a double. */
    public double readDouble() {
        return Double.longBitsToDouble(littleEndian(Double.BYTES));
    }

    /** Reads bytes. */
    public byte[] readBytes() {
        return readFixed(length());
    }

    /** Reads so many bytes. */
    public byte[] readFixed(int count) {
        int from = take(count);
        return Arrays.copyOfRange(bytes, from, at);
    }

    /** Reads a string. */
    public String readString() {
        int length = length();
        int from = take(length);
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireUtf8(from, length);
        }
        return text;
    }

    private void requireUtf8(int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
        } catch (CharacterCodingException e) {
            throw new InvalidRecordException("expected UTF-8 at byte " + from + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the head of a block of an array or map.
     *
     * @return the number of items that follow; 0 at the end
     */
    public int readBlock() {
        long count = readLong();
        if (count < 0 && count != Long.MIN_VALUE) {
            count = -count;
            length(); // of the block in bytes, for those who skip all of it
        }
        if (count < 0 || count > items || count > Integer.MAX_VALUE) {
            throw new InvalidRecordException("expected at most " + Math.min(items, Integer.MAX_VALUE)
                    + " items of an array or map before byte " + at + ", found " + count);
        }
        items -= count;
        return (int) count;
    }

    /**
     * Says that a nested value begins.
     *
     * @see #leave
     */
    public void enter() {
        if (++depth > MAX_DEPTH) {
            throw new InvalidRecordException("a value is nested more than " + MAX_DEPTH + " levels deep");
        }
    }

    /** Says that a nested value has ended. */
    public void leave() {
        depth--;
    }

    /** Skips a datum of a schema. */
    public void skip(Schema schema) {
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> readBoolean();
            case INT -> readInt();
            case LONG -> readLong();
            case FLOAT -> take(Float.BYTES);
            case DOUBLE -> take(Double.BYTES);
            case STRING, BYTES -> take(length());
            case FIXED -> take(schema.getFixedSize());
            case ENUM -> readIndex(schema.getEnumSymbols().size());
            case UNION, RECORD, ARRAY, MAP -> {
                enter();
                skipInside(schema);
                leave();
            }
        }
    }

    private void skipInside(Schema schema) {
        switch (schema.getType()) {
            case UNION -> skip(schema.getTypes().get(readIndex(schema.getTypes().size())));
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    skip(field.schema());
                }
            }
            case ARRAY -> skipItems(schema.getElementType(), false);
            default -> skipItems(schema.getValueType(), true);
        }
    }

    private void skipItems(Schema item, boolean named) {
        for (int count = readBlock(); count > 0; count = readBlock()) {
            for (int i = 0; i < count; i++) {
                if (named) {
                    take(length());
                }
                skip(item);
            }
        }
    }

    private int readByte() {
        return bytes[take(1)];
    }

    private long littleEndian(int length) {
        int from = take(length);
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = (value << Byte.SIZE) | (bytes[from + i] & 0xFF);
        }
        return value;
    }

    private int length() {
        return (int) readLong(0, remaining(), "a length");
    }

    private int take(int count) {
        if (count > remaining()) {
            throw new InvalidRecordException("expected " + count + " bytes at byte " + at + ", found " + remaining());
        }
        int from = at;
        at += count;
        return from;
    }
}
