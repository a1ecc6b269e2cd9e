package io.firn.fs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A direct, little-endian buffer of a {@link BufferPool}, counted by references.
 *
 * <p>It starts with one reference; the last {@link #close} gives the memory back, and nobody may touch the bytes after
 * giving back his own reference. {@link #retain} and {@link #close} are thread-safe; who writes the content publishes
 * it like any other object.
 */
public final class PooledBuffer implements AutoCloseable {
    private final BufferPool pool;
    private final ByteBuffer memory;
    private final ByteBuffer bytes;
    private final AtomicInteger references = new AtomicInteger(1);

    PooledBuffer(BufferPool pool, ByteBuffer memory, int sizeBytes) {
        this.pool = pool;
        this.memory = memory;
        this.bytes = memory.slice(0, sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The bytes: direct, little-endian, writable; its capacity is the requested size. Sharers of a buffer use {@link
     * ByteBuffer#duplicate} or absolute accesses.
     */
    public ByteBuffer bytes() {
        if (references.get() <= 0) {
            throw new IllegalStateException("The buffer was already given back to its pool");
        }
        return bytes;
    }

    /** Bytes of memory that the buffer occupies, at least the size that was asked for. */
    public int memoryBytes() {
        return memory.capacity();
    }

    /** Takes one more reference; false when the buffer was already given back. */
    public boolean retain() {
        int count = references.get();
        while (count > 0) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
            count = references.get();
        }
        return false;
    }

    /** Gives one reference back. Each reference is closed exactly once; one close too many is a programming error. */
    @Override
    public void close() {
        int count = references.decrementAndGet();
        if (count == 0) {
            pool.giveBack(this, memory);
        } else if (count < 0) {
            throw new IllegalStateException("The buffer was given back more often than it was taken");
        }
    }
}
