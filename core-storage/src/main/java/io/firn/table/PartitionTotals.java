package io.firn.table;

import io.firn.log.LaneSegment;
import io.firn.log.SegmentEntry;
import io.firn.partition.PartitionValues;

/** Adds up the segments of one partition. Confined to one thread. */
final class PartitionTotals {
    private int hotSegments;
    private int coldSegments;
    private long records;
    private long sizeBytes;
    private long rawBytes;
    private long minTimestampNs = Long.MAX_VALUE;
    private long maxTimestampNs = Long.MIN_VALUE;

    void add(SegmentEntry entry) {
        if (entry.cold()) {
            coldSegments++;
        } else {
            hotSegments++;
        }
        records += entry.records();
        sizeBytes += entry.sizeBytes();
        rawBytes += entry.rawBytes();
        minTimestampNs = Math.min(minTimestampNs, entry.minTimestampNs());
        maxTimestampNs = Math.max(maxTimestampNs, entry.maxTimestampNs());
    }

    /** Adds a segment of which some records may have been removed. */
    void add(LaneSegment segment, long recordsLeft) {
        hotSegments++;
        records += recordsLeft;
        sizeBytes += segment.lengthBytes();
        rawBytes += segment.lengthBytes();
    }

    PartitionInfo toInfo(PartitionValues values, String path) {
        return new PartitionInfo(
                values, path, hotSegments, coldSegments, records, sizeBytes, rawBytes, minTimestampNs, maxTimestampNs);
    }
}
