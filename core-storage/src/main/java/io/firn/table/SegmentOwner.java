package io.firn.table;

/**
 * Who fills segments: part of their names and headers.
 *
 * @param lane directory name of the lane
 * @param epoch the owner's epoch in it; 0 for a writer attempt, whose lane has one owner only
 */
record SegmentOwner(String lane, long epoch) {}
