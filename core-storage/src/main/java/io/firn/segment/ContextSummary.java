package io.firn.segment;

/**
 * What a segment holds of one context. The ranges mean nothing when there are no records.
 *
 * @param context the context
 * @param recordCount its records in this segment
 * @param sequences lowest and highest sequence, inclusive
 * @param timestamps lowest and highest timestamp in nanoseconds (saturated), inclusive
 * @param firstOffset where its first frame starts
 */
public record ContextSummary(
        SegmentContext context, long recordCount, Range sequences, Range timestamps, long firstOffset) {
    /** Checks the count. */
    public ContextSummary {
        if (recordCount < 0) {
            throw new IllegalArgumentException("record count " + recordCount);
        }
    }
}
