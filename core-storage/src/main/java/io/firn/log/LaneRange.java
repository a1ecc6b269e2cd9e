package io.firn.log;

/**
 * The records of one lane inside a rewritten segment.
 *
 * @param lane directory name of the lane
 * @param firstSequence lowest sequence, inclusive
 * @param lastSequence highest sequence, inclusive
 * @param records number of records
 */
public record LaneRange(String lane, long firstSequence, long lastSequence, long records) {}
