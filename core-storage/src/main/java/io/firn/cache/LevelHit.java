package io.firn.cache;

import io.firn.fs.PooledBuffer;

/**
 * The stored form of a block that a level had.
 *
 * @param stored the bytes, with one reference that the caller closes
 * @param promoted whether this hit moves the block one level up
 */
record LevelHit(PooledBuffer stored, boolean promoted) {}
