package io.firn.segment;

import io.firn.record.Utf8;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Encodes and decodes the payload of the control frame that defines a context: varint reference, lane, partition (each
 * varint length and UTF-8), i64 base sequence. Thread-safe: no state.
 */
final class ContextCodec {
    private ContextCodec() {}

    static ByteBuffer encode(SegmentContext context) {
        int size = Varint.sizeOf(context.ref())
                + Utf8.sizeOfString(context.lane())
                + Utf8.sizeOfString(context.partitionPath())
                + Long.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        Varint.put(bytes, context.ref());
        Utf8.putString(bytes, context.lane());
        Utf8.putString(bytes, context.partitionPath());
        return bytes.putLong(context.baseSequence()).flip();
    }

    /** Decodes the remaining bytes; an {@link IllegalArgumentException} says what is wrong with them. */
    static SegmentContext decode(ByteBuffer payload) {
        ByteBuffer bytes = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long reference = Varint.get(bytes);
        if (reference < 1 || reference >= SegmentFormat.MAX_CONTEXTS) {
            throw new IllegalArgumentException("context reference " + Long.toUnsignedString(reference));
        }
        String lane = Utf8.getString(bytes);
        String partition = Utf8.getString(bytes);
        if (bytes.remaining() != Long.BYTES) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes for the base sequence of a context");
        }
        return new SegmentContext((int) reference, lane, partition, bytes.getLong());
    }
}
