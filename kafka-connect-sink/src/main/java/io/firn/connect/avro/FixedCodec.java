package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a fixed length.
 *
 * @param sizeBytes the length
 */
record FixedCodec(int sizeBytes) implements ValueCodec {
    @Override
    public void write(@Nullable Object value, AvroOutput out) {
        byte[] bytes = value instanceof ByteBuffer buffer ? copy(buffer) : value instanceof byte[] array ? array : null;
        if (bytes == null || bytes.length != sizeBytes) {
            throw ScalarCodec.mismatch(sizeBytes + " bytes", value);
        }
        out.writeRaw(bytes);
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    @Override
    public byte[] read(AvroInput in) {
        return in.readFixed(sizeBytes);
    }
}
