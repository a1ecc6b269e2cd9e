package io.firn.series;

/**
 * What the operations of a store share. Thread-safe as far as its parts are.
 *
 * @param parts tables and writers
 * @param state what is shown
 * @param counters what was done
 * @param library content of blocks
 * @param leftovers what is on the disk and counts no more
 */
record StoreContext(
        StoreParts parts, StoreState state, StoreCounters counters, BlockLibrary library, Leftovers leftovers) {
    static StoreContext of(StoreParts parts) {
        StoreState state = new StoreState(new Head(parts.nowMs()));
        StoreCounters counters = new StoreCounters();
        BlockLibrary library = new BlockLibrary(parts.chunks(), parts.options().number(SeriesOption.INDEX_CACHE_BYTES));
        return new StoreContext(parts, state, counters, library, new Leftovers(parts, state, counters, library));
    }
}
