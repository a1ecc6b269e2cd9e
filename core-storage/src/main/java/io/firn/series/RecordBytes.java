package io.firn.series;

import io.firn.error.CorruptDataException;
import io.firn.record.RecordView;
import io.firn.record.Varint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads the value of a stored record; whatever does not fit is a {@link CorruptDataException}. Confined to one thread.
 */
final class RecordBytes {
    private final ByteBuffer bytes;
    private final Path path;
    private final long offset;
    private final long sequence;

    /**
     * Starts at the first byte.
     *
     * @param record the record; one without a value counts as empty
     * @param path file or table of the record, for messages
     * @param offset offset of the record in the file, 0 when it is not known
     */
    RecordBytes(RecordView record, Path path, long offset) {
        ByteBuffer value = record.value();
        this.bytes = (value == null ? ByteBuffer.allocate(0) : value.slice()).order(ByteOrder.LITTLE_ENDIAN);
        this.path = path;
        this.offset = offset;
        this.sequence = record.sequence();
    }

    int octet() {
        need(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    int fixed32() {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    long fixed64() {
        need(Long.BYTES);
        return bytes.getLong();
    }

    double real() {
        return Double.longBitsToDouble(fixed64());
    }

    long unsigned() {
        try {
            return Varint.get(bytes);
        } catch (IllegalArgumentException wrong) {
            throw corrupt(String.valueOf(wrong.getMessage()));
        } catch (BufferUnderflowException cut) {
            throw corrupt("a number ends with the record");
        }
    }

    long signed() {
        return Varint.unzigzag(unsigned());
    }

    /** A number of at most {@code max}. */
    int count(long max, String what) {
        long count = unsigned();
        if (count < 0 || count > Math.min(max, Integer.MAX_VALUE)) {
            throw corrupt(what + " is " + Long.toUnsignedString(count) + ", at most " + max + " is possible");
        }
        return (int) count;
    }

    String text() {
        int length = count(bytes.remaining(), "length of a text");
        need(length);
        byte[] utf8 = new byte[length];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** The next bytes, which are skipped. */
    ByteBuffer slice(int size) {
        need(size);
        ByteBuffer slice = bytes.slice(bytes.position(), size);
        bytes.position(bytes.position() + size);
        return slice;
    }

    int remaining() {
        return bytes.remaining();
    }

    void expectEnd() {
        if (bytes.hasRemaining()) {
            throw corrupt(bytes.remaining() + " bytes are left behind it");
        }
    }

    CorruptDataException corrupt(String found) {
        return new CorruptDataException(path, offset, "record " + sequence + " of a series store: " + found);
    }

    private void need(int count) {
        if (count > bytes.remaining()) {
            throw corrupt(count + " bytes are expected where " + bytes.remaining() + " are left");
        }
    }
}
