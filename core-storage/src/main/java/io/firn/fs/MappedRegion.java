package io.firn.fs;

import java.nio.ByteBuffer;

/**
 * A mapped part of a file; in channel mode a copy of it, for reading only.
 *
 * <p>Reference-counted: it starts with one reference, the bytes stay mapped until the last one is closed. Only the
 * package {@code segment} touches the buffer, and never after it has closed its reference. {@link #retain} and {@link
 * #close} are thread-safe; the buffer's content follows the memory model of plain and VarHandle accesses.
 */
public interface MappedRegion extends AutoCloseable {
    /** The mapped bytes, direct, little-endian; index 0 is the start of the region. Do not change position or limit. */
    ByteBuffer buffer();

    /** Offset of the region's first byte in the file. */
    long fileOffset();

    /**
     * Makes bytes of the region durable. The size of the file is made durable by {@link StoreFile#force} only: force
     * the file once after it has grown.
     *
     * @param from first byte, index in the region, inclusive
     * @param to last byte, index in the region, exclusive
     */
    void force(int from, int to);

    /**
     * Whether the memory is the file's page cache: what others write to the file then shows up in it. A region of
     * channel mode is a copy.
     */
    boolean isShared();

    /** Takes one more reference; false when the region is already unmapped. */
    boolean retain();

    /** Gives one reference back; the last one unmaps. Each reference is closed exactly once. */
    @Override
    void close();
}
