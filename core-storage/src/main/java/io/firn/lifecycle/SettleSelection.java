package io.firn.lifecycle;

import io.firn.log.HotInput;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Chooses the partitions that are worth settling now. Confined to one thread.
 */
final class SettleSelection {
    private final HotInventory inventory;
    private final long[] bytes;
    private final BitSet chosen = new BitSet();

    SettleSelection(HotInventory inventory) {
        this.inventory = inventory;
        this.bytes = inventory.bytesByPartition();
    }

    /** Chooses every partition that a predicate on its path accepts. */
    SettleSelection choose(Predicate<String> wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] > 0 && wanted.test(inventory.partitions().get(i))) {
                chosen.set(i);
            }
        }
        return this;
    }

    /** Chooses partitions of which so much is left that a file of good size comes out. */
    SettleSelection chooseFrom(long minBytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] >= Math.max(1, minBytes)) {
                chosen.set(i);
            }
        }
        return this;
    }

    /** Chooses all partitions of the oldest segments until at most so many bytes stay behind. */
    SettleSelection limitRest(long maxBytes) {
        long rest = 0;
        for (int i = 0; i < bytes.length; i++) {
            rest += chosen.get(i) ? 0 : bytes[i];
        }
        List<HotSegmentLoad> oldestFirst = new ArrayList<>(inventory.segments());
        oldestFirst.sort(Comparator.comparingLong(HotSegmentLoad::lastWriteMs));
        for (HotSegmentLoad segment : oldestFirst) {
            if (rest <= maxBytes) {
                break;
            }
            rest -= chooseAllOf(segment);
        }
        return this;
    }

    private long chooseAllOf(HotSegmentLoad segment) {
        long[] added = new long[1];
        segment.forEach((partition, load) -> {
            if (!chosen.get(partition)) {
                chosen.set(partition);
                added[0] += bytes[partition];
            }
        });
        return added[0];
    }

    /**
     * The plan for what was chosen. Segments in which nothing is left, but which are not marked so, are taken along
     * when anything is settled at all.
     */
    SettlePlan plan() {
        List<HotInput> inputs = new ArrayList<>();
        long lastWriteMs = Long.MIN_VALUE;
        for (HotSegmentLoad segment : inventory.segments()) {
            if (segment.isEmpty() || segment.holdsAny(chosen::get)) {
                inputs.add(segment.input());
                lastWriteMs = Math.max(lastWriteMs, segment.lastWriteMs());
            }
        }
        List<String> partitions = new ArrayList<>();
        long inputBytes = 0;
        for (int i = chosen.nextSetBit(0); i >= 0; i = chosen.nextSetBit(i + 1)) {
            partitions.add(inventory.partitions().get(i));
            inputBytes += bytes[i];
        }
        partitions.sort(Comparator.naturalOrder());
        return new SettlePlan(inputs, partitions, inputBytes, lastWriteMs);
    }
}
