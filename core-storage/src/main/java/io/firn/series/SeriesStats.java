package io.firn.series;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firn.cache.CacheStats;
import io.firn.cache.LevelStats;
import io.firn.cache.PrefetchStats;
import io.firn.metrics.LatencyHistogram;
import io.firn.metrics.MetricsSnapshot;
import io.firn.metrics.PoolStats;
import io.firn.series.codec.CodecCounters;
import io.firn.task.TaskStats;
import java.util.List;
import java.util.Map;

/**
 * Everything that a store knows of itself at one moment; counters begin when it is opened. Immutable; thread-safe.
 *
 * @param timestampUnit unit of all timestamps, as in {@code timestamp.unit}
 * @param head the samples that no block holds yet
 * @param tiers blocks by tier, {@code WARM} and {@code COLD}
 * @param tombstones deletions that blocks still carry
 * @param blocksToRemove blocks that are gone but still on the disk
 * @param minTimestamp lowest timestamp of all; {@link Long#MAX_VALUE} without samples
 * @param maxTimestamp highest timestamp of all; {@link Long#MIN_VALUE} without samples
 * @param operations what was done
 * @param reads what selections read, and what the indexes spared them
 * @param indexCache the indexes of blocks in memory
 * @param cache the records of blocks by the levels of the cache
 * @param pools buffers and zstd contexts of the store's environment
 * @param background the tasks of the background, none of which has run when it is off
 * @param metrics writes and selections as JMX shows them
 * @param codecs what the codecs did, {@code timestamps.<codec>} and {@code values.<codec>}
 * @param latencies of {@code write}, {@code select} (until the first series can be asked for) and {@code cut}
 */
public record SeriesStats(
        String timestampUnit,
        Head head,
        Map<SeriesTier, Tier> tiers,
        int tombstones,
        int blocksToRemove,
        long minTimestamp,
        long maxTimestamp,
        Operations operations,
        Reads reads,
        IndexCache indexCache,
        Cache cache,
        Pools pools,
        List<TaskStats> background,
        MetricsSnapshot metrics,
        Map<String, CodecCounters> codecs,
        Map<String, Latency> latencies) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the maps. */
    public SeriesStats {
        tiers = Map.copyOf(tiers);
        background = List.copyOf(background);
        codecs = Map.copyOf(codecs);
        latencies = Map.copyOf(latencies);
    }

    /**
     * The head.
     *
     * @param series label sets that it knows
     * @param samples samples, with those that a later one replaces
     * @param heapBytes memory that it takes; of texts and bitmaps an estimate
     * @param generation the partition of table {@code samples} that is written
     * @param createdMs when its first sample came, milliseconds
     */
    public record Head(int series, long samples, long heapBytes, long generation, long createdMs) {}

    /**
     * The blocks of one tier.
     *
     * @param blocks their number
     * @param samples samples in them
     * @param chunks chunks in them
     * @param rawBytes 16 bytes for each sample
     * @param encodedBytes bytes of their records, before zstd
     */
    public record Tier(int blocks, long samples, long chunks, long rawBytes, long encodedBytes) {}

    /**
     * What was done.
     *
     * @param batches batches written
     * @param samples samples written
     * @param deletions deletions
     * @param cuts heads that became a block
     * @param compactions blocks made of others
     * @param expiredBlocks blocks that retention removed
     * @param recoveries how often the store went back to what is committed after a failure
     * @param operations calls that were counted: write, select, delete, flush, cut, compaction, retention
     * @param failures those that failed, and background work that did
     * @param errorRate failures by operations
     * @param lastFailure message of the last failure, empty without
     */
    public record Operations(
            long batches,
            long samples,
            long deletions,
            long cuts,
            long compactions,
            long expiredBlocks,
            long recoveries,
            long operations,
            long failures,
            double errorRate,
            String lastFailure) {}

    /**
     * What selections did.
     *
     * @param selections selections
     * @param series series that they gave
     * @param samples samples that were decoded from chunks
     * @param blocksRead blocks whose index was asked
     * @param blocksSkipped blocks outside of the time range
     * @param chunksRead chunks decoded
     * @param chunksSkipped chunks of wanted series outside of the time range, or deleted
     * @param bytesRead bytes of the chunks decoded
     * @param bytesSkipped bytes of the chunks skipped
     */
    public record Reads(
            long selections,
            long series,
            long samples,
            long blocksRead,
            long blocksSkipped,
            long chunksRead,
            long chunksSkipped,
            long bytesRead,
            long bytesSkipped) {}

    /**
     * Indexes in memory.
     *
     * @param hits indexes that were there
     * @param misses indexes that were read
     * @param blocks indexes that are there
     */
    public record IndexCache(long hits, long misses, long blocks) {}

    /**
     * The cache of blocks.
     *
     * @param head the head as the level above all: series that selections found in it, look-ups that went on to L1
     * @param levels L1 to L3 and what was read from the store
     * @param prefetch what became of guesses
     */
    public record Cache(LevelStats head, CacheStats levels, PrefetchStats prefetch) {}

    /**
     * Pools.
     *
     * @param buffers direct buffers
     * @param contexts zstd contexts
     */
    public record Pools(PoolStats buffers, PoolStats contexts) {}

    /**
     * Durations.
     *
     * @param count how many
     * @param p50Ns the median, nanoseconds, about 3 % off at most
     * @param p99Ns 99 of 100 take no longer, nanoseconds, about 3 % off at most
     */
    public record Latency(long count, long p50Ns, long p99Ns) {
        static Latency of(LatencyHistogram histogram) {
            return new Latency(histogram.count(), histogram.quantileNs(0.5), histogram.quantileNs(0.99));
        }
    }

    /** The blocks of a tier; none of HOT, which is the head. */
    public Tier tier(SeriesTier tier) {
        return tiers.getOrDefault(tier, new Tier(0, 0, 0, 0, 0));
    }

    /** Durations of an operation, of {@link #latencies}; those of an unknown one are zero. */
    public Latency latency(String operation) {
        return latencies.getOrDefault(operation, new Latency(0, 0, 0));
    }

    /** One JSON object with the same names. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("numbers and texts are always JSON", impossible);
        }
    }
}
