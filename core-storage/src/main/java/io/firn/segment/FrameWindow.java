package io.firn.segment;

import java.nio.ByteBuffer;

/**
 * A private copy of a stretch of a segment's raw bytes, through which a {@link FrameCursor} walks. Confined to one
 * thread.
 */
interface FrameWindow extends AutoCloseable {
    /** The bytes, direct and little-endian; index 0 stands for {@link #startOffset}. Changes only in {@link #load}. */
    ByteBuffer buffer();

    /** Raw offset of the buffer's first byte. */
    long startOffset();

    /** Raw offset behind the buffer's last valid byte. */
    long endOffset();

    /** Raw offset up to which the frames of the buffer are known to be valid; those behind it are to be checked. */
    default long checkedEnd() {
        return 0;
    }

    /**
     * Makes bytes from an offset on available, at least so many unless the source or the limit ends before. What was
     * read before is read again: it may have changed.
     *
     * @param limit raw offset that is not read beyond
     */
    void load(long offset, long minBytes, long limit);

    /**
     * Whether a frame or the end word may have been published at an offset since it was loaded; cheap. False is
     * certain: nothing is there yet.
     */
    default boolean mayHold(long offset) {
        return true;
    }

    @Override
    void close();
}
