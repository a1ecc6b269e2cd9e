package io.firn.cli;

import io.firn.table.HotInfo;
import io.firn.table.PartitionInfo;
import java.util.List;

/**
 * Sums over partitions and what is not settled yet.
 *
 * @param segments files
 * @param records records
 * @param sizeBytes bytes of the files
 * @param rawBytes bytes of their uncompressed form
 */
record Totals(long segments, long records, long sizeBytes, long rawBytes) {
    static Totals of(List<PartitionInfo> partitions, HotInfo hot) {
        long segments = hot.segments();
        long records = hot.records();
        long sizeBytes = hot.sizeBytes();
        long rawBytes = hot.sizeBytes();
        for (PartitionInfo partition : partitions) {
            segments += partition.hotSegments() + partition.coldSegments();
            records += partition.records();
            sizeBytes += partition.sizeBytes();
            rawBytes += partition.rawBytes();
        }
        return new Totals(segments, records, sizeBytes, rawBytes);
    }
}
