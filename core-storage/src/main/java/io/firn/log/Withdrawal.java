package io.firn.log;

/**
 * What of a writer attempt's lane is taken back, because its job went back to an older checkpoint.
 *
 * @param lane directory name of the lane
 * @param fromSequence the first sequence that is taken back; everything behind it is, too
 * @param whole whether the attempt began after that checkpoint, so that no checkpoint that knows it may be restored
 */
public record Withdrawal(String lane, long fromSequence, boolean whole) {
    /** Everything of an attempt that began after the checkpoint. */
    public static Withdrawal whole(String lane) {
        return new Withdrawal(lane, 0, true);
    }

    /** What an attempt wrote after the checkpoint. */
    public static Withdrawal from(String lane, long sequence) {
        return new Withdrawal(lane, sequence, false);
    }

    /**
     * Whether nothing of it is in the table.
     *
     * @param state what is committed in the lane
     * @param catalog read after the lane: a segment of the lane is still there, or the catalog says what became of it
     */
    public boolean isDone(LaneState state, CatalogState catalog) {
        // Sequences of an attempt have no gaps.
        boolean hot = state.segments().stream().anyMatch(segment -> isIn(segment) && !catalog.isRemoved(segment));
        return !hot && catalog.segments().stream().noneMatch(this::isIn);
    }

    /** Whether a segment of the lane reaches behind the point. */
    public boolean isIn(LaneSegment segment) {
        return segment.baseSequence() + segment.records() > fromSequence;
    }

    /** Whether a file of the catalog may hold records of it. */
    public boolean isIn(SegmentEntry file) {
        return file.range(lane)
                .filter(range -> range.lastSequence() >= fromSequence)
                .isPresent();
    }

    /** The number in its file's name: the lower, the more is taken back. */
    long number() {
        return whole ? 0 : fromSequence + 1;
    }

    static Withdrawal ofNumber(String lane, long number) {
        return number == 0 ? whole(lane) : from(lane, number - 1);
    }
}
