package io.firn.table;

import java.util.function.Consumer;

/**
 * What one file holds of a lane, as a plan estimates it.
 *
 * @param from first sequence, inclusive
 * @param to end, exclusive
 * @param records number of records
 * @param bytes uncompressed size of them
 * @param minTimestampNs lowest timestamp, nanoseconds
 */
record LanePiece(long from, long to, double records, double bytes, long minTimestampNs) {
    /** Hands over the part of it that lies in a range, if any does. */
    void within(SequenceRange range, Consumer<LanePiece> target) {
        long start = Math.max(from, range.from());
        long end = Math.min(to, range.to());
        if (start < end) {
            double part = (double) (end - start) / (to - from);
            target.accept(new LanePiece(start, end, records * part, bytes * part, minTimestampNs));
        }
    }
}
