package io.firn.cache;

/**
 * What a {@link CacheHierarchy} did since it was opened or its counters were reset.
 *
 * @param l1 blocks in memory
 * @param l2 the fast local level
 * @param l3 the large local level
 * @param loads blocks that were read from the store
 * @param failedLoads loads that threw
 * @param droppedDemotions evicted blocks that were not offered to the level below because too many were waiting
 */
public record CacheStats(
        LevelStats l1, LevelStats l2, LevelStats l3, long loads, long failedLoads, long droppedDemotions) {}
