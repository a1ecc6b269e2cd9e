package io.firn.segment;

import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.record.FrameFormat;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Turns a columnar block back into its frames, whose checksum words are zero.
 *
 * <p>Whatever the block says: memory is bounded by the size of the frames, which the caller knows from the checked
 * index, and the result is what was encoded or an exception. Confined to one thread.
 *
 * @see ColumnarFormat
 * @see ColumnarEncoder
 */
final class ColumnarDecoder {
    /** So many frames are built, completed and checked before the next ones, so that they are still in the cache. */
    private static final int FRAMES_AT_A_TIME = 64;

    private final ByteBuffer block;
    private final int crc;
    private final int frameCount;
    private final NumberColumn[] numbers = new NumberColumn[ColumnarFormat.NUMBER_COLUMNS];
    private final ByteColumn[] bytes = new ByteColumn[ColumnarFormat.BYTE_COLUMNS];

    /** Where the bytes of a column stand in the block; {@code deltas} belongs to planes. */
    record ByteColumn(int at, int size, boolean planes, long deltas) {}

    private ColumnarDecoder(ByteBuffer source, int rawBytes) {
        this.block = source.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
        if (block.remaining() < Integer.BYTES) {
            throw new IllegalArgumentException("a columnar block of " + block.remaining() + " bytes");
        }
        this.crc = block.getInt();
        this.frameCount =
                SparseIndexCodec.boundedInt(block, rawBytes / FrameFormat.FIXED_SIZE, "number of frames in a block");
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = NumberColumn.parse(block, frameCount);
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = parseBytes(i == ColumnarFormat.VALUES);
        }
        checkCounts();
    }

    private ByteColumn parseBytes(boolean hasMode) {
        int size = SparseIndexCodec.boundedInt(block, block.remaining(), "size of a column");
        int mode = ColumnarFormat.MODE_JOINED;
        long deltas = 0;
        if (hasMode && size > 0) {
            mode = block.hasRemaining() ? block.get() : -1;
            if (mode == ColumnarFormat.MODE_PLANES) {
                deltas = Varint.get(block);
            } else if (mode != ColumnarFormat.MODE_JOINED) {
                throw new IllegalArgumentException("a byte column of mode " + mode);
            }
        }
        if (size > block.remaining()) {
            throw new IllegalArgumentException("a column of " + size + " bytes is cut off");
        }
        int at = block.position();
        block.position(at + size);
        return new ByteColumn(at, size, mode == ColumnarFormat.MODE_PLANES, deltas);
    }

    private void checkCounts() {
        boolean all = numbers[ColumnarFormat.KINDS].count() == frameCount
                && numbers[ColumnarFormat.TIMESTAMPS].count() == frameCount
                && numbers[ColumnarFormat.SEQUENCES].count() == frameCount;
        if (!all || block.hasRemaining()) {
            throw new IllegalArgumentException("columns that do not fit " + frameCount + " frames");
        }
        NumberColumn lengths = numbers[ColumnarFormat.VALUE_LENGTHS];
        ByteColumn values = bytes[ColumnarFormat.VALUES];
        if (values.planes() && !arePlanesOf(values, lengths)) {
            throw new IllegalArgumentException("planes of values of different lengths");
        }
    }

    private static boolean arePlanesOf(ByteColumn values, NumberColumn lengths) {
        return lengths.isConstant()
                && lengths.base() > 0
                && lengths.base() <= ColumnarFormat.MAX_PLANES
                && lengths.base() * lengths.count() == values.size();
    }

    /**
     * Decodes a block.
     *
     * @param block its bytes from 0 to the capacity; position and limit do not change
     * @param rawBytes bytes of its frames, at most {@link ColumnarFormat#MAX_RAW_BYTES}
     * @return a buffer of exactly so many bytes, with one reference that the caller closes
     * @throws IllegalArgumentException if the block is not one that an encoder has made of so many bytes
     */
    static PooledBuffer decode(ByteBuffer block, int rawBytes, BufferPool buffers) {
        ColumnarDecoder decoder = new ColumnarDecoder(block, rawBytes);
        PooledBuffer frames = buffers.take(rawBytes);
        boolean complete = false;
        try {
            decoder.decode(frames.bytes());
            complete = true;
            return frames;
        } finally {
            if (!complete) {
                frames.close();
            }
        }
    }

    private void decode(ByteBuffer frames) {
        int[] starts = new int[FRAMES_AT_A_TIME];
        long[] scratch = new long[FRAMES_AT_A_TIME];
        ColumnarBodies bodies = new ColumnarBodies(block, frames, columns(scratch), starts);
        NumberDecoder timestamps = new NumberDecoder(numbers[ColumnarFormat.TIMESTAMPS], block);
        NumberDecoder sequences = new NumberDecoder(numbers[ColumnarFormat.SEQUENCES], block);
        CRC32C computed = new CRC32C();
        ByteBuffer checked = frames.duplicate().clear();
        for (int from = 0; from < frameCount; from += FRAMES_AT_A_TIME) {
            int count = Math.min(FRAMES_AT_A_TIME, frameCount - from);
            bodies.build(count);
            timestamps.next(scratch, count);
            for (int i = 0; i < count; i++) {
                frames.putLong(starts[i] + FrameFormat.TIMESTAMP_OFFSET, scratch[i]);
            }
            sequences.next(scratch, count);
            for (int i = 0; i < count; i++) {
                frames.putInt(starts[i] + FrameFormat.SEQUENCE_OFFSET, (int) scratch[i]);
            }
            bodies.clearControlFrames(count);
            computed.update(checked.limit(Math.min(bodies.built(), checked.capacity())));
        }
        bodies.checkComplete();
        checkCrc((int) computed.getValue());
    }

    private ColumnarBodies.Columns columns(long[] scratch) {
        return new ColumnarBodies.Columns(
                ints(ColumnarFormat.KINDS, scratch),
                ints(ColumnarFormat.CONTEXTS, scratch),
                ints(ColumnarFormat.KEY_LENGTHS, scratch),
                ints(ColumnarFormat.HEADER_LENGTHS, scratch),
                ints(ColumnarFormat.VALUE_LENGTHS, scratch),
                bytes[ColumnarFormat.KEYS],
                bytes[ColumnarFormat.HEADERS],
                bytes[ColumnarFormat.VALUES],
                planes());
    }

    private IntColumn ints(int column, long[] scratch) {
        return new IntColumn(numbers[column], block, scratch);
    }

    private @Nullable BytePlanes planes() {
        ByteColumn values = bytes[ColumnarFormat.VALUES];
        NumberColumn lengths = numbers[ColumnarFormat.VALUE_LENGTHS];
        return values.planes()
                ? new BytePlanes(
                        block,
                        values.at(),
                        new BytePlanes.Items(lengths.count(), (int) lengths.base(), values.deltas()))
                : null;
    }

    private void checkCrc(int computed) {
        if (computed != crc) {
            throw new IllegalArgumentException(
                    String.format("columns decode to frames with CRC 0x%08x, the block says 0x%08x", computed, crc));
        }
    }
}
