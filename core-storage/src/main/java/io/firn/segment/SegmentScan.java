package io.firn.segment;

/**
 * What a scan of a segment found.
 *
 * @param header the header
 * @param prefix the longest prefix of valid frames: {@code prefix.dataEnd()} is its length
 * @param ending what follows the prefix
 */
public record SegmentScan(SegmentHeader header, SegmentSummary prefix, Ending ending) {
    /** What follows the last valid frame. */
    public enum Ending {
        /** The end word: the segment was sealed, or its seal was begun. */
        SEALED,
        /** Nothing but zeros. */
        CLEAN,
        /** Bytes that are no frame, and no valid frame behind them: what a crash leaves. */
        TORN,
        /**
         * Bytes that are no frame, and valid frames behind them: pages that were never forced and got lost, or damage.
         * Below a committed length it would be damage; above it nobody can tell.
         */
        BROKEN
    }
}
