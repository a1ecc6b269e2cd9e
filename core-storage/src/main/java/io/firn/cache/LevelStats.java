package io.firn.cache;

/**
 * Counters of one level of a {@link CacheHierarchy}.
 *
 * @param hits look-ups that the level served
 * @param misses look-ups that went on to the next level, damaged entries among them
 * @param promotions blocks that moved from this level to the one above
 * @param demotions blocks that this level evicted and the one below took or had
 * @param evictions blocks that gave way to others
 * @param damaged entries that were dropped because their bytes were not what they should be
 * @param failures reads and writes that the file system refused
 * @param entries blocks that are in the level now
 * @param bytes memory or bytes of slots that they occupy now
 */
public record LevelStats(
        long hits,
        long misses,
        long promotions,
        long demotions,
        long evictions,
        long damaged,
        long failures,
        long entries,
        long bytes) {

    /** The counters of a level that is off. */
    public static final LevelStats NONE = new LevelStats(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Hits of all look-ups, 0 to 1; 0 before the first look-up. */
    public double hitRatio() {
        return hits + misses == 0 ? 0 : (double) hits / (hits + misses);
    }
}
