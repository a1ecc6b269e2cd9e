package io.firn.series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the manifest says after some of its records.
 *
 * @param unit the unit of the timestamps; empty before the first record
 * @param lastBlock the highest number that a block ever had or that a record names, 0 without
 * @param blocks the blocks that are there, ascending by order
 * @param tombstones the deletions that may still hide something, oldest first
 * @param consumed how far the head stands in blocks
 */
record ManifestState(
        Optional<TimestampUnit> unit,
        long lastBlock,
        List<BlockInfo> blocks,
        List<Tombstone> tombstones,
        Consumed consumed) {
    static final ManifestState EMPTY = new ManifestState(Optional.empty(), 0, List.of(), List.of(), Consumed.NOTHING);

    ManifestState {
        blocks = List.copyOf(blocks);
        tombstones = List.copyOf(tombstones);
    }

    /** The state after one more record. */
    ManifestState plus(ManifestRecord record) {
        if (record instanceof ManifestRecord.Created created) {
            return new ManifestState(Optional.of(created.unit()), lastBlock, blocks, tombstones, consumed);
        }
        if (record instanceof ManifestRecord.Added added) {
            List<BlockInfo> left = without(added.replaces());
            left.add(added.block());
            left.sort(Comparator.comparingLong(BlockInfo::order));
            long newLastBlock = Math.max(lastBlock, added.block().id());
            return of(newLastBlock, left, tombstones, added.consumed().orElse(consumed));
        }
        if (record instanceof ManifestRecord.Dropped dropped) {
            Consumed now = dropped.consumed().orElse(consumed);
            // numbers of blocks that never counted, too: their files are removed, and nobody else would know of them
            long known = dropped.blocks().stream().mapToLong(Long::longValue).reduce(lastBlock, Math::max);
            return of(known, without(dropped.blocks()), tombstones, now);
        }
        Tombstone added = ((ManifestRecord.Deleted) record).tombstone();
        List<Tombstone> more = new ArrayList<>(tombstones);
        more.add(added);
        // it knows of numbers that were given to blocks which never counted: no later block may have one of them
        return of(Math.max(lastBlock, added.lastBlock()), blocks, more, consumed);
    }

    private List<BlockInfo> without(List<Long> ids) {
        List<BlockInfo> left = new ArrayList<>(blocks);
        left.removeIf(block -> ids.contains(block.id()));
        return left;
    }

    /** Without the deletions that hide nothing any more. */
    private ManifestState of(long newLastBlock, List<BlockInfo> newBlocks, List<Tombstone> all, Consumed now) {
        List<Tombstone> needed = all.stream()
                .filter(tombstone -> tombstone.headSequence() > now.sequence()
                        || newBlocks.stream().anyMatch(tombstone::concerns))
                .toList();
        return new ManifestState(unit, newLastBlock, newBlocks, needed, now);
    }

    /** The deletions that may hide something of a block. */
    List<Tombstone> tombstonesOf(BlockInfo block) {
        return tombstones.stream()
                .filter(tombstone -> tombstone.concerns(block))
                .toList();
    }
}
