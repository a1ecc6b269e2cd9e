package io.firn.series;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Opens cursors over the blocks of one selection. Confined to one thread.
 *
 * @param library the content of blocks
 * @param lent reads records for as long as the cursors are used
 * @param counters counts what is read
 * @param cache serves small selections; without one everything is read
 */
record BlockSelection(
        BlockLibrary library,
        BlockLibrary.Lent lent,
        ReadCounters counters,
        @Nullable CachedRecords cache) {
    /**
     * Looks for series in the indexes of blocks.
     *
     * @param manifest the deletions
     * @param blocks those that are looked at, ascending by order
     * @param read hears of each block that has such series
     */
    List<SeriesSource> open(
            ManifestState manifest,
            List<BlockInfo> blocks,
            List<LabelMatcher> matchers,
            TimeRange range,
            Consumer<BlockInfo> read) {
        BlockCursor.Reading reading = new BlockCursor.Reading(lent.reader(), lent.decoder(), range, counters);
        List<SeriesSource> sources = new ArrayList<>();
        for (BlockInfo block : blocks) {
            LoadedBlock loaded = library.load(block, lent.reader());
            counters.blockRead();
            RoaringBitmap refs = loaded.content().index().match(matchers);
            if (!refs.isEmpty()) {
                read.accept(block);
                BlockCursor.Reading how =
                        cache != null && cache.serves(block, refs.getCardinality()) ? reading.by(cache) : reading;
                sources.add(new BlockCursor(loaded, refs.getIntIterator(), manifest.tombstonesOf(block), how));
            }
        }
        return sources;
    }
}
