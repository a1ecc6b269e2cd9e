package io.firn.cache;

/** A file as a cache sees it: blocks that are numbered without gaps. Thread-safe. */
public interface BlockFile {
    /** Number of blocks. */
    int blockCount();

    /** Memory that a decoded block takes, in bytes. */
    int decodedBytes(int block);

    /** Identity of a block. */
    BlockKey key(int block);

    /** Where a block comes from. After the file was closed it throws a {@link io.firn.error.FirnException}. */
    BlockSource source(int block);
}
