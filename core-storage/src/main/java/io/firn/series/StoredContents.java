package io.firn.series;

import io.firn.table.PartitionInfo;
import io.firn.table.Table;
import io.firn.table.TableContents;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Questions about a whole store that another process may write. Thread-safe: no state. */
final class StoredContents {
    private StoredContents() {}

    /** Texts that the indexes of head and blocks have. */
    static Set<String> texts(StoredSeries store, Function<SeriesIndex, Set<String>> names) {
        return store.read(head -> new TreeSet<>(names.apply(head.index())), (moment, lent) -> {
            try (lent) {
                Set<String> all = moment.head();
                for (BlockInfo block : moment.manifest().blocks()) {
                    LoadedBlock loaded = store.library().load(block, lent.reader());
                    all.addAll(names.apply(loaded.content().index()));
                }
                return all;
            }
        });
    }

    /** The series of a store, each once, with what their samples are not asked for. */
    static List<Labels> series(StoredSeries store) {
        return store.read(Head::selectAll, (moment, lent) -> {
            try (lent) {
                List<SeriesSource> sources =
                        new ArrayList<>(List.of(moment.head().source(TimeRange.ALL)));
                BlockCursor.Reading reading =
                        new BlockCursor.Reading(lent.reader(), lent.decoder(), TimeRange.ALL, store.counters());
                for (BlockInfo block : moment.manifest().blocks()) {
                    sources.add(BlockCursor.all(store.library().load(block, lent.reader()), List.of(), reading));
                }
                List<Labels> labels = new ArrayList<>();
                MergedSeries series = new MergedSeries(sources);
                while (series.next()) {
                    labels.add(series.labels());
                }
                return labels;
            }
        });
    }

    /** Counts and sizes. */
    static SeriesContents of(StoredSeries store, TimestampUnit unit) {
        record HeadSize(long series, long samples, long min, long max) {}
        StoredSeries.Moment<HeadSize> moment = store.moment(
                head -> new HeadSize(head.index().size(), head.samples(), head.minTimestamp(), head.maxTimestamp()));
        Set<Long> cold = BlockTable.cold(store.chunks());
        long min = moment.head().min();
        long max = moment.head().max();
        long samples = 0;
        int coldBlocks = 0;
        List<BlockInfo> blocks = moment.manifest().blocks();
        for (BlockInfo block : blocks) {
            min = Math.min(min, block.minTimestamp());
            max = Math.max(max, block.maxTimestamp());
            samples += block.samples();
            coldBlocks += cold.contains(block.id()) ? 1 : 0;
        }
        return new SeriesContents(
                unit,
                1,
                moment.head().series(),
                moment.head().samples(),
                blocks.size() - coldBlocks,
                coldBlocks,
                samples,
                moment.manifest().tombstones().size(),
                min,
                max,
                sizeBytes(store.samples()) + sizeBytes(store.chunks()));
    }

    private static long sizeBytes(Table table) {
        TableContents contents = table.contents();
        return contents.hot().sizeBytes()
                + contents.partitions().stream()
                        .mapToLong(PartitionInfo::sizeBytes)
                        .sum();
    }
}
