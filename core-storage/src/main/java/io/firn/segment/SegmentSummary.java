package io.firn.segment;

import java.util.List;

/**
 * What a segment, or a prefix of it, holds: its footer and the catalog carry this.
 *
 * @param dataEnd end of the frames, an offset in the file
 * @param recordCount number of records
 * @param sequences lowest and highest sequence over all contexts, {@link Range#EMPTY} without records
 * @param timestamps lowest and highest timestamp in nanoseconds (saturated), {@link Range#EMPTY} without records
 * @param dataCrc CRC-32C of the bytes [0, dataEnd) of the hot form
 * @param contexts what each context holds, by ascending reference
 */
public record SegmentSummary(
        long dataEnd, long recordCount, Range sequences, Range timestamps, int dataCrc, List<ContextSummary> contexts) {
    /** Copies the list. */
    public SegmentSummary {
        contexts = List.copyOf(contexts);
    }

    /** Sums up contexts. */
    static SegmentSummary of(long dataEnd, int dataCrc, List<ContextSummary> contexts) {
        long records = 0;
        Range sequences = Range.EMPTY;
        Range timestamps = Range.EMPTY;
        for (ContextSummary each : contexts) {
            if (each.recordCount() > 0) {
                records += each.recordCount();
                sequences = sequences.join(each.sequences());
                timestamps = timestamps.join(each.timestamps());
            }
        }
        return new SegmentSummary(dataEnd, records, sequences, timestamps, dataCrc, contexts);
    }
}
