package io.firn.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes one block of several neighbours, or of one in another encoding: without what was deleted, and of equal
 * timestamps with the newest sample only.
 *
 * <p>A record in the manifest lets the new block count and the old ones not, at once. Guarded by the structure lock.
 */
final class Compactor {
    private final StoreContext context;
    private final StoreParts parts;
    private final StoreState state;
    private final StoreRecovery recovery;

    Compactor(StoreContext context, StoreRecovery recovery) {
        this.context = context;
        this.parts = context.parts();
        this.state = context.state();
        this.recovery = recovery;
    }

    /**
     * Compacts groups of neighbours, one after the other.
     *
     * @return how many groups there were
     */
    int compact(List<List<BlockInfo>> groups) {
        for (List<BlockInfo> group : groups) {
            rewrite(group, BlockEncoding.CHUNKS);
            context.counters().compacted();
        }
        return groups.size();
    }

    /**
     * Makes one block of neighbours.
     *
     * @return empty when everything in them was deleted
     */
    Optional<BlockInfo> rewrite(List<BlockInfo> group, BlockEncoding encoding) {
        ManifestState manifest = state.manifest();
        long order = group.get(group.size() - 1).order();
        List<Long> replaced = group.stream().map(BlockInfo::id).toList();
        try (BlockLibrary.Lent lent = context.library().lend()) {
            ReadCounters counters = new ReadCounters(context.counters().reads().deletions());
            BlockCursor.Reading reading =
                    new BlockCursor.Reading(lent.reader(), lent.decoder(), TimeRange.ALL, counters);
            List<SeriesSource> sources = new ArrayList<>();
            for (BlockInfo block : group) {
                LoadedBlock loaded = context.library().load(block, lent.reader());
                sources.add(BlockCursor.all(loaded, manifest.tombstonesOf(block), reading));
            }
            SeriesSource merged = new StoppableSeries(new MergedSeries(sources), state);
            Optional<BlockInfo> made = context.encoders().write(merged, encoding, state.nextBlock(), order);
            ManifestRecord record = made.<ManifestRecord>map(
                            block -> new ManifestRecord.Added(block, replaced, Optional.empty()))
                    .orElseGet(() -> new ManifestRecord.Dropped(replaced, Optional.empty()));
            state.changed(parts.manifest().commit(record), head -> {});
            context.leftovers().removed(replaced);
            made.ifPresent(block -> context.records().keep(block, parts.blocks().takeWritten()));
            return made;
        } catch (RuntimeException failure) {
            recovery.failed(failure);
            throw failure;
        }
    }
}
