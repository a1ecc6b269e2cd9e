package io.firn.series;

import io.firn.metrics.OperationMetrics;

/**
 * What the operations of a store share. Thread-safe as far as its parts are.
 *
 * @param parts tables and writers
 * @param state what is shown
 * @param counters what was done
 * @param library content of blocks
 * @param records their chunks, by the cache
 * @param encoders what blocks are written with, guarded by the structure lock
 * @param leftovers what is on the disk and counts no more
 */
record StoreContext(
        StoreParts parts,
        StoreState state,
        StoreCounters counters,
        BlockLibrary library,
        CachedRecords records,
        BlockEncoders encoders,
        Leftovers leftovers) {
    static StoreContext of(StoreParts parts) {
        StoreState state = new StoreState(new Head(parts.nowMs()));
        boolean counts = parts.options().flag(SeriesOption.METRICS_ENABLED);
        OperationMetrics metrics = counts ? OperationMetrics.enabled() : OperationMetrics.disabled();
        StoreCounters counters = new StoreCounters(metrics);
        BlockLibrary library = new BlockLibrary(parts.chunks(), parts.options().number(SeriesOption.INDEX_CACHE_BYTES));
        CachedRecords records = new CachedRecords(parts.chunks(), library, parts.cache(), metrics);
        parts.blocks().keepWritten(records.keptBytes());
        BlockEncoders encoders = new BlockEncoders(parts, counters);
        Leftovers leftovers = new Leftovers(parts, state, counters, library, records);
        parts.log().onBegin(leftovers::begun);
        return new StoreContext(parts, state, counters, library, records, encoders, leftovers);
    }
}
