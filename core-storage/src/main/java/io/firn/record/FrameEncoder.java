package io.firn.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as frames, everything but the length word: the caller publishes that one last.
 *
 * <p>Use: {@link #start}, then one of the {@code finish} methods, which returns the unpadded length. Frames are put by
 * absolute position into a direct little-endian buffer; nothing is allocated except for headers that are not ASCII.
 * Confined to one thread; the thread may change.
 */
public final class FrameEncoder {
    private final FrameChecksum checksum;
    private ByteBuffer target = ByteBuffer.allocate(0);
    private int start;
    private int contextReference;
    private int sequenceDelta;

    /** Creates an encoder for files with this salt. */
    public FrameEncoder(int salt) {
        this.checksum = new FrameChecksum(salt);
    }

    /** Unpadded length of a frame with neither key nor headers; {@code valueSizeBytes} is -1 for a null value. */
    public static long lengthOf(int contextReference, int valueSizeBytes) {
        return FrameFormat.FIXED_SIZE + sizeOfContext(contextReference) + Math.max(0L, valueSizeBytes);
    }

    /**
     * Unpadded length of a record's frame; compare it with the limit before encoding.
     *
     * @throws io.firn.error.InvalidRecordException if the name of a header is not valid Unicode
     */
    public static long lengthOf(int contextReference, StreamRecord record) {
        byte[] key = record.key();
        byte[] value = record.value();
        long keySize = key == null ? 0 : (long) Varint.sizeOf(key.length) + key.length;
        return lengthOf(contextReference, -1)
                + keySize
                + sizeOfHeaders(record.headers())
                + (value == null ? 0 : value.length);
    }

    /** Unpadded length of the frame of a record that is copied from another file. */
    public static long lengthOf(int contextReference, FrameView view) {
        return lengthOf(contextReference, view.bodySize());
    }

    /**
     * Says where the next frame goes.
     *
     * @param frames direct, little-endian, with room for the padded frame behind the position
     * @param position where the frame starts, a multiple of 8
     * @param context the reference of the record's context, {@code >= 0}
     * @param delta the record's sequence minus the base of its context, as an unsigned int
     */
    public void start(ByteBuffer frames, int position, int context, int delta) {
        this.target = frames;
        this.start = position;
        this.contextReference = context;
        this.sequenceDelta = delta;
    }

    /** Writes a record of a timestamp in nanoseconds, a type id and a value; the value's position does not change. */
    public int finish(long timestampNs, int typeId, @Nullable ByteBuffer value) {
        if (value == null) {
            int length = (int) lengthOf(contextReference, -1);
            putFixed(timestampNs, typeId, FrameFormat.FLAG_NULL_VALUE, length);
            return seal(length);
        }
        int size = value.remaining();
        int length = (int) lengthOf(contextReference, size);
        int at = putFixed(timestampNs, typeId, 0, length);
        target.put(at, value, value.position(), size);
        return seal(length);
    }

    /** Writes a record. */
    public int finish(StreamRecord record) {
        byte[] key = record.key();
        byte[] value = record.value();
        int length = (int) lengthOf(contextReference, record);
        int at = putFixed(record.timestamp(), record.typeId(), flagsOf(record), length);
        if (key != null) {
            at = putBytes(Varint.put(target, at, key.length), key);
        }
        if (!record.headers().isEmpty()) {
            at = putHeaders(at, record.headers());
        }
        if (value != null) {
            putBytes(at, value);
        }
        return seal(length);
    }

    /** Writes a copy of a record that stands in another file, without building objects. */
    public int finish(FrameView view) {
        int length = (int) lengthOf(contextReference, view);
        int at = putFixed(view.timestamp(), view.typeId(), view.flags() & ~FrameFormat.FLAG_CONTEXT, length);
        view.copyBody(target, at);
        return seal(length);
    }

    private int putFixed(long timestamp, int typeId, int flags, int length) {
        if ((length & (FrameFormat.ALIGNMENT - 1)) != 0) {
            target.putLong(start + FrameFormat.paddedLength(length) - FrameFormat.ALIGNMENT, 0);
        }
        target.putLong(start + FrameFormat.TIMESTAMP_OFFSET, timestamp);
        target.putInt(start + FrameFormat.SEQUENCE_OFFSET, sequenceDelta);
        target.putShort(start + FrameFormat.TYPE_OFFSET, (short) typeId);
        int at = start + FrameFormat.FIXED_SIZE;
        if (contextReference == 0) {
            target.putShort(start + FrameFormat.FLAGS_OFFSET, (short) flags);
            return at;
        }
        target.putShort(start + FrameFormat.FLAGS_OFFSET, (short) (flags | FrameFormat.FLAG_CONTEXT));
        return Varint.put(target, at, contextReference);
    }

    private int seal(int length) {
        target.putInt(start + FrameFormat.CRC_OFFSET, checksum.of(target, start, length));
        return length;
    }

    private int putHeaders(int index, List<RecordHeader> headers) {
        int at = Varint.put(target, index, headers.size());
        for (int i = 0; i < headers.size(); i++) { // an iterator would be garbage per record
            RecordHeader header = headers.get(i);
            byte[] value = header.value();
            at = Varint.put(target, at, Utf8.sizeOf(header.name()));
            at = Utf8.put(target, at, header.name());
            at = Varint.put(target, at, value == null ? 0 : value.length + 1);
            at = value == null ? at : putBytes(at, value);
        }
        return at;
    }

    private int putBytes(int index, byte[] bytes) {
        target.put(index, bytes);
        return index + bytes.length;
    }

    private static int flagsOf(StreamRecord record) {
        int flags = record.inMillis() ? FrameFormat.FLAG_MILLIS : 0;
        flags |= record.timestampType() == TimestampType.LOG_APPEND_TIME ? FrameFormat.FLAG_LOG_APPEND : 0;
        flags |= record.key() == null ? 0 : FrameFormat.FLAG_KEY;
        flags |= record.headers().isEmpty() ? 0 : FrameFormat.FLAG_HEADERS;
        return record.value() == null ? flags | FrameFormat.FLAG_NULL_VALUE : flags;
    }

    private static long sizeOfHeaders(List<RecordHeader> headers) {
        if (headers.isEmpty()) {
            return 0;
        }
        long size = Varint.sizeOf(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            RecordHeader header = headers.get(i);
            byte[] value = header.value();
            int nameSize = Utf8.sizeOf(header.name());
            size += Varint.sizeOf(nameSize) + nameSize;
            size += value == null ? 1 : (long) Varint.sizeOf(value.length + 1L) + value.length;
        }
        return size;
    }

    private static int sizeOfContext(int contextReference) {
        return contextReference == 0 ? 0 : Varint.sizeOf(contextReference);
    }
}
