package io.firn.series.codec;

import io.firn.error.CorruptDataException;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads encoded samples from a private copy that is followed by {@link #SLACK_BYTES} zeros, so that loops may load
 * whole words; whatever does not fit is a {@link CorruptDataException}. Confined to one thread.
 */
final class ByteSource {
    /** Bytes behind the limit that may be loaded, never used. */
    static final int SLACK_BYTES = 32;

    private ByteBuffer bytes = newBuffer(0);
    private ChunkPlace place;

    ByteSource(ChunkPlace place) {
        this.place = place;
    }

    /** Copies bytes from an index of a buffer, whose position does not move, and stands before the first. */
    void copy(ByteBuffer source, int index, int count, ChunkPlace from) {
        place = from;
        prepare(count);
        bytes.put(0, source, index, count);
    }

    /** Makes room for bytes that the caller puts at the start of the array, and stands before the first. */
    void prepare(int count) {
        if (count + SLACK_BYTES > bytes.capacity()) {
            bytes = newBuffer(count);
        }
        bytes.clear().limit(count);
        LittleEndian.putLong(array(), count, 0);
    }

    ChunkPlace place() {
        return place;
    }

    void place(ChunkPlace where) {
        place = where;
    }

    @SuppressWarnings("ByteBufferBackingArray") // the buffer was allocated, so its array begins where it does
    byte[] array() {
        return bytes.array();
    }

    int position() {
        return bytes.position();
    }

    void position(int position) {
        bytes.position(position);
    }

    int limit() {
        return bytes.limit();
    }

    /** Sets the end of what may be read; at most the end of what was copied. */
    void limit(int limit) {
        bytes.limit(limit);
    }

    int remaining() {
        return bytes.remaining();
    }

    int octet() {
        need(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    long word() {
        need(Long.BYTES);
        return bytes.getLong();
    }

    long unsigned() {
        try {
            return Varint.get(bytes);
        } catch (IllegalArgumentException wrong) {
            throw corrupt(String.valueOf(wrong.getMessage()));
        }
    }

    long signed() {
        return Varint.unzigzag(unsigned());
    }

    /** A varint of at most {@code max}. */
    int count(int max, String what) {
        long count = unsigned();
        if (count < 0 || count > max) {
            throw corrupt(what + " is " + Long.toUnsignedString(count) + ", at most " + max + " is possible");
        }
        return (int) count;
    }

    /** Index of the next bytes, which are skipped. */
    int take(int count) {
        need(count);
        int at = bytes.position();
        bytes.position(at + count);
        return at;
    }

    void expectEnd(String what) {
        if (bytes.hasRemaining()) {
            throw corrupt(bytes.remaining() + " bytes are left behind " + what);
        }
    }

    CorruptDataException corrupt(String found) {
        return place.corrupt(found);
    }

    private void need(int count) {
        if (count > bytes.remaining()) {
            throw corrupt(count + " bytes are expected where " + bytes.remaining() + " are left");
        }
    }

    private static ByteBuffer newBuffer(int count) {
        return ByteBuffer.allocate(count + SLACK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}
