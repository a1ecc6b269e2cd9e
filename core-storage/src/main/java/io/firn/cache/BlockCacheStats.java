package io.firn.cache;

/**
 * Counters of a {@link BlockCache}.
 *
 * @param hits look-ups that found the block
 * @param misses look-ups that loaded the block
 * @param failedLoads loads that threw
 * @param evictions blocks that gave way to others
 * @param bytes memory that the cached blocks occupy now
 */
public record BlockCacheStats(long hits, long misses, long failedLoads, long evictions, long bytes) {}
