package io.firn.table;

/**
 * The part of a lane that a batch reads.
 *
 * @param writer the lane's writer
 * @param fromSequence first sequence, inclusive
 * @param endSequence end, exclusive
 */
record LaneWindow(String writer, long fromSequence, long endSequence) {
    boolean overlaps(long firstSequence, long lastSequence) {
        return lastSequence >= fromSequence && firstSequence < endSequence;
    }
}
