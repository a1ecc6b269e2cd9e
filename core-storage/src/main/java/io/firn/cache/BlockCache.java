package io.firn.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.firn.fs.PooledBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decompressed blocks, kept by W-TinyLFU up to a number of bytes; a block that several threads miss is loaded once.
 *
 * <p>Blocks are direct, pooled and counted by references: the cache holds one, every reader its own, so evicting a
 * block that is being read only means that its last reader gives the memory back. (Heap arrays of a mebibyte would be
 * humongous objects for G1, and decompressing into them would block the collector.) Thread-safe.
 */
public final class BlockCache implements AutoCloseable {
    /** Enough bins that loads of different blocks seldom wait for each other. */
    private static final int INITIAL_CAPACITY = 1024;

    private final Cache<BlockKey, PooledBuffer> blocks;
    private final long maxBytes;

    private BlockCache(long maxBytes) {
        this.maxBytes = maxBytes;
        this.blocks = Caffeine.newBuilder()
                .initialCapacity(INITIAL_CAPACITY)
                .maximumWeight(maxBytes)
                .weigher((BlockKey key, PooledBuffer block) -> block.memoryBytes())
                .executor(Runnable::run)
                .removalListener(BlockCache::release)
                .recordStats()
                .build();
    }

    /**
     * Creates a cache.
     *
     * @param maxBytes most bytes of memory that cached blocks may occupy, {@code >= 0}; 0 caches nothing
     */
    public static BlockCache ofBytes(long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + " is negative");
        }
        return new BlockCache(maxBytes);
    }

    /** Most bytes that cached blocks may occupy. */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * Gives a block, loading it when it is absent. What the loader throws is thrown, and nothing is cached then.
     *
     * @param key the block
     * @param loader reads it, called at most once at a time for a key; must not use this cache
     * @return the block with a reference of the caller's own, which the caller closes; do not change the bytes
     */
    public PooledBuffer get(BlockKey key, Supplier<PooledBuffer> loader) {
        while (true) {
            Load load = new Load(loader);
            PooledBuffer block = blocks.get(key, load::run);
            if (load.loaded != null) {
                return load.loaded;
            }
            if (block.retain()) {
                return block;
            }
            // evicted between the look-up and retain(): look again, at worst this thread loads it
        }
    }

    /**
     * Gives a block if it is there. Neither statistics nor the order of eviction notice: a scan that looks here does
     * not make its blocks seem popular.
     *
     * @return the block with a reference of the caller's own, which the caller closes, or null
     */
    public @Nullable PooledBuffer peek(BlockKey key) {
        PooledBuffer block = blocks.policy().getIfPresentQuietly(key);
        return block != null && block.retain() ? block : null;
    }

    /** A load that keeps a reference for the loading thread, so that instant eviction cannot take its block away. */
    private static final class Load {
        private final Supplier<PooledBuffer> loader;
        private @Nullable PooledBuffer loaded;

        Load(Supplier<PooledBuffer> loader) {
            this.loader = loader;
        }

        PooledBuffer run(BlockKey key) {
            PooledBuffer block = loader.get();
            if (!block.retain()) {
                throw new IllegalStateException("The loader of " + key + " gave a buffer that it had given back");
            }
            loaded = block;
            return block;
        }
    }

    private static void release(@Nullable BlockKey key, @Nullable PooledBuffer block, RemovalCause cause) {
        if (block != null) {
            block.close();
        }
    }

    /** Forgets the blocks of a file. */
    public void forget(String file) {
        blocks.asMap().keySet().removeIf(key -> key.file().equals(file));
    }

    /** What the cache did so far and holds now. */
    public BlockCacheStats stats() {
        CacheStats stats = blocks.stats();
        long bytes = blocks.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
        return new BlockCacheStats(
                stats.hitCount(), stats.missCount(), stats.loadFailureCount(), stats.evictionCount(), bytes);
    }

    /** Forgets all blocks. */
    @Override
    public void close() {
        blocks.invalidateAll();
        blocks.cleanUp();
    }
}
