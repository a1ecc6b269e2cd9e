package io.firn.segment;

import io.firn.record.FrameFormat;
import io.firn.record.Varint;
import java.nio.ByteBuffer;

/**
 * Builds frames of decoded columns: length words, kinds, bodies and padding; timestamps and sequences come afterwards.
 * Frames are built in order, so that a copy may run up to eight bytes over the end of a frame. Confined to one thread.
 */
final class ColumnarBodies {
    /** Longer copies are left to the JDK. */
    private static final int SHORT_COPY = 24;

    private static final int FLAGS_SHIFT = Short.SIZE;
    private static final int NOT_ONLY_A_VALUE = FrameFormat.FLAG_NULL_VALUE
            | FrameFormat.FLAG_CONTROL
            | FrameFormat.FLAG_CONTEXT
            | FrameFormat.FLAG_KEY
            | FrameFormat.FLAG_HEADERS;

    private final ByteBuffer block;
    private final int blockBytes;
    private final ByteBuffer frames;
    private final int rawBytes;
    private final Columns columns;
    private final ByteBuffer starts;
    private final ByteBuffer valueEnds;
    private final boolean joined;
    private int keysAt;
    private int headersAt;
    private int valuesAt;
    private int valueCount;
    private int controlFrames;

    /** The columns that bodies are built of; lengths add up to the sizes of the bytes. */
    record Columns(
            IntColumn kinds,
            IntColumn contexts,
            IntColumn keyLengths,
            IntColumn headerLengths,
            IntColumn valueLengths,
            ColumnarDecoder.ByteColumn keys,
            ColumnarDecoder.ByteColumn headers,
            ColumnarDecoder.ByteColumn values) {
        boolean allUsed() {
            return contexts.isUsedUp() && keyLengths.isUsedUp() && headerLengths.isUsedUp() && valueLengths.isUsedUp();
        }
    }

    /**
     * Creates the builder.
     *
     * @param block the columns' bytes
     * @param frames where the frames go, all of it
     * @param starts where the offsets of frames go, ints
     * @param valueEnds where the offsets behind values go if they are planes, ints
     */
    ColumnarBodies(ByteBuffer block, ByteBuffer frames, Columns columns, ByteBuffer starts, ByteBuffer valueEnds) {
        this.block = block;
        this.blockBytes = block.capacity();
        this.frames = frames;
        this.rawBytes = frames.capacity();
        this.columns = columns;
        this.starts = starts;
        this.valueEnds = valueEnds;
        this.joined = !columns.values.planes();
        this.keysAt = columns.keys.at();
        this.headersAt = columns.headers.at();
        this.valuesAt = columns.values.at();
    }

    /** Builds all frames. */
    void build(int frameCount) {
        IntColumn kinds = columns.kinds;
        int start = 0;
        for (int i = 0; i < frameCount; i++) {
            int kind = kinds.at(i);
            int flags = kind >>> FLAGS_SHIFT;
            int body = checkedEnd(start, FrameFormat.FIXED_SIZE);
            int end = (flags & NOT_ONLY_A_VALUE) == 0 ? putValue(body) : putParts(body, flags);
            int next = start + FrameFormat.paddedLength(end - start);
            putZeros(end, next);
            frames.putLong(start, end - start);
            frames.putInt(start + FrameFormat.TYPE_OFFSET, kind);
            starts.putInt(i * Integer.BYTES, start);
            start = next;
        }
        if (start != rawBytes || !columns.allUsed()) {
            throw new IllegalArgumentException("columns for " + start + " bytes of frames instead of " + rawBytes);
        }
        if (!joined && valueCount > 0) {
            ColumnarDecoder.ByteColumn values = columns.values;
            BytePlanes.Items items = new BytePlanes.Items(valueCount, values.size() / valueCount, values.deltas());
            BytePlanes.decode(block, values.at(), items, frames, valueEnds);
        }
    }

    /** The end of so many bytes, if it lies within the frames. */
    private int checkedEnd(int at, int size) {
        if (size > rawBytes - at) {
            throw new IllegalArgumentException("columns for more than " + rawBytes + " bytes of frames");
        }
        return at + size;
    }

    /** Planes fill the value in later: what they need is where it ends. */
    private int putValue(int at) {
        int length = columns.valueLengths.next();
        int end = checkedEnd(at, length);
        if (joined) {
            copy(valuesAt, at, length);
            valuesAt += length;
        } else {
            valueEnds.putInt(valueCount++ * Integer.BYTES, end);
        }
        return end;
    }

    private int putParts(int body, int flags) {
        if ((flags & FrameFormat.FLAG_CONTROL) != 0) {
            controlFrames++;
            return putHeaders(body);
        }
        int at = body;
        if ((flags & FrameFormat.FLAG_CONTEXT) != 0) {
            at = putVarint(at, columns.contexts.next());
        }
        if ((flags & FrameFormat.FLAG_KEY) != 0) {
            at = putKey(at);
        }
        if ((flags & FrameFormat.FLAG_HEADERS) != 0) {
            at = putHeaders(at);
        }
        return (flags & FrameFormat.FLAG_NULL_VALUE) != 0 ? at : putValue(at);
    }

    private int putKey(int index) {
        int length = columns.keyLengths.next();
        int at = putVarint(index, length);
        int end = checkedEnd(at, length);
        copy(keysAt, at, length);
        keysAt += length;
        return end;
    }

    private int putHeaders(int at) {
        int length = columns.headerLengths.next();
        int end = checkedEnd(at, length);
        copy(headersAt, at, length);
        headersAt += length;
        return end;
    }

    private int putVarint(int at, int number) {
        if (number <= Byte.MAX_VALUE) {
            int end = checkedEnd(at, 1);
            frames.put(at, (byte) number);
            return end;
        }
        checkedEnd(at, Varint.sizeOf(number));
        return Varint.put(frames, at, number);
    }

    /** Copies in words, over the end, wherever there is room for that; what is overwritten is built later. */
    private void copy(int from, int to, int length) {
        if (length > SHORT_COPY || length + Long.BYTES > blockBytes - from || length + Long.BYTES > rawBytes - to) {
            frames.put(to, block, from, length);
            return;
        }
        for (int i = 0; i < length; i += Long.BYTES) {
            frames.putLong(to + i, block.getLong(from + i));
        }
    }

    private void putZeros(int from, int to) {
        if (Long.BYTES <= rawBytes - from) {
            frames.putLong(from, 0);
            return;
        }
        for (int at = from; at < to; at++) {
            frames.put(at, (byte) 0);
        }
    }

    /** Control frames have neither timestamp nor sequence. */
    void clearControlFrames(int frameCount) {
        for (int i = 0; controlFrames > 0 && i < frameCount; i++) {
            int flags = columns.kinds.at(i) >>> FLAGS_SHIFT;
            if ((flags & FrameFormat.FLAG_CONTROL) != 0) {
                int start = starts.getInt(i * Integer.BYTES);
                frames.putLong(start + FrameFormat.TIMESTAMP_OFFSET, 0);
                frames.putInt(start + FrameFormat.SEQUENCE_OFFSET, 0);
                controlFrames--;
            }
        }
    }
}
