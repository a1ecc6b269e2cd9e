package io.firn.series.codec;

import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes that grow at their end, used again for one chunk after another. Confined to one thread. */
final class ByteSink {
    /** Most bytes of a varint. */
    static final int MAX_VARINT_BYTES = 10;

    private ByteBuffer bytes;

    ByteSink(int initialBytes) {
        bytes = newBuffer(initialBytes);
    }

    /** The array that holds the bytes; another one after {@link #reserve}. */
    @SuppressWarnings("ByteBufferBackingArray") // the buffer was allocated, so its array begins where it does
    byte[] array() {
        return bytes.array();
    }

    int size() {
        return bytes.position();
    }

    /** Forgets the bytes from a size on, or takes those as written that were put into the array directly. */
    void resize(int size) {
        bytes.position(size);
    }

    /** Makes room for more bytes and for one word behind them that writers may touch. */
    void reserve(int more) {
        int needed = bytes.position() + more + Long.BYTES;
        if (needed > bytes.capacity()) {
            ByteBuffer larger = newBuffer(Math.max(needed, 2 * bytes.capacity()));
            larger.put(bytes.flip());
            bytes = larger;
        }
    }

    void octet(int value) {
        reserve(1);
        bytes.put((byte) value);
    }

    void word(long value) {
        reserve(Long.BYTES);
        bytes.putLong(value);
    }

    void unsigned(long value) {
        reserve(MAX_VARINT_BYTES);
        Varint.put(bytes, value);
    }

    void signed(long value) {
        unsigned(Varint.zigzag(value));
    }

    void append(byte[] source, int from, int count) {
        reserve(count);
        bytes.put(source, from, count);
    }

    /** Appends the first bytes of a buffer, whose position does not matter. */
    void append(ByteBuffer source, int count) {
        reserve(count);
        bytes.put(bytes.position(), source, 0, count);
        bytes.position(bytes.position() + count);
    }

    private static ByteBuffer newBuffer(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
