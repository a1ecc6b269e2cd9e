package io.firn.fs;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An open file. Reads and writes are by position and safe from several threads; errors as in {@link FileStore}.
 *
 * <p>Closing is idempotent and does not close regions that were mapped from the file. It waits for changes running in
 * other threads: after it returns nothing is written through this object. Writing to a file that was opened for reading
 * is an {@link IllegalStateException}, using a closed one a {@link io.firn.error.ClosedException}.
 */
public interface StoreFile extends AutoCloseable {
    /** The path that the file was opened by. */
    Path path();

    /** Current size in bytes. */
    long sizeBytes();

    /**
     * Reads bytes at a position until the buffer is full or the file ends.
     *
     * @return the number of bytes read, 0 at or beyond the end of the file
     */
    int read(ByteBuffer target, long position);

    /** Writes all remaining bytes at a position; the file grows when needed. Not durable before {@link #force}. */
    void write(ByteBuffer source, long position);

    /** Cuts the file to a size; no region may be mapped beyond it. */
    void truncate(long sizeBytes);

    /**
     * Makes content (also what was written through mapped regions) and size durable. Allowed on a file that was opened
     * for reading: a reader makes durable what it is about to rely on. After a failure never use this file again.
     */
    void force();

    /**
     * Maps bytes of the file for reading and writing; they must exist already (write zeros first).
     *
     * @param position start, a multiple of 64 KiB
     * @param sizeBytes length, at most {@code Integer.MAX_VALUE}
     * @throws UnsupportedOperationException in channel mode ({@link FileStore#modeFor}): write by position there
     */
    MappedRegion map(long position, long sizeBytes);

    /**
     * Maps existing bytes for reading only; parameters as in {@link #map}. In channel mode the region is a copy of the
     * bytes as they are now, and does not follow later changes.
     */
    MappedRegion mapReadOnly(long position, long sizeBytes);

    @Override
    void close();
}
