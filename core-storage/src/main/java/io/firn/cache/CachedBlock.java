package io.firn.cache;

import io.firn.fs.PooledBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A block in memory, with its stored form where a level below may want it. Owns one reference of each. Thread-safe.
 *
 * @param block the form that readers use
 * @param stored the stored form, or null; may be the same buffer
 * @param kept whether the block shall stay in memory; else it serves the reader who asked, and nobody else
 */
record CachedBlock(PooledBuffer block, @Nullable PooledBuffer stored, boolean kept) {
    /** Memory that both forms occupy. */
    int memoryBytes() {
        int storedBytes = stored == null || stored == block ? 0 : stored.memoryBytes();
        return block.memoryBytes() + storedBytes;
    }

    /** Gives both references back. */
    void release() {
        block.close();
        if (stored != null) {
            stored.close();
        }
    }
}
