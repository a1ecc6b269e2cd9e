package io.firn.segment;

import io.firn.fs.BufferPool;

/**
 * What readers of segments share.
 *
 * @param buffers where read buffers come from
 * @param readBufferBytes size of a cursor's buffer, {@code >= 4096}; it grows for larger records
 */
public record SegmentAccess(BufferPool buffers, int readBufferBytes) {
    /** The default of {@code readBufferBytes}. */
    public static final int DEFAULT_READ_BUFFER_BYTES = 256 << 10;

    /** The smallest read buffer. */
    public static final int MIN_READ_BUFFER_BYTES = 4096;

    /** Checks the size. */
    public SegmentAccess {
        if (readBufferBytes < MIN_READ_BUFFER_BYTES) {
            throw new IllegalArgumentException("read buffer of " + readBufferBytes + " bytes");
        }
    }

    /** Access with read buffers of the default size. */
    public static SegmentAccess of(BufferPool buffers) {
        return new SegmentAccess(buffers, DEFAULT_READ_BUFFER_BYTES);
    }

    /** The same with another size of read buffers: many open cursors share a bound of memory. */
    public SegmentAccess withReadBufferBytes(int bytes) {
        return new SegmentAccess(buffers, bytes);
    }
}
