package io.firn.segment;

import io.firn.record.FrameFormat;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Builds frames of decoded columns, some at a time: length words, kinds, bodies and padding; timestamps and sequences
 * come afterwards. Frames are built in order, so that a copy may run over the end of a frame.
 * Confined to one thread.
 */
final class ColumnarBodies {
    /** Longer copies are left to the JDK; of shorter ones so much is copied: their lengths cannot be predicted. */
    private static final int SHORT_COPY = 3 * Long.BYTES;

    private static final int FLAGS_SHIFT = Short.SIZE;
    private static final int NOT_ONLY_A_VALUE = FrameFormat.FLAG_NULL_VALUE
            | FrameFormat.FLAG_CONTROL
            | FrameFormat.FLAG_CONTEXT
            | FrameFormat.FLAG_KEY
            | FrameFormat.FLAG_HEADERS;

    private static final int[] NONE = {};

    private final ByteBuffer block;
    private final int blockBytes;
    private final ByteBuffer frames;
    private final int rawBytes;
    private final Columns columns;
    private final int[] starts;
    /** Where the values of these frames end, of values that are planes. */
    private final int[] valueEnds;

    private final Rest keys;
    private final Rest headers;
    private final Rest values;
    /** Bytes of the frames that were built. */
    private int built;

    private int valueCount;
    private int controlFrames;

    /** The columns that bodies are built of; planes instead of the values if these are planes. */
    record Columns(
            IntColumn kinds,
            IntColumn contexts,
            IntColumn keyLengths,
            IntColumn headerLengths,
            IntColumn valueLengths,
            ColumnarDecoder.ByteColumn keys,
            ColumnarDecoder.ByteColumn headers,
            ColumnarDecoder.ByteColumn values,
            @Nullable BytePlanes planes) {
        boolean allUsed() {
            return contexts.isUsedUp() && keyLengths.isUsedUp() && headerLengths.isUsedUp() && valueLengths.isUsedUp();
        }
    }

    /** What is left of a column of bytes. */
    private static final class Rest {
        private final int end;
        private int at;

        Rest(ColumnarDecoder.ByteColumn column) {
            this.at = column.at();
            this.end = column.at() + column.size();
        }

        int take(int length) {
            int from = at;
            if (length > end - from) {
                throw new IllegalArgumentException("lengths of more bytes than there are in a column");
            }
            at = from + length;
            return from;
        }

        boolean isUsedUp() {
            return at == end;
        }
    }

    /**
     * Creates the builder.
     *
     * @param block the columns' bytes
     * @param frames where the frames go, all of it
     * @param starts where the offsets of frames go, of as many as are built at a time
     */
    ColumnarBodies(ByteBuffer block, ByteBuffer frames, Columns columns, int[] starts) {
        this.block = block;
        this.blockBytes = block.capacity();
        this.frames = frames;
        this.rawBytes = frames.capacity();
        this.columns = columns;
        this.starts = starts;
        this.valueEnds = columns.planes == null ? NONE : new int[starts.length];
        this.keys = new Rest(columns.keys);
        this.headers = new Rest(columns.headers);
        this.values = new Rest(columns.values);
    }

    /** Builds the next frames. */
    void build(int count) {
        IntColumn kinds = columns.kinds;
        int start = built;
        valueCount = 0;
        controlFrames = 0;
        for (int i = 0; i < count; i++) {
            int kind = kinds.next();
            int flags = kind >>> FLAGS_SHIFT;
            int body = checkedEnd(start, FrameFormat.FIXED_SIZE);
            int bodyEnd = (flags & NOT_ONLY_A_VALUE) == 0 ? putValue(body) : putParts(body, flags);
            int behind = start + FrameFormat.paddedLength(bodyEnd - start);
            putZeros(bodyEnd, behind);
            frames.putLong(start, bodyEnd - start);
            frames.putInt(start + FrameFormat.TYPE_OFFSET, kind);
            starts[i] = start;
            start = behind;
        }
        if (columns.planes != null) {
            columns.planes.decode(frames, valueEnds, valueCount);
        }
        built = start;
    }

    /** Bytes of the frames that were built so far. */
    int built() {
        return built;
    }

    /** All frames are built: nothing of the columns may be left. */
    void checkComplete() {
        boolean bytesUsed = keys.isUsedUp() && headers.isUsedUp() && (columns.planes != null || values.isUsedUp());
        if (built != rawBytes || !bytesUsed || !columns.allUsed()) {
            throw new IllegalArgumentException("columns for " + built + " bytes of frames instead of " + rawBytes);
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
        if (columns.planes == null) {
            copy(values.take(length), at, length);
        } else {
            valueEnds[valueCount++] = end;
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
        copy(keys.take(length), at, length);
        return end;
    }

    private int putHeaders(int at) {
        int length = columns.headerLengths.next();
        int end = checkedEnd(at, length);
        copy(headers.take(length), at, length);
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

    /** Always copies as much, over the end, wherever there is room for that; what is overwritten is built later. */
    private void copy(int from, int to, int length) {
        if (length > SHORT_COPY || SHORT_COPY > blockBytes - from || SHORT_COPY > rawBytes - to) {
            frames.put(to, block, from, length);
            return;
        }
        frames.putLong(to, block.getLong(from));
        frames.putLong(to + Long.BYTES, block.getLong(from + Long.BYTES));
        frames.putLong(to + 2 * Long.BYTES, block.getLong(from + 2 * Long.BYTES));
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

    /** Of the frames that were built last: control frames have neither timestamp nor sequence. */
    void clearControlFrames(int count) {
        for (int i = 0; controlFrames > 0 && i < count; i++) {
            int flags = frames.getInt(starts[i] + FrameFormat.TYPE_OFFSET) >>> FLAGS_SHIFT;
            if ((flags & FrameFormat.FLAG_CONTROL) != 0) {
                frames.putLong(starts[i] + FrameFormat.TIMESTAMP_OFFSET, 0);
                frames.putInt(starts[i] + FrameFormat.SEQUENCE_OFFSET, 0);
                controlFrames--;
            }
        }
    }
}
