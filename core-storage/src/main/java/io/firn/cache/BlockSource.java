package io.firn.cache;

import io.firn.fs.PooledBuffer;

/**
 * Where a block comes from when no level of a cache has it. Buffers that it gives have one reference, which the caller
 * closes. Used by one thread at a time for a key.
 */
public interface BlockSource {
    /**
     * Reads the stored form of the block, which the local levels keep.
     *
     * @throws io.firn.error.FirnException when it cannot be read
     */
    PooledBuffer readStored();

    /**
     * Makes the form that readers use, which the level in memory keeps.
     *
     * @param stored the stored form; not closed here. It may come from a local level, so every check that protects
     *     against another block's or file's bytes belongs here
     * @return a buffer of its own, or {@code stored} itself with one more reference
     * @throws io.firn.error.CorruptDataException when the bytes are not those of the block
     */
    PooledBuffer decode(PooledBuffer stored);
}
