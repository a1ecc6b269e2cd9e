package io.firn.cli;

import io.firn.log.SegmentEntry;
import io.firn.table.PartitionInfo;
import io.firn.table.TableContents;
import java.util.List;

/**
 * What stands in one tier.
 *
 * @param name unsettled, hot or cold
 * @param segments files
 * @param records records
 * @param sizeBytes bytes of the files
 * @param rawBytes bytes of their uncompressed form
 */
record TierTotals(String name, long segments, long records, long sizeBytes, long rawBytes) {
    /** The tiers in the order in which records go through them. */
    static List<TierTotals> of(TableContents contents) {
        TierTotals unsettled = new TierTotals(
                "unsettled",
                contents.hot().segments(),
                contents.hot().records(),
                contents.hot().sizeBytes(),
                contents.hot().sizeBytes());
        TierTotals cold = new TierTotals("cold", 0, 0, 0, 0);
        for (SegmentEntry entry : contents.segments()) {
            if (entry.cold()) {
                cold = cold.plus(1, entry.records(), entry.sizeBytes(), entry.rawBytes());
            }
        }
        TierTotals hot = new TierTotals("hot", 0, 0, 0, 0);
        for (PartitionInfo partition : contents.partitions()) {
            int files = partition.hotSegments() + partition.coldSegments();
            hot = hot.plus(files, partition.records(), partition.sizeBytes(), partition.rawBytes());
        }
        return List.of(unsettled, hot.plus(-cold.segments, -cold.records, -cold.sizeBytes, -cold.rawBytes), cold);
    }

    private TierTotals plus(long moreSegments, long moreRecords, long moreSize, long moreRaw) {
        return new TierTotals(
                name, segments + moreSegments, records + moreRecords, sizeBytes + moreSize, rawBytes + moreRaw);
    }
}
