package io.firn.lifecycle;

import io.firn.partition.PartitionScheme;
import io.firn.segment.CompressionOptions;
import io.firn.segment.SegmentOptions;

/**
 * What the options of a table say about its lifecycle.
 *
 * @param scheme how records are divided into directories
 * @param segments how hot files are written
 * @param compression how cold files are written
 * @param compressionRule when files are compressed by themselves
 * @param settleMinBytes a partition with so much hot data is settled
 * @param hotMaxBytes so much hot data may stay unsettled
 * @param compactMinFiles so many small files of a partition are compacted; 0 for never
 * @param minFreeBytes bytes that rewrites leave free on the file system
 * @param workers how many files are compressed or decompressed at once
 * @param retention how long and how much is kept
 */
record MaintenanceRules(
        PartitionScheme scheme,
        SegmentOptions segments,
        CompressionOptions compression,
        CompressionRule compressionRule,
        long settleMinBytes,
        long hotMaxBytes,
        int compactMinFiles,
        long minFreeBytes,
        int workers,
        RetentionLimits retention) {}
