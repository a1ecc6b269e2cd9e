package io.firn.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads a store: heads and blocks as they are at one moment. Thread-safe. */
final class Selections {
    private final StoreContext context;
    private final StoreState state;
    private final Tiering tiering;

    Selections(StoreContext context, Tiering tiering) {
        this.context = context;
        this.state = context.state();
        this.tiering = tiering;
    }

    /**
     * What is there at one moment.
     *
     * @param heads what the heads have, the older one first
     * @param manifest blocks and deletions
     * @param blocks those that are read, pinned
     */
    private record Snapshot(List<HeadSelection> heads, ManifestState manifest, List<BlockInfo> blocks) {}

    /** Series that fulfil all conditions, with their samples in a range. */
    SeriesCursor select(List<LabelMatcher> matchers, TimeRange range) {
        ReadCounters counters = context.counters().reads();
        counters.selection();
        Snapshot snapshot = state.look((heads, manifest) -> {
            List<HeadSelection> selections =
                    heads.stream().map(head -> head.select(matchers, range)).toList();
            List<BlockInfo> blocks = manifest.blocks().stream()
                    .filter(block -> range.overlaps(block.minTimestamp(), block.maxTimestamp()))
                    .toList();
            state.pin(blocks);
            return new Snapshot(selections, manifest, blocks);
        });
        int skipped = snapshot.manifest().blocks().size() - snapshot.blocks().size();
        for (int i = 0; i < skipped; i++) {
            counters.blockSkipped();
        }
        return open(snapshot, matchers, range);
    }

    private SeriesCursor open(Snapshot snapshot, List<LabelMatcher> matchers, TimeRange range) {
        BlockLibrary.Lent lent = context.library().lend();
        Runnable release = () -> {
            lent.close();
            state.unpin(snapshot.blocks());
        };
        boolean done = false;
        try {
            ReadCounters counters = context.counters().reads();
            BlockSelection blocks = new BlockSelection(context.library(), lent, counters, context.records());
            List<SeriesSource> sources =
                    blocks.open(snapshot.manifest(), snapshot.blocks(), matchers, range, tiering::read);
            snapshot.heads().forEach(head -> {
                counters.headHit(head.size());
                sources.add(head.source(range));
            });
            SeriesCursor cursor = new SeriesCursor(new MergedSeries(sources), counters, release);
            done = true;
            return cursor;
        } finally {
            if (!done) {
                release.run();
            }
        }
    }

    Set<String> labelNames() {
        return collect(SeriesIndex::labelNames);
    }

    Set<String> labelValues(String name) {
        return collect(index -> index.labelValues(name));
    }

    /** Number of label sets, each counted once wherever its samples are. */
    long seriesCount() {
        Snapshot snapshot = state.look((heads, manifest) -> {
            state.pin(manifest.blocks());
            return new Snapshot(heads.stream().map(Head::selectAll).toList(), manifest, manifest.blocks());
        });
        List<SeriesSource> sources = new ArrayList<>();
        snapshot.heads().forEach(head -> sources.add(head.source(TimeRange.ALL)));
        try (BlockLibrary.Lent lent = context.library().lend()) {
            BlockCursor.Reading reading = reading(lent, TimeRange.ALL);
            for (BlockInfo block : snapshot.blocks()) {
                sources.add(BlockCursor.all(context.library().load(block, lent.reader()), List.of(), reading));
            }
            MergedSeries series = new MergedSeries(sources);
            long count = 0;
            while (series.next()) {
                count++;
            }
            return count;
        } finally {
            state.unpin(snapshot.blocks());
        }
    }

    private Set<String> collect(Function<SeriesIndex, Set<String>> names) {
        Set<String> all = new TreeSet<>();
        List<BlockInfo> blocks = state.look((heads, manifest) -> {
            heads.forEach(head -> all.addAll(names.apply(head.index())));
            state.pin(manifest.blocks());
            return manifest.blocks();
        });
        try (BlockLibrary.Lent lent = context.library().lend()) {
            for (BlockInfo block : blocks) {
                LoadedBlock loaded = context.library().load(block, lent.reader());
                all.addAll(names.apply(loaded.content().index()));
            }
            return all;
        } finally {
            state.unpin(blocks);
        }
    }

    private BlockCursor.Reading reading(BlockLibrary.Lent lent, TimeRange range) {
        ReadCounters counters = context.counters().reads();
        return new BlockCursor.Reading(lent.reader(), lent.decoder(), range, counters);
    }
}
