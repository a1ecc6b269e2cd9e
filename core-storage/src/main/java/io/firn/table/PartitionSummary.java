package io.firn.table;

import io.firn.partition.PartitionValues;

/**
 * What is committed in one partition, settled or not: exact, unlike {@link PartitionInfo}, which knows settled files.
 *
 * @param values the partition's values
 * @param records committed records, at least 1
 * @param minTimestampNs lowest timestamp, nanoseconds, saturated at the ends of the long range
 * @param maxTimestampNs highest timestamp, nanoseconds, saturated likewise
 */
public record PartitionSummary(PartitionValues values, long records, long minTimestampNs, long maxTimestampNs) {
    /** Whether the timestamps stand at an end of the long range, where what was stored may lie beyond it. */
    public boolean isSaturated() {
        return minTimestampNs == Long.MIN_VALUE
                || minTimestampNs == Long.MAX_VALUE
                || maxTimestampNs == Long.MIN_VALUE
                || maxTimestampNs == Long.MAX_VALUE;
    }
}
