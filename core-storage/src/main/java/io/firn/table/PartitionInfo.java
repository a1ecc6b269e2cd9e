package io.firn.table;

import io.firn.partition.PartitionValues;

/**
 * What the logs say of one partition; records that are not settled yet are not in it (see {@link HotInfo}).
 *
 * @param values the partition's values
 * @param path its Hive path
 * @param hotSegments uncompressed segments
 * @param coldSegments compressed segments
 * @param records records in both
 * @param sizeBytes size of their files
 * @param rawBytes size of their uncompressed form
 * @param minTimestampNs lowest timestamp, nanoseconds; {@link Long#MAX_VALUE} when unknown
 * @param maxTimestampNs highest timestamp, nanoseconds; {@link Long#MIN_VALUE} when unknown
 */
public record PartitionInfo(
        PartitionValues values,
        String path,
        int hotSegments,
        int coldSegments,
        long records,
        long sizeBytes,
        long rawBytes,
        long minTimestampNs,
        long maxTimestampNs) {}
