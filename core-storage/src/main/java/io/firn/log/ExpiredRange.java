package io.firn.log;

/**
 * Records that were removed for ever: those of a lane in a partition in a range of sequences.
 *
 * @param partitionPath Hive path of the partition
 * @param lane directory name of the lane
 * @param firstSequence first removed sequence, inclusive; {@link Long#MIN_VALUE} when all before are gone, too
 * @param lastSequence last removed sequence, inclusive
 * @param records number of removed records
 */
public record ExpiredRange(String partitionPath, String lane, long firstSequence, long lastSequence, long records) {
    /** Everything of a lane in a partition up to a sequence, inclusive. */
    public static ExpiredRange upTo(String partitionPath, String lane, long lastSequence, long records) {
        return new ExpiredRange(partitionPath, lane, Long.MIN_VALUE, lastSequence, records);
    }

    /** Whether a record of this lane and partition was removed. */
    public boolean covers(String otherPartition, String otherLane, long sequence) {
        return sequence >= firstSequence
                && sequence <= lastSequence
                && lane.equals(otherLane)
                && partitionPath.equals(otherPartition);
    }

    /** Whether it is everything of a lane in a partition up to a sequence, not single records. */
    public boolean isWhole() {
        return firstSequence == Long.MIN_VALUE;
    }
}
