package io.firn.table;

/**
 * Which records of a lane a scan reads.
 *
 * @param from first sequence, inclusive
 * @param to end, exclusive; {@link Long#MAX_VALUE} means no end
 */
record SequenceRange(long from, long to) {
    /** Everything from a sequence on. */
    static SequenceRange from(long sequence) {
        return new SequenceRange(sequence, Long.MAX_VALUE);
    }

    /** The same end with another start. */
    SequenceRange startingAt(long sequence) {
        return new SequenceRange(sequence, to);
    }

    /** Whether a file with these sequences, both inclusive, may hold something of it. */
    boolean overlaps(long firstSequence, long lastSequence) {
        return lastSequence >= from && firstSequence < to;
    }

    /** The last sequence of it. */
    long last() {
        return to == Long.MAX_VALUE ? to : to - 1;
    }
}
