package io.firn.segment;

import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.record.FrameFormat;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Turns the frames of a block into columns: first {@link #read}, then {@link #encode} as often as there are forms to
 * try. What is not written as every writer of frames does (padding, control frames with a timestamp, malformed bodies)
 * is left to block encoding 0. Confined to one thread.
 *
 * @see ColumnarFormat
 * @see ColumnarDecoder
 */
final class ColumnarEncoder {
    private static final int MAX_VARINT_SIZE = 10;
    private static final int FLAGS_SHIFT = Short.SIZE;

    private final BufferPool buffers;
    private final ByteEntropy entropy = new ByteEntropy();
    private final NumberColumnEncoder[] numbers = new NumberColumnEncoder[ColumnarFormat.NUMBER_COLUMNS];
    private final ByteColumnEncoder[] bytes = new ByteColumnEncoder[ColumnarFormat.BYTE_COLUMNS];
    private final NumberColumn[] plans = new NumberColumn[ColumnarFormat.NUMBER_COLUMNS];
    private int frameCount;
    private int controlFramesBeforeFirst;
    private long lastTimestamp;
    private long lastSequence;
    private int rawBytes;
    private int crc;

    ColumnarEncoder(BufferPool buffers) {
        this.buffers = buffers;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = new NumberColumnEncoder(maxOrder(i), entropy);
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = new ByteColumnEncoder(entropy);
        }
    }

    private static int maxOrder(int column) {
        return switch (column) {
            case ColumnarFormat.TIMESTAMPS -> NumberColumn.MAX_ORDER;
            case ColumnarFormat.SEQUENCES -> 1;
            default -> 0;
        };
    }

    /**
     * Takes the frames of a block apart.
     *
     * @param frames whole frames from index 0 to the limit, checksum words zero
     * @return whether columns can hold them
     */
    boolean read(ByteBuffer frames) {
        for (NumberColumnEncoder column : numbers) {
            column.clear();
        }
        for (ByteColumnEncoder column : bytes) {
            column.clear();
        }
        frameCount = 0;
        controlFramesBeforeFirst = 0;
        rawBytes = frames.limit();
        if (rawBytes > ColumnarFormat.MAX_RAW_BYTES) {
            return false;
        }
        int at = 0;
        while (at < rawBytes) {
            int end = at + frames.getInt(at);
            if (!readFrame(frames, at, end)) {
                return false;
            }
            frameCount++;
            at += FrameFormat.paddedLength(end - at);
        }
        if (numbers[ColumnarFormat.TIMESTAMPS].count() == 0) {
            return false;
        }
        CRC32C computed = new CRC32C();
        computed.update(frames.duplicate().position(0));
        crc = (int) computed.getValue();
        for (int i = 0; i < numbers.length; i++) {
            plans[i] = numbers[i].plan();
        }
        return true;
    }

    private boolean readFrame(ByteBuffer frames, int at, int end) {
        int kind = frames.getInt(at + FrameFormat.TYPE_OFFSET);
        int flags = kind >>> FLAGS_SHIFT;
        if ((flags & ~FrameFormat.KNOWN_FLAGS) != 0) {
            return false;
        }
        numbers[ColumnarFormat.KINDS].add(kind);
        long timestamp = frames.getLong(at + FrameFormat.TIMESTAMP_OFFSET);
        long sequence = Integer.toUnsignedLong(frames.getInt(at + FrameFormat.SEQUENCE_OFFSET));
        int body = at + FrameFormat.FIXED_SIZE;
        if ((flags & FrameFormat.FLAG_CONTROL) != 0) {
            addBytes(ColumnarFormat.HEADER_LENGTHS, ColumnarFormat.HEADERS, frames, body, end);
            repeatNumbers();
            return flags == FrameFormat.FLAG_CONTROL && timestamp == 0 && sequence == 0;
        }
        addNumbers(timestamp, sequence);
        int value = readParts(frames, body, end, flags);
        if (value < 0) {
            return false;
        }
        if ((flags & FrameFormat.FLAG_NULL_VALUE) != 0) {
            return value == end;
        }
        addBytes(ColumnarFormat.VALUE_LENGTHS, ColumnarFormat.VALUES, frames, value, end);
        return true;
    }

    /** A control frame stands in the columns with the numbers of its neighbour, so that it spoils no differences. */
    private void repeatNumbers() {
        if (numbers[ColumnarFormat.TIMESTAMPS].count() == 0) {
            controlFramesBeforeFirst++;
        } else {
            numbers[ColumnarFormat.TIMESTAMPS].add(lastTimestamp);
            numbers[ColumnarFormat.SEQUENCES].add(lastSequence);
        }
    }

    private void addNumbers(long timestamp, long sequence) {
        for (; controlFramesBeforeFirst > 0; controlFramesBeforeFirst--) {
            numbers[ColumnarFormat.TIMESTAMPS].add(timestamp);
            numbers[ColumnarFormat.SEQUENCES].add(sequence);
        }
        numbers[ColumnarFormat.TIMESTAMPS].add(timestamp);
        numbers[ColumnarFormat.SEQUENCES].add(sequence);
        lastTimestamp = timestamp;
        lastSequence = sequence;
    }

    /** Returns where the value starts, or -1 when the body is malformed. */
    private int readParts(ByteBuffer frames, int body, int end, int flags) {
        int at = body;
        if ((flags & FrameFormat.FLAG_CONTEXT) != 0) {
            long reference = Varint.decode(frames, at, end);
            if (reference == Varint.MALFORMED) {
                return -1;
            }
            numbers[ColumnarFormat.CONTEXTS].add(Varint.value(reference));
            at = Varint.end(reference);
        }
        if ((flags & FrameFormat.FLAG_KEY) != 0) {
            long length = Varint.decode(frames, at, end);
            if (length == Varint.MALFORMED || Varint.value(length) > end - Varint.end(length)) {
                return -1;
            }
            at = Varint.end(length) + Varint.value(length);
            addBytes(ColumnarFormat.KEY_LENGTHS, ColumnarFormat.KEYS, frames, Varint.end(length), at);
        }
        if ((flags & FrameFormat.FLAG_HEADERS) != 0) {
            int headers = at;
            at = skipHeaders(frames, at, end);
            if (at >= 0) {
                addBytes(ColumnarFormat.HEADER_LENGTHS, ColumnarFormat.HEADERS, frames, headers, at);
            }
        }
        return at;
    }

    private static int skipHeaders(ByteBuffer frames, int index, int end) {
        long count = Varint.decode(frames, index, end);
        if (count == Varint.MALFORMED) {
            return -1;
        }
        int at = Varint.end(count);
        for (int i = 0; i < 2 * Varint.value(count); i++) {
            long length = Varint.decode(frames, at, end);
            int size = Math.max(0, Varint.value(length) - i % 2); // of a value: one more, 0 is null
            if (length == Varint.MALFORMED || size > end - Varint.end(length)) {
                return -1;
            }
            at = Varint.end(length) + size;
        }
        return at;
    }

    private void addBytes(int lengths, int column, ByteBuffer frames, int from, int to) {
        numbers[lengths].add(to - from);
        bytes[column].add(frames, from, to - from);
    }

    /** Whether the values can be stored as planes. */
    boolean hasPlanes() {
        NumberColumn lengths = plans[ColumnarFormat.VALUE_LENGTHS];
        return lengths.count() > 0
                && lengths.isConstant()
                && lengths.base() > 0
                && lengths.base() <= ColumnarFormat.MAX_PLANES;
    }

    /**
     * Writes the columns of the block that was read.
     *
     * @param planes whether values are stored as planes
     * @return the block, or null if it would be larger than the frames; the caller closes it
     */
    @Nullable
    PooledBuffer encode(boolean planes) {
        long bound = Integer.BYTES + MAX_VARINT_SIZE;
        for (NumberColumn plan : plans) {
            bound += NumberColumnEncoder.sizeBound(plan);
        }
        for (ByteColumnEncoder column : bytes) {
            bound += 1 + 2 * MAX_VARINT_SIZE + column.size();
        }
        if (bound > rawBytes + (long) rawBytes) {
            return null;
        }
        try (PooledBuffer room = buffers.take((int) bound)) {
            ByteBuffer target = room.bytes();
            target.putInt(crc);
            Varint.put(target, frameCount);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i].write(plans[i], target);
            }
            bytes[ColumnarFormat.KEYS].writeJoined(target);
            bytes[ColumnarFormat.HEADERS].writeJoined(target);
            writeValues(target, planes);
            return target.position() > rawBytes ? null : copy(target.flip());
        }
    }

    private void writeValues(ByteBuffer target, boolean planes) {
        ByteColumnEncoder values = bytes[ColumnarFormat.VALUES];
        if (values.size() == 0) {
            values.writeJoined(target);
        } else if (planes) {
            values.writePlanes(target, (int) numbers[ColumnarFormat.VALUE_LENGTHS].first());
        } else {
            values.writeWithMode(target);
        }
    }

    /** A buffer whose capacity is what was written: the end of a block is the end of its buffer. */
    private PooledBuffer copy(ByteBuffer written) {
        PooledBuffer exact = buffers.take(written.remaining());
        exact.bytes().put(0, written, 0, written.remaining());
        return exact;
    }
}
