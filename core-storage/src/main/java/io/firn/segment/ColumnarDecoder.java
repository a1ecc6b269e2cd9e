package io.firn.segment;

import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.record.FrameFormat;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

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
    private static final int INT_COLUMNS = 6;

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
        if (values.planes() && !(lengths.isConstant() && lengths.base() <= ColumnarFormat.MAX_PLANES)) {
            throw new IllegalArgumentException("planes of values of different lengths");
        }
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
        try (PooledBuffer scratch = buffers.take(decoder.frameCount * INT_COLUMNS * Integer.BYTES)) {
            decoder.decode(frames.bytes(), scratch.bytes());
            decoder.checkCrc(frames.bytes());
            complete = true;
            return frames;
        } finally {
            if (!complete) {
                frames.close();
            }
        }
    }

    private void decode(ByteBuffer frames, ByteBuffer scratch) {
        ByteBuffer starts = ints(scratch, 0);
        ByteBuffer valueEnds = ints(scratch, 1);
        ColumnarBodies.Columns columns = new ColumnarBodies.Columns(
                numbers(ColumnarFormat.KINDS, ints(scratch, 2)),
                numbers(ColumnarFormat.CONTEXTS, ints(scratch, 3)),
                lengths(ColumnarFormat.KEY_LENGTHS, ints(scratch, 4), ColumnarFormat.KEYS),
                lengths(ColumnarFormat.HEADER_LENGTHS, ints(scratch, 5), ColumnarFormat.HEADERS),
                lengths(ColumnarFormat.VALUE_LENGTHS, valueEnds, ColumnarFormat.VALUES),
                bytes[ColumnarFormat.KEYS],
                bytes[ColumnarFormat.HEADERS],
                bytes[ColumnarFormat.VALUES]);
        ColumnarBodies bodies = new ColumnarBodies(block, frames, columns, starts, valueEnds);
        bodies.build(frameCount);
        numbers[ColumnarFormat.TIMESTAMPS].decodeInto(block, frames, starts, FrameFormat.TIMESTAMP_OFFSET, Long.BYTES);
        numbers[ColumnarFormat.SEQUENCES].decodeInto(block, frames, starts, FrameFormat.SEQUENCE_OFFSET, Integer.BYTES);
        bodies.clearControlFrames(frameCount);
    }

    private IntColumn numbers(int column, ByteBuffer room) {
        return IntColumn.decode(numbers[column], block, room);
    }

    /** Lengths add up to the bytes that there are. */
    private IntColumn lengths(int column, ByteBuffer room, int bytesColumn) {
        IntColumn lengths = numbers(column, room);
        int size = bytes[bytesColumn].size();
        if (lengths.sum() != size) {
            throw new IllegalArgumentException("lengths of " + lengths.sum() + " bytes in a column of " + size);
        }
        return lengths;
    }

    private ByteBuffer ints(ByteBuffer scratch, int column) {
        int size = frameCount * Integer.BYTES;
        return scratch.slice(column * size, size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void checkCrc(ByteBuffer frames) {
        CRC32C computed = new CRC32C();
        computed.update(frames.duplicate().clear());
        if ((int) computed.getValue() != crc) {
            throw new IllegalArgumentException(String.format(
                    "columns decode to frames with CRC 0x%08x, the block says 0x%08x", computed.getValue(), crc));
        }
    }
}
