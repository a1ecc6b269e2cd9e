package io.firn.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.firn.fs.PooledBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
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

    private final Cache<BlockKey, CachedBlock> blocks;
    private final long maxBytes;
    private final LongAdder failedLoads = new LongAdder();

    private BlockCache(long maxBytes, BiConsumer<BlockKey, CachedBlock> onEviction) {
        this.maxBytes = maxBytes;
        this.blocks = Caffeine.newBuilder()
                .initialCapacity(INITIAL_CAPACITY)
                .maximumWeight(maxBytes)
                .weigher((BlockKey key, CachedBlock block) -> block.memoryBytes())
                .executor(Runnable::run)
                .removalListener((@Nullable BlockKey key, @Nullable CachedBlock block, RemovalCause cause) -> {
                    if (key != null && block != null) {
                        removed(key, block, cause, onEviction);
                    }
                })
                .recordStats()
                .build();
    }

    /**
     * Creates a cache.
     *
     * @param maxBytes most bytes of memory that cached blocks may occupy, {@code >= 0}; 0 caches nothing
     */
    public static BlockCache ofBytes(long maxBytes) {
        return ofBytes(maxBytes, (key, block) -> {});
    }

    /** The same; blocks that give way to others are shown before their references are given back. */
    static BlockCache ofBytes(long maxBytes, BiConsumer<BlockKey, CachedBlock> onEviction) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + " is negative");
        }
        return new BlockCache(maxBytes, onEviction);
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
        return load(key, missed -> new CachedBlock(loader.get(), null, true));
    }

    /** The same; the loader decides whether the block stays. */
    PooledBuffer load(BlockKey key, Function<BlockKey, CachedBlock> loader) {
        while (true) {
            Load load = new Load(loader, failedLoads);
            CachedBlock block = blocks.get(key, load::run);
            if (load.loaded != null) {
                return load.loaded;
            }
            if (block != null && block.block().retain()) {
                return block.block();
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
        CachedBlock block = blocks.policy().getIfPresentQuietly(key);
        return block != null && block.block().retain() ? block.block() : null;
    }

    /** A load that keeps a reference for the loading thread, so that instant eviction cannot take its block away. */
    private static final class Load {
        private final Function<BlockKey, CachedBlock> loader;
        private final LongAdder failures;
        private @Nullable PooledBuffer loaded;

        Load(Function<BlockKey, CachedBlock> loader, LongAdder failures) {
            this.loader = loader;
            this.failures = failures;
        }

        @Nullable
        CachedBlock run(BlockKey key) {
            boolean complete = false;
            try {
                CachedBlock block = loader.apply(key);
                if (!block.block().retain()) {
                    throw new IllegalStateException("The loader of " + key + " gave a buffer that it had given back");
                }
                complete = true;
                loaded = block.block();
                if (block.kept()) {
                    return block;
                }
                block.release();
                return null;
            } finally {
                if (!complete) {
                    failures.increment();
                }
            }
        }
    }

    private static void removed(
            BlockKey key, CachedBlock block, RemovalCause cause, BiConsumer<BlockKey, CachedBlock> onEviction) {
        try {
            if (cause == RemovalCause.SIZE) {
                onEviction.accept(key, block);
            }
        } finally {
            block.release();
        }
    }

    /** Forgets the blocks of a file. */
    public void forget(String file) {
        forget(key -> key.isOf(file));
    }

    /** Forgets blocks. */
    void forget(Predicate<BlockKey> unwanted) {
        blocks.asMap().keySet().removeIf(unwanted);
    }

    /** Takes a block and its references over, instead of one that may be there. */
    void put(BlockKey key, CachedBlock block) {
        blocks.put(key, block);
    }

    /** Gives every block's key and forms, the one that would be evicted first in front; for the owner, at the end. */
    List<Map.Entry<BlockKey, CachedBlock>> coldestFirst() {
        return new ArrayList<>(eviction().coldest(Integer.MAX_VALUE).entrySet());
    }

    private Policy.Eviction<BlockKey, CachedBlock> eviction() {
        return blocks.policy().eviction().orElseThrow();
    }

    /** Whether a block is here; neither statistics nor the order of eviction notice. */
    boolean contains(BlockKey key) {
        return blocks.policy().getIfPresentQuietly(key) != null;
    }

    /** Blocks that are here. */
    long count() {
        return blocks.estimatedSize();
    }

    /** Carries out what is due: evictions above all. */
    void cleanUp() {
        blocks.cleanUp();
    }

    /** What the cache did so far and holds now. */
    public BlockCacheStats stats() {
        CacheStats stats = blocks.stats();
        return new BlockCacheStats(
                stats.hitCount(),
                stats.missCount(),
                failedLoads.sum(),
                stats.evictionCount(),
                eviction().weightedSize().orElse(0));
    }

    /** Forgets all blocks. */
    @Override
    public void close() {
        blocks.invalidateAll();
        blocks.cleanUp();
    }
}
