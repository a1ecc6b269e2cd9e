package io.firn.cache;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a level does. Thread-safe. */
final class LevelCounters {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder promotions = new LongAdder();
    final LongAdder demotions = new LongAdder();
    final LongAdder evictions = new LongAdder();
    final LongAdder damaged = new LongAdder();
    final LongAdder failures = new LongAdder();

    LevelStats stats(long entries, long bytes) {
        return new LevelStats(
                hits.sum(),
                misses.sum(),
                promotions.sum(),
                demotions.sum(),
                evictions.sum(),
                damaged.sum(),
                failures.sum(),
                entries,
                bytes);
    }

    void reset() {
        hits.reset();
        misses.reset();
        promotions.reset();
        demotions.reset();
        evictions.reset();
        damaged.reset();
        failures.reset();
    }
}
