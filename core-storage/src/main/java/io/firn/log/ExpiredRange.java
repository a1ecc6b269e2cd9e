package io.firn.log;

/**
 * Records that were removed for ever: those of a lane in a partition up to a sequence.
 *
 * @param partitionPath Hive path of the partition
 * @param lane directory name of the lane
 * @param lastSequence last removed sequence, inclusive
 * @param records number of removed records
 */
public record ExpiredRange(String partitionPath, String lane, long lastSequence, long records) {
    /** Whether a record of this lane and partition was removed. */
    public boolean covers(String otherPartition, String otherLane, long sequence) {
        return sequence <= lastSequence && lane.equals(otherLane) && partitionPath.equals(otherPartition);
    }
}
