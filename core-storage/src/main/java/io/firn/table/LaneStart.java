package io.firn.table;

import io.firn.log.LaneSnapshot;

/**
 * What a scan of a lane begins with.
 *
 * @param lane the lane
 * @param fromSequence first sequence to read
 * @param pruning the partitions to read
 */
record LaneStart(LaneSnapshot lane, long fromSequence, PartitionPruning pruning) {}
