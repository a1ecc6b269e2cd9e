package io.firn.segment;

import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;

/** A window that is filled by positioned reads of a hot segment file. Confined to one thread. */
final class FileWindow implements FrameWindow {
    private final StoreFile file;
    private final BufferPool pool;
    private PooledBuffer memory;
    private ByteBuffer buffer;
    private long startOffset;
    private long endOffset;
    private boolean closed;

    FileWindow(StoreFile file, SegmentAccess access) {
        this.file = file;
        this.pool = access.buffers();
        this.memory = pool.take(access.readBufferBytes());
        this.buffer = memory.bytes();
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public long startOffset() {
        return startOffset;
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public void load(long offset, long minBytes, long limit) {
        long available = limit - offset;
        long wanted = Math.min(minBytes, available);
        startOffset = offset;
        endOffset = offset;
        if (wanted > buffer.capacity()) {
            grow(Math.toIntExact(wanted));
        }
        buffer.clear().limit((int) Math.min(buffer.capacity(), Math.max(0, available)));
        endOffset = offset + file.read(buffer, offset);
    }

    /** Takes bytes from somewhere else that are those of the file at an offset; at most a buffer of the least size. */
    void copy(ByteBuffer source, int index, long offset, int length) {
        buffer.clear().put(0, source, index, length);
        startOffset = offset;
        endOffset = offset + length;
    }

    private void grow(int size) {
        PooledBuffer larger = pool.take(size);
        memory.close();
        memory = larger;
        buffer = larger.bytes();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.close();
        }
    }
}
