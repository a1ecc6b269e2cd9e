package io.firn.cache;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.PooledBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks in up to three levels before the store: decompressed in memory (L1), as they are stored in local files that
 * survive a restart (L2), and the same in a larger directory (L3). Only L1 is on by default.
 *
 * <p>A block that no level has is loaded once, however many threads ask, and is kept in L1. What L1 evicts moves down
 * to L2, what L2 evicts to L3, each by a policy of its own (W-TinyLFU); what is hit in a local level for the n-th time
 * moves one level up, and stays below as well, so that moving down again costs nothing. At the end L1 moves down.
 *
 * <p>The levels never give wrong bytes: content is identified by its key, entries of the local levels carry checksums,
 * and what {@link BlockSource#decode} refuses is dropped and loaded from elsewhere. Errors of the local levels never
 * reach a reader. Nothing is durable. Thread-safe.
 */
public final class CacheHierarchy implements AutoCloseable {
    /** Keys that are kept for the next run at most. */
    static final int MAX_HOT_KEYS = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(CacheHierarchy.class);

    private final BlockCache l1;
    private final List<LocalLevel> levels;
    private final CacheOptions options;
    private final List<BlockKey> lastHotKeys;
    private final Demotions demotions;
    private final @Nullable Prefetcher prefetcher;
    private final HierarchyCounters counters;
    private boolean closed;

    private CacheHierarchy(CacheOptions options, BlockCache l1, Lower lower, @Nullable Prefetcher prefetcher) {
        this.options = options;
        this.prefetcher = prefetcher;
        this.l1 = l1;
        this.levels = lower.levels;
        this.demotions = lower.demotions;
        this.counters = new HierarchyCounters(options, l1, levels, demotions);
        this.lastHotKeys = levels.isEmpty() ? List.of() : levels.get(0).loadHotKeys();
    }

    private record Lower(List<LocalLevel> levels, Demotions demotions) {}

    /**
     * Who does what no reader waits for.
     *
     * @param demotions writes to local levels
     * @param prefetch loads on guesses
     */
    record Executors(Executor demotions, Executor prefetch) {}

    /** A cache in memory as the only level; closing the hierarchy closes it. */
    public static CacheHierarchy of(BlockCache l1) {
        CacheOptions options = CacheOptions.ofMemory(l1.maxBytes());
        return new CacheHierarchy(options, l1, new Lower(List.of(), new Demotions(List.of(), Runnable::run)), null);
    }

    /**
     * Opens the levels. A local level whose directory another process has, or that cannot be used, is left out.
     *
     * @param store where the local levels keep their files
     * @param options which levels there are
     * @param buffers where stored blocks are read into
     */
    public static CacheHierarchy open(FileStore store, CacheOptions options, BufferPool buffers) {
        return open(store, options, buffers, new Executors(Demotions.newExecutor(), Prefetcher.newExecutor()));
    }

    /** The same on these threads. */
    static CacheHierarchy open(FileStore store, CacheOptions options, BufferPool buffers, Executors executors) {
        List<LocalLevel> levels = new ArrayList<>();
        if (options.enabled()) {
            LocalLevel below = null;
            for (LocalCacheOptions level : List.of(options.l3(), options.l2())) {
                LocalLevel opened = level.isOn()
                        ? LocalLevel.open(store, level, buffers, below).orElse(null)
                        : null;
                if (opened != null) {
                    levels.add(0, opened);
                    below = opened;
                }
            }
        }
        Demotions demotions = new Demotions(List.copyOf(levels), executors.demotions());
        BlockCache l1 = BlockCache.ofBytes(options.enabled() ? options.l1MaxBytes() : 0, demotions::offer);
        Prefetcher prefetcher = options.enabled() && options.prefetchMaxBytes() > 0
                ? new Prefetcher(executors.prefetch(), options.prefetchMaxBytes())
                : null;
        return new CacheHierarchy(options, l1, new Lower(List.copyOf(levels), demotions), prefetcher);
    }

    /** How the levels were set. */
    public CacheOptions options() {
        return options;
    }

    /** Whether L1 is the only level. */
    public boolean isMemoryOnly() {
        return levels.isEmpty();
    }

    /**
     * Gives a block from the highest level that has it, or loads it.
     *
     * @param source reads the block when no level has it; must not use this cache
     * @return a reference of the caller's own, which the caller closes; do not change the bytes
     * @throws RuntimeException what the source throws for bytes of the store; nothing is cached then
     */
    public PooledBuffer get(BlockKey key, BlockSource source) {
        return l1.load(key, missed -> loadMissed(missed, source, options.promoteAfter()));
    }

    private CachedBlock loadMissed(BlockKey key, BlockSource source, int promoteAfter) {
        if (levels.isEmpty()) {
            counters.loaded();
            return new CachedBlock(readAndDecode(source), null, true);
        }
        return descend(key, source, promoteAfter);
    }

    /**
     * Begins the random reads of a file.
     *
     * @return gives the file's blocks and, where prefetch is on, loads some before they are asked for; the caller
     *     closes it before the file
     */
    public BlockStream stream(BlockFile file) {
        return new BlockStream(this, file, prefetcher);
    }

    /** As {@link #get}, but a block that was loaded on a guess is taken from there. */
    PooledBuffer getGuessed(BlockKey key, BlockSource source) {
        Prefetcher guesses = prefetcher;
        return l1.load(key, missed -> {
            CachedBlock guessed = guesses == null ? null : guesses.take(missed);
            return guessed == null ? loadMissed(missed, source, options.promoteAfter()) : guessed;
        });
    }

    /** Loads a block that nobody has asked for yet: from a local level, where that counts as a hit, or the store. */
    CachedBlock loadGuessed(BlockKey key, BlockSource source) {
        return loadMissed(key, source, Integer.MAX_VALUE);
    }

    boolean isInMemory(BlockKey key) {
        return l1.contains(key);
    }

    /**
     * Gives a block to somebody who reads many once: no level keeps it for that, no counter and no policy notices.
     *
     * @return as {@link #get}
     */
    public PooledBuffer scan(BlockKey key, BlockSource source) {
        PooledBuffer cached = l1.peek(key);
        if (cached != null) {
            return cached;
        }
        for (LocalLevel level : levels) {
            try (PooledBuffer stored = level.peek(key)) {
                PooledBuffer block = stored == null ? null : decoded(source, stored);
                if (block != null) {
                    return block;
                }
            }
        }
        return readAndDecode(source);
    }

    private static PooledBuffer readAndDecode(BlockSource source) {
        try (PooledBuffer stored = source.readStored()) {
            return source.decode(stored);
        }
    }

    private CachedBlock descend(BlockKey key, BlockSource source, int promoteAfter) {
        for (int i = 0; i < levels.size(); i++) {
            LevelHit hit = levels.get(i).find(key, promoteAfter);
            if (hit != null) {
                CachedBlock block = served(key, source, hit, i);
                if (block != null) {
                    return block;
                }
                levels.get(i).reject(key);
            }
        }
        counters.loaded();
        return kept(source.readStored(), source);
    }

    /** Makes a block of what a level had, and moves it up if it is due; null when the bytes are not the block's. */
    private @Nullable CachedBlock served(BlockKey key, BlockSource source, LevelHit hit, int levelIndex) {
        boolean used = false;
        try {
            PooledBuffer block = decoded(source, hit.stored());
            if (block == null) {
                return null;
            }
            boolean toMemory = hit.promoted() && levelIndex == 0;
            if (hit.promoted()) {
                levels.get(levelIndex).promoted();
                if (!toMemory) {
                    demotions.raise(key, hit.stored(), levels.get(levelIndex - 1));
                }
            }
            used = true;
            return new CachedBlock(block, hit.stored(), toMemory);
        } finally {
            if (!used) {
                hit.stored().close();
            }
        }
    }

    private static CachedBlock kept(PooledBuffer stored, BlockSource source) {
        boolean complete = false;
        try {
            CachedBlock block = new CachedBlock(source.decode(stored), stored, true);
            complete = true;
            return block;
        } finally {
            if (!complete) {
                stored.close();
            }
        }
    }

    private static @Nullable PooledBuffer decoded(BlockSource source, PooledBuffer stored) {
        try {
            return source.decode(stored);
        } catch (CorruptDataException e) {
            LOG.warn("a cached block is not what its file says, it is loaded from elsewhere", e);
            return null;
        }
    }

    /**
     * Forgets the blocks of a file in every level: it was removed or its content will not be read again.
     *
     * @param identityOrPath the file as in {@link BlockKey#file}, or its path alone for all its contents
     */
    public void forget(String identityOrPath) {
        forget(key -> key.isOf(identityOrPath));
    }

    /** The same for many files, in one pass; given by their paths. */
    public void forgetAll(Set<String> paths) {
        if (!paths.isEmpty()) {
            forget(key -> paths.contains(key.path()));
        }
    }

    private void forget(Predicate<BlockKey> unwanted) {
        l1.forget(unwanted);
        levels.forEach(level -> level.forget(unwanted));
    }

    /**
     * Keeps a block in memory that somebody has just made, so that its first reader finds it. Nothing happens when L1
     * is off; as any block it may have to give way.
     *
     * @param block the form that readers use, which is also the stored one; the caller keeps a reference of his own
     */
    public void put(BlockKey key, PooledBuffer block) {
        if (l1.maxBytes() > 0 && block.retain()) {
            l1.put(key, new CachedBlock(block, levels.isEmpty() || !block.retain() ? null : block, true));
        }
    }

    /** A block of L1, unnoticed; for tests. The caller closes it. */
    @Nullable
    PooledBuffer peekMemory(BlockKey key) {
        return l1.peek(key);
    }

    /** Puts a block into a local level, 0 being the upper one; for tests. */
    boolean putBelow(int level, BlockKey key, PooledBuffer stored) {
        return levels.get(level).put(key, stored);
    }

    /** Keys of the blocks that were in L1 when the last run ended, hottest first; empty without a local level. */
    public List<BlockKey> lastHotKeys() {
        return lastHotKeys;
    }

    /**
     * Loads the blocks that were in L1 when the last run ended, the hottest last.
     *
     * @param sources gives the source of a key, or null for a block that is not wanted any more
     * @return blocks that were loaded; one that cannot be read is left out
     */
    public int warm(Function<BlockKey, @Nullable BlockSource> sources) {
        List<BlockKey> coldestFirst = new ArrayList<>(lastHotKeys);
        Collections.reverse(coldestFirst);
        int warmed = 0;
        for (BlockKey key : coldestFirst) {
            BlockSource source = sources.apply(key);
            if (source != null && warmed(key, source)) {
                warmed++;
            }
        }
        return warmed;
    }

    private boolean warmed(BlockKey key, BlockSource source) {
        try {
            l1.load(key, missed -> loadMissed(missed, source, 1)).close();
            return true;
        } catch (FirnException e) {
            LOG.warn("a block that was hot cannot be read, whoever needs it will learn why block={}", key, e);
            return false;
        }
    }

    /** Carries out what is due; its owner calls it every {@link CacheOptions#maintenanceIntervalMs}. */
    public void maintain() {
        l1.cleanUp();
        levels.forEach(LocalLevel::maintain);
    }

    /** The counters. */
    public CacheStats stats() {
        return counters.stats();
    }

    /** What became of the blocks that were loaded on a guess. */
    public PrefetchStats prefetchStats() {
        return prefetcher == null ? PrefetchStats.NONE : prefetcher.stats();
    }

    /** Decoded bytes of guesses that load or wait at present. */
    long guessedBytes() {
        return prefetcher == null ? 0 : prefetcher.heldBytes();
    }

    /** Sets all counters to zero; what is cached stays. */
    public void resetStats() {
        counters.reset();
        if (prefetcher != null) {
            prefetcher.resetStats();
        }
    }

    /** Moves L1 down to L2, notes what was hot, and gives the directories back. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (prefetcher != null) {
            prefetcher.close();
        }
        demotions.close();
        if (!levels.isEmpty()) {
            keepForNextRun();
        }
        l1.close();
        levels.forEach(LocalLevel::close);
    }

    private void keepForNextRun() {
        List<BlockKey> hottestFirst = new ArrayList<>();
        for (Map.Entry<BlockKey, CachedBlock> entry : l1.coldestFirst()) {
            hottestFirst.add(entry.getKey());
            PooledBuffer stored = entry.getValue().stored();
            if (stored != null && stored.retain()) {
                try (stored) {
                    levels.get(0).put(entry.getKey(), stored);
                }
            }
        }
        Collections.reverse(hottestFirst);
        levels.get(0).saveHotKeys(hottestFirst.subList(0, Math.min(MAX_HOT_KEYS, hottestFirst.size())));
    }
}
