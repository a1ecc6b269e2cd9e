package io.firn.series;

import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionValues;
import io.firn.table.PartitionSummary;
import io.firn.table.Table;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is on the disk and counts no more: blocks that the manifest does not name, generations that a block has
 * consumed. Nothing of it is ever read. What cannot be removed now stays for the next time. Guarded by the structure
 * lock, but for {@link #blocks} and {@link #begun}.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final StoreParts parts;
    private final StoreState state;
    private final StoreCounters counters;
    private final BlockLibrary library;
    private final CachedRecords records;
    private final Set<Long> blocks = new ConcurrentSkipListSet<>();
    /** All generations that may be on the disk, also those that a failure has ended. */
    private final NavigableSet<Long> generations = new ConcurrentSkipListSet<>();

    Leftovers(StoreParts parts, StoreState state, StoreCounters counters, BlockLibrary library, CachedRecords records) {
        this.parts = parts;
        this.state = state;
        this.counters = counters;
        this.library = library;
        this.records = records;
    }

    /**
     * Looks for what earlier owners have left.
     *
     * @return the highest number that a block of the table has, 0 without
     */
    long find(ManifestState manifest) {
        Set<Long> live = manifest.blocks().stream().map(BlockInfo::id).collect(Collectors.toSet());
        Set<Long> stored = partitions(parts.chunks(), BlockTable.BLOCK);
        blocks.addAll(stored);
        blocks.removeAll(live);
        generations.addAll(partitions(parts.samples(), HeadLog.GENERATION));
        return stored.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The values of the partitions that a table has. */
    static Set<Long> partitions(Table table, String field) {
        return table.summarize(PartitionFilter.all()).stream()
                .map(PartitionSummary::values)
                .map((PartitionValues values) -> Objects.requireNonNull(values.getInt(field)))
                .collect(Collectors.toSet());
    }

    /** A generation begins; from any thread. */
    void begun(long generation) {
        generations.add(generation);
    }

    /** Blocks are gone. */
    void removed(List<Long> ids) {
        blocks.addAll(ids);
    }

    /** Blocks that are still on the disk; from any thread. */
    int blocks() {
        return blocks.size();
    }

    /**
     * Removes what nobody reads; a failure is counted and logged, and the next call tries again.
     *
     * @throws WriterFencedException when another process took over, which was met here
     */
    void remove() {
        if (state.isStopping()) {
            return;
        }
        List<Long> free = state.unpinned(blocks);
        if (!free.isEmpty() && retire(free) && drop(parts.chunksLifecycle(), BlockTable.BLOCK, free)) {
            free.forEach(blocks::remove);
            library.removed(free);
            records.forget(free);
        }
        Set<Long> consumed = generations.headSet(state.manifest().consumed().generation(), true);
        if (!consumed.isEmpty() && drop(parts.samplesLifecycle(), HeadLog.GENERATION, List.copyOf(consumed))) {
            consumed.clear();
        }
    }

    /**
     * Before files of blocks are removed that never counted: lets the manifest keep their numbers. A later owner, who
     * sees neither block nor files, would else give one again, and an owner of before who does not know yet that he
     * was overtaken would remove that block.
     */
    private boolean retire(List<Long> free) {
        long lastBlock = state.manifest().lastBlock();
        List<Long> unknown = free.stream().filter(block -> block > lastBlock).toList();
        if (unknown.isEmpty()) {
            return true;
        }
        try {
            ManifestRecord retired = new ManifestRecord.Dropped(unknown, Optional.empty());
            state.changed(parts.manifest().commit(retired), head -> {});
            return true;
        } catch (WriterFencedException overtaken) {
            throw overtaken;
        } catch (FirnException failed) {
            counters.failed(failed);
            LOG.warn("left for the next time: blocks={}", unknown, failed);
            return false;
        }
    }

    private boolean drop(LifecycleManager lifecycle, String field, List<Long> values) {
        try {
            LifecycleStats stats = lifecycle.run(LifecycleRequest.drop(PartitionFilter.in(field, values)));
            if (stats.errors().isEmpty() && stats.skipped().isEmpty()) {
                return true;
            }
            LOG.warn(
                    "left for the next time: {}={} skipped={} errors={}",
                    field,
                    values,
                    stats.skipped(),
                    stats.errors());
        } catch (FirnException failed) {
            counters.failed(failed);
            LOG.warn("left for the next time: {}={}", field, values, failed);
        }
        return false;
    }
}
