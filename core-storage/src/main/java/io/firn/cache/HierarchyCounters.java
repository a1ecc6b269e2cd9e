package io.firn.cache;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the levels of a hierarchy have counted since the last reset. Thread-safe. */
final class HierarchyCounters {
    private final CacheOptions options;
    private final BlockCache l1;
    private final List<LocalLevel> levels;
    private final Demotions demotions;
    private final LongAdder loads = new LongAdder();
    /** The cache in memory counts from its beginning. */
    private volatile BlockCacheStats baseline = new BlockCacheStats(0, 0, 0, 0, 0);

    HierarchyCounters(CacheOptions options, BlockCache l1, List<LocalLevel> levels, Demotions demotions) {
        this.options = options;
        this.l1 = l1;
        this.levels = levels;
        this.demotions = demotions;
    }

    /** A block comes from the store. */
    void loaded() {
        loads.increment();
    }

    CacheStats stats() {
        BlockCacheStats now = l1.stats();
        BlockCacheStats then = baseline;
        LevelStats memory = new LevelStats(
                now.hits() - then.hits(),
                now.misses() - then.misses(),
                0,
                demotions.done(),
                now.evictions() - then.evictions(),
                0,
                0,
                l1.count(),
                now.bytes());
        return new CacheStats(
                memory,
                statsOf(options.l2()),
                statsOf(options.l3()),
                loads.sum(),
                now.failedLoads() - then.failedLoads(),
                demotions.dropped());
    }

    private LevelStats statsOf(LocalCacheOptions level) {
        return levels.stream()
                .filter(each -> level.isOn() && each.directory().equals(level.directory()))
                .findFirst()
                .map(LocalLevel::stats)
                .orElse(LevelStats.NONE);
    }

    void reset() {
        baseline = l1.stats();
        loads.reset();
        demotions.reset();
        levels.forEach(LocalLevel::resetStats);
    }
}
