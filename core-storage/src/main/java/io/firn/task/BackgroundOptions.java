package io.firn.task;

import java.time.Duration;

/**
 * Whether and how often background work is done. Immutable; thread-safe.
 *
 * @param enabled whether {@link BackgroundProcessor#start} starts anything
 * @param cacheInterval time between two rounds of cache maintenance
 * @param compactionInterval time between two rounds of compaction
 * @param metricsInterval time between two collections of metrics
 * @param cleanupInterval time between two removals of expired data
 * @param stopTimeout how long stopping waits for running work, and once more after interrupting it
 */
public record BackgroundOptions(
        boolean enabled,
        Duration cacheInterval,
        Duration compactionInterval,
        Duration metricsInterval,
        Duration cleanupInterval,
        Duration stopTimeout) {

    private static final BackgroundOptions DEFAULTS = new BackgroundOptions(
            true,
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofSeconds(30));

    /** Checks that the times are positive. */
    public BackgroundOptions {
        requirePositive("cacheInterval", cacheInterval);
        requirePositive("compactionInterval", compactionInterval);
        requirePositive("metricsInterval", metricsInterval);
        requirePositive("cleanupInterval", cleanupInterval);
        requirePositive("stopTimeout", stopTimeout);
    }

    /** Enabled; cache 30 s, compaction 5 min, metrics 10 s, cleanup 1 h; stopping waits 30 s. */
    public static BackgroundOptions defaults() {
        return DEFAULTS;
    }

    /** The defaults, but nothing is started. */
    public static BackgroundOptions disabled() {
        return new BackgroundOptions(
                false,
                DEFAULTS.cacheInterval,
                DEFAULTS.compactionInterval,
                DEFAULTS.metricsInterval,
                DEFAULTS.cleanupInterval,
                DEFAULTS.stopTimeout);
    }

    static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be positive");
        }
    }
}
