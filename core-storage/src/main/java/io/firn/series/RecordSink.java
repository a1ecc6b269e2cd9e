package io.firn.series;

import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Collects the value of a record, little-endian; used again for one record after another. Confined to one thread. */
final class RecordSink {
    private static final int MAX_VARINT_BYTES = 10;

    private ByteBuffer bytes;

    RecordSink(int initialBytes) {
        bytes = newBuffer(initialBytes);
    }

    int size() {
        return bytes.position();
    }

    void clear() {
        bytes.clear();
    }

    RecordSink octet(int value) {
        reserve(1).put((byte) value);
        return this;
    }

    RecordSink fixed32(int value) {
        reserve(Integer.BYTES).putInt(value);
        return this;
    }

    RecordSink fixed64(long value) {
        reserve(Long.BYTES).putLong(value);
        return this;
    }

    RecordSink real(double value) {
        return fixed64(Double.doubleToRawLongBits(value));
    }

    RecordSink unsigned(long value) {
        Varint.put(reserve(MAX_VARINT_BYTES), value);
        return this;
    }

    RecordSink signed(long value) {
        return unsigned(Varint.zigzag(value));
    }

    RecordSink text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        unsigned(utf8.length);
        reserve(utf8.length).put(utf8);
        return this;
    }

    /** The buffer with room for more bytes; what is put at its position is appended. */
    ByteBuffer reserve(int more) {
        if (more > bytes.remaining()) {
            ByteBuffer larger = newBuffer(Math.max(bytes.position() + more, 2 * bytes.capacity()));
            larger.put(bytes.flip());
            bytes = larger;
        }
        return bytes;
    }

    /** What was collected, as remaining bytes; void with the next change. */
    ByteBuffer toBuffer() {
        return bytes.slice(0, bytes.position());
    }

    /** Appends some of what was collected to another sink. */
    void copy(int offset, int size, RecordSink target) {
        target.reserve(size).put(bytes.array(), bytes.arrayOffset() + offset, size);
    }

    /** A copy of what was collected. */
    byte[] toBytes() {
        byte[] copy = new byte[bytes.position()];
        bytes.get(0, copy);
        return copy;
    }

    private static ByteBuffer newBuffer(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
