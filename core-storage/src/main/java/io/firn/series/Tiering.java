package io.firn.series;

import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.lifecycle.CompactionStats;
import io.firn.lifecycle.ErasureStats;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.lifecycle.RemovedPartitions;
import io.firn.partition.PartitionFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves blocks between WARM and COLD. On its way to COLD a block is written anew as groups, which is a compaction of
 * one, and then compressed by the ordinary lifecycle; on its way back it is written anew as chunks. A crash in between
 * leaves a block of groups that is not compressed yet; the next run does that. Selections go on meanwhile. Guarded by
 * the structure lock, but for {@link #read}.
 */
final class Tiering {
    private static final Logger LOG = LoggerFactory.getLogger(Tiering.class);

    private final StoreContext context;
    private final Compactor compactor;
    /** Selections of a block since the store was opened. */
    private final Map<Long, LongAdder> reads = new ConcurrentHashMap<>();

    private volatile Set<Long> lastCold = Set.of();

    Tiering(StoreContext context, Compactor compactor) {
        this.context = context;
        this.compactor = compactor;
    }

    /** A selection reads a block. */
    void read(BlockInfo block) {
        reads.computeIfAbsent(block.id(), id -> new LongAdder()).increment();
    }

    /** The blocks that are compressed. */
    Set<Long> cold() {
        Set<Long> cold = BlockTable.cold(context.parts().chunks());
        lastCold = cold;
        return cold;
    }

    /** The same for statistics, which go on while the file system does not tell: then what it told last. */
    Set<Long> coldAsFarAsKnown() {
        try {
            return cold();
        } catch (StorageIoException | NotFoundException failure) {
            LOG.warn(
                    "statistics show the tiers of before the failure: path={}",
                    context.parts().chunks().path(),
                    failure);
            return lastCold;
        }
    }

    /**
     * Makes blocks COLD.
     *
     * @throws io.firn.error.StorageIoException when a block could not be written; the others before it are COLD
     */
    LifecycleStats compress(List<BlockInfo> blocks) {
        Set<Long> cold = cold();
        Moves moves = new Moves();
        List<Long> groups = new ArrayList<>();
        try {
            for (BlockInfo block : blocks) {
                if (block.encoding() == BlockEncoding.CHUNKS) {
                    moves.rewrite(block, BlockEncoding.GROUPS).ifPresent(made -> groups.add(made.id()));
                } else if (!cold.contains(block.id())) {
                    groups.add(block.id());
                }
            }
        } catch (StorageIoException failure) {
            compressFilesAfter(failure, groups);
            throw failure;
        }
        LifecycleStats files = compressFiles(groups);
        context.counters().metrics().recordCompressions(files.compressedSegments() + files.settledSegments());
        return files.plus(moves.stats(0, moves.bytesBefore - moves.bytesAfter, 0));
    }

    /**
     * Makes blocks WARM.
     *
     * @throws io.firn.error.StorageIoException when a block could not be written; the others before it are WARM
     */
    LifecycleStats decompress(List<BlockInfo> blocks) {
        Set<Long> cold = cold();
        Moves moves = new Moves();
        for (BlockInfo block : blocks) {
            if (block.encoding() == BlockEncoding.GROUPS || cold.contains(block.id())) {
                moves.rewrite(block, BlockEncoding.CHUNKS);
            }
        }
        return moves.stats(moves.rewritten, moves.bytesBefore, moves.bytesAfter);
    }

    private void compressFilesAfter(StorageIoException failure, List<Long> blocks) {
        try {
            compressFiles(blocks);
        } catch (FirnException again) {
            failure.addSuppressed(again);
        }
    }

    private LifecycleStats compressFiles(List<Long> blocks) {
        if (blocks.isEmpty()) {
            return LifecycleStats.NONE;
        }
        LifecycleRequest request =
                LifecycleRequest.compressAll().where(PartitionFilter.in(BlockTable.BLOCK, List.copyOf(blocks)));
        LifecycleStats stats = context.parts().chunksLifecycle().run(request);
        stats.errors().forEach(error -> context.counters().failed(error));
        if (!stats.errors().isEmpty()) {
            LOG.warn("the next run compresses these blocks: blocks={} errors={}", blocks, stats.errors());
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
        reads.keySet().retainAll(blocks.stream().map(BlockInfo::id).toList());
        List<BlockInfo> wanted = blocks.stream()
                .filter(block -> promoteReads > 0 && cold.contains(block.id()) && readsOf(block.id()) >= promoteReads)
                .toList();
        List<BlockInfo> due = blocks.stream()
                .filter(block -> !cold.contains(block.id()) && isDue(block, coldAfter, nowMs))
                .toList();
        int warmed = decompress(wanted).decompressedSegments();
        return warmed + due.size() - compress(due).skipped().size();
    }

    /** What a crash left between its two steps is due at once. */
    private static boolean isDue(BlockInfo block, Optional<Duration> coldAfter, long nowMs) {
        return coldAfter.isPresent()
                && (block.encoding() == BlockEncoding.GROUPS
                        || nowMs - block.createdMs() >= coldAfter.get().toMillis());
    }

    private long readsOf(long block) {
        LongAdder count = reads.get(block);
        return count == null ? 0 : count.sum();
    }

    /** What one run writes anew. */
    private final class Moves {
        private final List<String> skipped = new ArrayList<>();
        private int rewritten;
        private long bytesBefore;
        private long bytesAfter;

        Optional<BlockInfo> rewrite(BlockInfo block, BlockEncoding encoding) {
            if (isDiskShort(block)) {
                return Optional.empty();
            }
            Optional<BlockInfo> made = compactor.rewrite(List.of(block), encoding);
            context.leftovers().remove();
            rewritten++;
            bytesBefore += block.encodedBytes();
            bytesAfter += made.map(BlockInfo::encodedBytes).orElse(0L);
            return made;
        }

        /** A block of the same size must find room beside the old one. */
        private boolean isDiskShort(BlockInfo block) {
            StoreParts parts = context.parts();
            long free = parts.options()
                    .environment()
                    .store()
                    .usableBytes(parts.chunks().path());
            long needed = block.encodedBytes() + parts.chunks().config().diskMinFreeBytes();
            if (free >= needed) {
                return false;
            }
            skipped.add("block " + block.id() + ": " + free + " bytes are free in "
                    + parts.chunks().path() + ", " + needed + " are needed to write it anew");
            return true;
        }

        LifecycleStats stats(int decompressed, long before, long after) {
            return new LifecycleStats(
                    rewritten,
                    0,
                    0,
                    0,
                    decompressed,
                    0,
                    before,
                    after,
                    RemovedPartitions.NONE,
                    CompactionStats.NONE,
                    ErasureStats.NONE,
                    skipped,
                    List.of(),
                    0);
        }
    }
}
