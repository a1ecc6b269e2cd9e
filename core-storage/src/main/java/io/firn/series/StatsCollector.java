package io.firn.series;

import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheStats;
import io.firn.cache.LevelStats;
import io.firn.metrics.MetricsSnapshot;
import io.firn.series.SeriesStats.Latency;
import io.firn.series.SeriesStats.Tier;
import io.firn.series.codec.CodecCounters;
import io.firn.series.codec.CodecStatistics;
import io.firn.series.codec.TimestampCodec;
import io.firn.series.codec.ValueCodec;
import io.firn.table.TableEnvironment;
import io.firn.task.TaskStats;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Collects the statistics of a store. Thread-safe: no state. */
final class StatsCollector {
    private static final int RAW_SAMPLE_BYTES = Long.BYTES + Double.BYTES;

    private StatsCollector() {}

    static SeriesStats collect(StoreContext context, Set<Long> cold, TimestampUnit unit, List<TaskStats> tasks) {
        MetricsSnapshot metrics = context.counters().metrics().snapshot();
        TableEnvironment environment = context.parts().chunks().environment();
        return context.state().look((heads, manifest) -> {
            long min = Long.MAX_VALUE;
            long max = Long.MIN_VALUE;
            for (BlockInfo block : manifest.blocks()) {
                min = Math.min(min, block.minTimestamp());
                max = Math.max(max, block.maxTimestamp());
            }
            for (Head head : heads) {
                min = Math.min(min, head.minTimestamp());
                max = Math.max(max, head.maxTimestamp());
            }
            StoreCounters counters = context.counters();
            return new SeriesStats(
                    unit.text(),
                    head(heads, context.parts().log().generation()),
                    tiers(manifest.blocks(), cold),
                    manifest.tombstones().size(),
                    context.leftovers().blocks(),
                    min,
                    max,
                    counters.operations(),
                    counters.reads().sum(),
                    context.library().statistics(),
                    cache(context, heads),
                    new SeriesStats.Pools(environment.buffers().stats(), environment.contextStats()),
                    tasks,
                    metrics,
                    codecs(counters.codecs()),
                    Map.of(
                            "write", new Latency(metrics.writeCalls(), metrics.writeP50Ns(), metrics.writeP99Ns()),
                            "select", new Latency(metrics.readCalls(), metrics.readP50Ns(), metrics.readP99Ns()),
                            "cut", Latency.of(counters.cutNs())));
        });
    }

    private static SeriesStats.Cache cache(StoreContext context, List<Head> heads) {
        CacheHierarchy cache = context.records().cache();
        CacheStats levels = cache.stats();
        long series = 0;
        long bytes = 0;
        for (Head head : heads) {
            series += head.index().size();
            bytes += head.heapBytes();
        }
        long further = levels.l1().hits() + levels.l1().misses();
        LevelStats head = new LevelStats(context.counters().reads().headHits(), further, 0, 0, 0, 0, 0, series, bytes);
        return new SeriesStats.Cache(head, levels, cache.prefetchStats());
    }

    private static SeriesStats.Head head(List<Head> heads, long generation) {
        int series = 0;
        long samples = 0;
        long bytes = 0;
        for (Head head : heads) {
            series += head.index().size();
            samples += head.samples();
            bytes += head.heapBytes();
        }
        return new SeriesStats.Head(
                series, samples, bytes, generation, heads.get(0).createdMs());
    }

    private static Map<SeriesTier, Tier> tiers(List<BlockInfo> blocks, Set<Long> cold) {
        Map<SeriesTier, Tier> tiers = new EnumMap<>(SeriesTier.class);
        tiers.put(SeriesTier.WARM, new Tier(0, 0, 0, 0, 0));
        tiers.put(SeriesTier.COLD, new Tier(0, 0, 0, 0, 0));
        for (BlockInfo block : blocks) {
            SeriesTier tier = cold.contains(block.id()) ? SeriesTier.COLD : SeriesTier.WARM;
            tiers.computeIfPresent(tier, (same, sum) -> plus(sum, block));
        }
        return tiers;
    }

    private static Tier plus(Tier sum, BlockInfo block) {
        return new Tier(
                sum.blocks() + 1,
                sum.samples() + block.samples(),
                sum.chunks() + block.chunks(),
                sum.rawBytes() + RAW_SAMPLE_BYTES * block.samples(),
                sum.encodedBytes() + block.encodedBytes());
    }

    private static Map<String, CodecCounters> codecs(CodecStatistics statistics) {
        Map<String, CodecCounters> codecs = new HashMap<>();
        for (TimestampCodec codec : TimestampCodec.values()) {
            put(codecs, "timestamps." + codec, statistics.of(codec));
        }
        for (ValueCodec codec : ValueCodec.values()) {
            put(codecs, "values." + codec, statistics.of(codec));
        }
        return codecs;
    }

    private static void put(Map<String, CodecCounters> codecs, String name, CodecCounters counters) {
        if (counters.chunks() > 0) {
            codecs.put(name.toLowerCase(Locale.ROOT), counters);
        }
    }
}
