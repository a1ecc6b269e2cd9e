package io.firn.segment;

import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import io.firn.record.FrameFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tail whose memory is a buffer of the process: records are in the file when the buffer was full, after {@link
 * #flush} and after {@link #force}.
 *
 * <p>A full disk is found when the buffer is written, which leaves its records where they are. Whole stretches are
 * written at aligned offsets, where the page cache has large pages for them. The file grows ahead of its frames without
 * taking space (sparse), so that it never ends in the bytes of a record, which could look like a trailer.
 */
final class BufferedTail extends SegmentTail {
    /** What small segments need; this and the others are classes of the pool. */
    private static final int FIRST_BYTES = 20 << 10;
    /** One stretch and a quarter. */
    private static final int SECOND_BYTES = 80 << 10;
    /** Two stretches and a quarter of them, for the frame that crosses their end. */
    private static final int FULL_BYTES = 160 << 10;

    private final BufferPool buffers;
    private PooledBuffer memory;
    /** Offset in the file of the buffer's first byte. */
    private long start;

    private long written;
    private long checksummed;
    private long sizeBytes;
    private boolean writtenSinceForce = true;

    BufferedTail(StoreFile file, SegmentOptions options, BufferPool buffers) {
        super(file, options);
        this.buffers = buffers;
        this.memory = buffers.take(FIRST_BYTES);
    }

    @Override
    Window nextWindow(long position, long end) {
        updateChecksum(position);
        long next = alignDown(position);
        writeTo(next);
        keepFrom(next, position, capacityFor(next, end));
        return new Window(memory.bytes(), start);
    }

    private static int capacityFor(long next, long end) {
        int needed = (int) (end - next);
        int usual = next > 0 ? FULL_BYTES : needed > FIRST_BYTES ? SECOND_BYTES : FIRST_BYTES;
        return Math.max(needed, usual);
    }

    /** Moves bytes that were not written yet to the front of the buffer, or of another one. */
    private void keepFrom(long next, long position, int capacity) {
        ByteBuffer rest = bytes(next, position);
        PooledBuffer target = capacity == memory.bytes().capacity() ? memory : buffers.take(capacity);
        target.bytes().put(0, rest, rest.position(), rest.remaining());
        if (target != memory) {
            memory.close();
            memory = target;
        }
        start = next;
    }

    @Override
    void writeTo(long position) {
        if (position > written) {
            grow(position + SegmentFormat.TAIL_ROOM);
            writtenSinceForce = true;
            file.write(bytes(written, position), written);
            written = position;
        }
    }

    private void grow(long needed) {
        if (needed > sizeBytes) {
            long size = Math.max(alignUp(needed), sizeAfter(sizeBytes));
            file.write(ByteBuffer.allocate(SegmentFormat.TAIL_ROOM), size - SegmentFormat.TAIL_ROOM);
            sizeBytes = size;
        }
    }

    private ByteBuffer bytes(long from, long to) {
        return memory.bytes().duplicate().limit((int) (to - start)).position((int) (from - start));
    }

    @Override
    void forceWritten() {
        if (writtenSinceForce) {
            file.force();
            writtenSinceForce = false;
        }
    }

    @Override
    void updateChecksum(long position) {
        if (position > checksummed) {
            dataCrc.update(bytes(checksummed, position));
            checksummed = position;
        }
    }

    @Override
    void publishEnd(long dataEnd) {
        ByteBuffer end = ByteBuffer.allocate(SegmentFormat.END_WORD_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        file.write(end.putInt(0, FrameFormat.LENGTH_END), dataEnd);
    }

    @Override
    void releaseMemory() {
        memory.close();
    }
}
