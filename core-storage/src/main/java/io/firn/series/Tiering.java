package io.firn.series;

import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleRequest.Scope;
import io.firn.lifecycle.LifecycleRequest.Step;
import io.firn.lifecycle.LifecycleStats;
import io.firn.partition.PartitionFilter;
import io.firn.table.PartitionInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves blocks between WARM and COLD with the verbs of the ordinary lifecycle; the catalog of table {@code chunks} says
 * where each is. Selections go on meanwhile. Guarded by the structure lock, but for {@link #read}.
 */
final class Tiering {
    private static final Logger LOG = LoggerFactory.getLogger(Tiering.class);

    private final StoreContext context;
    /** Selections of a block since the store was opened, or since it changed its tier. */
    private final Map<Long, LongAdder> reads = new ConcurrentHashMap<>();
    /** When a block was promoted, milliseconds. */
    private final Map<Long, Long> promotedMs = new HashMap<>();

    Tiering(StoreContext context) {
        this.context = context;
    }

    /** A selection reads a block. */
    void read(BlockInfo block) {
        reads.computeIfAbsent(block.id(), id -> new LongAdder()).increment();
    }

    /** The blocks that are compressed. */
    Set<Long> cold() {
        Set<Long> cold = new HashSet<>();
        for (PartitionInfo partition : context.parts().chunks().contents().partitions()) {
            if (partition.coldSegments() > 0 && partition.hotSegments() == 0) {
                cold.add(Objects.requireNonNull(partition.values().getInt(BlockTable.BLOCK)));
            }
        }
        return cold;
    }

    /** Compresses blocks. */
    LifecycleStats compress(List<Long> blocks) {
        reads.keySet().removeAll(blocks);
        LifecycleStats stats = run(LifecycleRequest.compressAll(), blocks);
        context.counters().metrics().recordCompressions(stats.compressedSegments() + stats.settledSegments());
        return stats;
    }

    /** Decompresses blocks. */
    LifecycleStats decompress(List<Long> blocks) {
        return run(new LifecycleRequest(Set.of(Step.DECOMPRESS), Scope.ALL, PartitionFilter.all()), blocks);
    }

    private LifecycleStats run(LifecycleRequest request, List<Long> blocks) {
        if (blocks.isEmpty()) {
            return LifecycleStats.NONE;
        }
        LifecycleStats stats =
                context.parts().chunksLifecycle().run(request.where(PartitionFilter.in(BlockTable.BLOCK, blocks)));
        stats.errors().forEach(error -> context.counters().failed(error));
        if (!stats.errors().isEmpty()) {
            LOG.warn("blocks stay where they are: blocks={} errors={}", blocks, stats.errors());
        }
        return stats;
    }

    /**
     * Compresses what is old enough, and decompresses what is read often.
     *
     * @return how many blocks changed their tier
     */
    int maintain(Optional<Duration> coldAfter, long promoteReads) {
        Set<Long> cold = cold();
        long nowMs = context.parts().nowMs();
        List<BlockInfo> blocks = context.state().manifest().blocks();
        promotedMs.keySet().retainAll(blocks.stream().map(BlockInfo::id).toList());
        reads.keySet().retainAll(blocks.stream().map(BlockInfo::id).toList());
        List<Long> wanted = blocks.stream()
                .map(BlockInfo::id)
                .filter(id -> promoteReads > 0 && cold.contains(id) && readsOf(id) >= promoteReads)
                .toList();
        List<Long> due = blocks.stream()
                .filter(block -> !cold.contains(block.id()) && isDue(block, coldAfter, nowMs))
                .map(BlockInfo::id)
                .toList();
        decompress(wanted);
        wanted.forEach(id -> promotedMs.put(id, nowMs));
        reads.keySet().removeAll(wanted);
        compress(due);
        return wanted.size() + due.size();
    }

    private boolean isDue(BlockInfo block, Optional<Duration> coldAfter, long nowMs) {
        long since = Math.max(block.createdMs(), promotedMs.getOrDefault(block.id(), Long.MIN_VALUE));
        return coldAfter.isPresent() && nowMs - since >= coldAfter.get().toMillis();
    }

    private long readsOf(long block) {
        LongAdder count = reads.get(block);
        return count == null ? 0 : count.sum();
    }
}
