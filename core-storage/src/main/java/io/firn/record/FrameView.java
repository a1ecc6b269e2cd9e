package io.firn.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it stands in a frame: cursors move it from frame to frame and hand it out as {@link RecordView}.
 *
 * <p>Use: {@link #attach} a buffer whose frames have been verified, {@link #moveTo} a frame, then give it the base of
 * its context by {@link #sequenceBase}. Confined to one thread.
 */
public final class FrameView implements RecordView {
    private static final int VARIABLE_PARTS =
            FrameFormat.FLAG_CONTEXT | FrameFormat.FLAG_KEY | FrameFormat.FLAG_HEADERS;

    private static final int TYPE_SHIFT = Byte.SIZE * (FrameFormat.TYPE_OFFSET - FrameFormat.SEQUENCE_OFFSET);
    private static final int FLAGS_SHIFT = Byte.SIZE * (FrameFormat.FLAGS_OFFSET - FrameFormat.SEQUENCE_OFFSET);

    private ByteBuffer frames = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer keyBuffer = frames;
    private ByteBuffer valueBuffer = frames;

    private int position;
    private int end;
    /** Distance of the sequence, type and flags, which stand side by side: one access for each record. */
    private long sequenceTypeFlags;

    private int flags;
    private int contextReference;
    private long base;
    private int bodyStart;
    private int keyStart;
    private int keyLength;
    private int headersStart;
    private int headerCount;
    private int valueStart;
    private @Nullable String problem;

    /** Looks at the frames of this little-endian buffer from now on. */
    public void attach(ByteBuffer verifiedFrames) {
        frames = verifiedFrames;
        keyBuffer = verifiedFrames.asReadOnlyBuffer();
        valueBuffer = verifiedFrames.asReadOnlyBuffer();
    }

    /**
     * Moves to a frame whose length and checksum are right.
     *
     * @return whether its content makes sense; if not, {@link #problem} says why
     */
    public boolean moveTo(int framePosition) {
        position = framePosition;
        end = framePosition + frames.getInt(framePosition);
        sequenceTypeFlags = frames.getLong(framePosition + FrameFormat.SEQUENCE_OFFSET);
        flags = (int) (sequenceTypeFlags >>> FLAGS_SHIFT);
        contextReference = 0;
        keyLength = -1;
        headerCount = 0;
        bodyStart = framePosition + FrameFormat.FIXED_SIZE;
        valueStart = bodyStart;
        return (flags & ~(FrameFormat.FLAG_MILLIS | FrameFormat.FLAG_LOG_APPEND)) == 0 || parse();
    }

    private boolean parse() {
        String found = problemOfFlags();
        if (found == null && (flags & VARIABLE_PARTS) != 0) {
            found = parseVariableParts();
        }
        if (found == null && (flags & FrameFormat.FLAG_NULL_VALUE) != 0 && valueStart != end) {
            found = "a null value of " + (end - valueStart) + " bytes";
        }
        if (found != null) {
            problem = found;
        }
        return found == null;
    }

    private @Nullable String problemOfFlags() {
        if ((flags & ~FrameFormat.KNOWN_FLAGS) != 0) {
            return "unknown flags 0x" + Integer.toHexString(flags);
        }
        if (isControl() && flags != FrameFormat.FLAG_CONTROL) {
            return "a control frame with flags of a record, 0x" + Integer.toHexString(flags);
        }
        return null;
    }

    private @Nullable String parseVariableParts() {
        int at = bodyStart;
        if ((flags & FrameFormat.FLAG_CONTEXT) != 0) {
            long reference = Varint.decode(frames, at, end);
            if (reference == Varint.MALFORMED || Varint.value(reference) == 0) {
                return "a malformed context reference";
            }
            contextReference = Varint.value(reference);
            at = Varint.end(reference);
            bodyStart = at;
        }
        if ((flags & FrameFormat.FLAG_KEY) != 0) {
            long length = Varint.decode(frames, at, end);
            if (length == Varint.MALFORMED || Varint.value(length) > end - Varint.end(length)) {
                return "a malformed key length";
            }
            keyLength = Varint.value(length);
            keyStart = Varint.end(length);
            at = keyStart + keyLength;
        }
        if ((flags & FrameFormat.FLAG_HEADERS) != 0) {
            at = parseHeaders(at);
            if (at < 0) {
                return "malformed headers";
            }
        }
        valueStart = at;
        return null;
    }

    /** Returns the index behind the headers, or -1 when they are malformed. */
    private int parseHeaders(int index) {
        long count = Varint.decode(frames, index, end);
        if (count == Varint.MALFORMED || Varint.value(count) == 0) {
            return -1;
        }
        headerCount = Varint.value(count);
        headersStart = Varint.end(count);
        int at = headersStart;
        for (int i = 0; i < headerCount; i++) {
            at = skipSized(at, 0);
            at = at < 0 ? at : skipSized(at, 1);
            if (at < 0) {
                return -1;
            }
        }
        return at;
    }

    /** Skips a length, stored with an offset of {@code bias} (then 0 means null), and so many bytes. */
    private int skipSized(int index, int bias) {
        long length = Varint.decode(frames, index, end);
        if (length == Varint.MALFORMED) {
            return -1;
        }
        int size = Math.max(0, Varint.value(length) - bias);
        return size > end - Varint.end(length) ? -1 : Varint.end(length) + size;
    }

    /** Why {@link #moveTo} has refused the frame. */
    public String problem() {
        return problem == null ? "nothing" : problem;
    }

    /** Gives the base sequence of the record's context; after each {@link #moveTo}. */
    public void sequenceBase(long baseSequence) {
        base = baseSequence;
    }

    /** Bytes from this frame to the next one. */
    public int paddedLength() {
        return FrameFormat.paddedLength(end - position);
    }

    /** Whether the frame is a control frame: then only {@link #typeId} has a meaning of those of a record. */
    public boolean isControl() {
        return (flags & FrameFormat.FLAG_CONTROL) != 0;
    }

    /** The reference of the record's context; 0 is the context in the file's header. */
    public int contextReference() {
        return contextReference;
    }

    /** The record's sequence minus the base of its context, an unsigned 32-bit number. */
    public long sequenceDelta() {
        return Integer.toUnsignedLong((int) sequenceTypeFlags);
    }

    int flags() {
        return flags;
    }

    /** Size of the body without the context reference: the same in every file that holds the record. */
    int bodySize() {
        return end - bodyStart;
    }

    void copyBody(ByteBuffer target, int index) {
        target.put(index, frames, bodyStart, end - bodyStart);
    }

    @Override
    public long timestamp() {
        return frames.getLong(position + FrameFormat.TIMESTAMP_OFFSET);
    }

    @Override
    public boolean inMillis() {
        return (flags & FrameFormat.FLAG_MILLIS) != 0;
    }

    @Override
    public long timestampNs() {
        return inMillis() ? Timestamps.saturatedNs(timestamp()) : timestamp();
    }

    @Override
    public TimestampType timestampType() {
        return (flags & FrameFormat.FLAG_LOG_APPEND) != 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    @Override
    public int typeId() {
        return Short.toUnsignedInt((short) (sequenceTypeFlags >>> TYPE_SHIFT));
    }

    @Override
    public long sequence() {
        return base + sequenceDelta();
    }

    @Override
    public int keyLength() {
        return keyLength;
    }

    @Override
    public @Nullable ByteBuffer key() {
        return keyLength < 0 ? null : keyBuffer.limit(keyStart + keyLength).position(keyStart);
    }

    @Override
    public int valueLength() {
        return (flags & FrameFormat.FLAG_NULL_VALUE) != 0 ? -1 : end - valueStart;
    }

    @Override
    public @Nullable ByteBuffer value() {
        return (flags & FrameFormat.FLAG_NULL_VALUE) != 0
                ? null
                : valueBuffer.limit(end).position(valueStart);
    }

    @Override
    public int headerCount() {
        return headerCount;
    }

    @Override
    public List<RecordHeader> headers() {
        List<RecordHeader> headers = new ArrayList<>(headerCount);
        int at = headersStart;
        for (int i = 0; i < headerCount; i++) {
            long nameSize = Varint.decode(frames, at, end);
            String name = new String(bytes(Varint.end(nameSize), Varint.value(nameSize)), StandardCharsets.UTF_8);
            long valueSize = Varint.decode(frames, Varint.end(nameSize) + Varint.value(nameSize), end);
            int size = Varint.value(valueSize) - 1;
            headers.add(new RecordHeader(name, size < 0 ? null : bytes(Varint.end(valueSize), size)));
            at = Varint.end(valueSize) + Math.max(0, size);
        }
        return headers;
    }

    @Override
    public StreamRecord toRecord() {
        StreamRecord.Builder record =
                inMillis() ? StreamRecord.atMillis(timestamp()) : StreamRecord.atNanos(timestamp());
        return record.timestampType(timestampType())
                .typeId(typeId())
                .key(keyLength < 0 ? null : bytes(keyStart, keyLength))
                .headers(headers())
                .value(valueLength() < 0 ? null : bytes(valueStart, end - valueStart))
                .build();
    }

    private byte[] bytes(int index, int size) {
        byte[] copy = new byte[size];
        frames.get(index, copy);
        return copy;
    }
}
