package io.firn.segment;

import io.firn.fs.PooledBuffer;

/**
 * A block in memory.
 *
 * @param memory its bytes, with a reference that whoever takes the block closes
 * @param checked whether all its frames are known to be valid, so that its reader need not check them
 */
record LoadedBlock(PooledBuffer memory, boolean checked) {}
