package io.firn.segment;

import io.firn.fs.PooledBuffer;

/**
 * A sealed segment as blocks of whole frames, numbered from 0, without gaps between them: what its readers load at once
 * and ahead. Thread-safe.
 */
interface SegmentBlocks {
    /** Number of blocks. */
    int blockCount();

    /** The block that holds a raw offset in [dataStart, dataEnd). */
    int blockAt(long rawOffset);

    /** Raw offset of the block's first frame. */
    long blockStart(int block);

    /** Raw offset behind the block's last frame. */
    long blockEnd(int block);

    /** Raw offset behind the last frame. */
    long dataEnd();

    /** Gives a block to a reader that jumps to it. The caller closes the buffer. */
    PooledBuffer randomBlock(int block);

    /** Gives a block to a reader that comes from the block before. The caller closes the buffer. */
    PooledBuffer scannedBlock(int block);

    /** The same on another thread than the reader's, which may do some of its work. The caller closes the buffer. */
    LoadedBlock aheadBlock(int block);
}
