package io.firn.series;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses neighbouring blocks of which one is made. Only neighbours by order, so that of equal timestamps the same
 * sample counts before and after. Thread-safe: immutable.
 *
 * @param maxSamples most samples of the result
 * @param maxBytes most bytes of the result, by those of the inputs
 * @param maxDuration longest range of timestamps of the result, in the unit of the store
 */
record CompactionGroups(long maxSamples, long maxBytes, long maxDuration) {
    static CompactionGroups of(SeriesStoreOptions options, TimestampUnit unit) {
        return new CompactionGroups(
                options.number(SeriesOption.COMPACT_MAX_SAMPLES),
                options.number(SeriesOption.COMPACT_MAX_BYTES),
                unit.ofMillis(
                        options.duration(SeriesOption.COMPACT_MAX_DURATION).toMillis()));
    }

    /**
     * As few blocks as the limits allow: groups of two or more, and single blocks of which something was deleted.
     */
    List<List<BlockInfo>> all(ManifestState manifest) {
        return groups(manifest.blocks()).stream()
                .filter(group ->
                        group.size() > 1 || !manifest.tombstonesOf(group.get(0)).isEmpty())
                .toList();
    }

    /**
     * What is worth while: groups of so many blocks, without old ones that hold more than all that come after them in
     * the group; so a sample is rewritten a logarithmic number of times.
     */
    List<List<BlockInfo>> due(ManifestState manifest, long minBlocks) {
        List<List<BlockInfo>> due = new ArrayList<>();
        for (List<BlockInfo> group : groups(manifest.blocks())) {
            int from = 0;
            while (from + 1 < group.size() && isLargerThanRest(group.subList(from, group.size()))) {
                from++;
            }
            if (group.size() - from >= minBlocks) {
                due.add(List.copyOf(group.subList(from, group.size())));
            }
        }
        return due;
    }

    private static boolean isLargerThanRest(List<BlockInfo> group) {
        long rest = group.stream().skip(1).mapToLong(BlockInfo::samples).sum();
        return group.get(0).samples() > rest;
    }

    private List<List<BlockInfo>> groups(List<BlockInfo> blocks) {
        List<List<BlockInfo>> groups = new ArrayList<>();
        List<BlockInfo> group = new ArrayList<>();
        for (BlockInfo block : blocks) {
            if (!group.isEmpty() && !fits(group, block)) {
                groups.add(List.copyOf(group));
                group.clear();
            }
            group.add(block);
        }
        if (!group.isEmpty()) {
            groups.add(List.copyOf(group));
        }
        return groups;
    }

    private boolean fits(List<BlockInfo> group, BlockInfo more) {
        long samples = more.samples();
        long bytes = more.encodedBytes();
        long min = more.minTimestamp();
        long max = more.maxTimestamp();
        for (BlockInfo block : group) {
            samples += block.samples();
            bytes += block.encodedBytes();
            min = Math.min(min, block.minTimestamp());
            max = Math.max(max, block.maxTimestamp());
        }
        return samples <= maxSamples && bytes <= maxBytes && Long.compareUnsigned(max - min, maxDuration) <= 0;
    }
}
