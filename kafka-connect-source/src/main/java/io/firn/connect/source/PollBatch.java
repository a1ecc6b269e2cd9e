package io.firn.connect.source;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The records of one poll, within a number of records and bytes; a record larger than the bytes comes alone. As many
 * records and bytes may be looked at and left out, so that a poll that finds nothing ends as well.
 *
 * <p>Confined to one thread.
 */
final class PollBatch {
    private final List<SourceRecord> records = new ArrayList<>();
    private final int maxRecords;
    private final long maxBytes;
    private final ReplayPace pace;
    private long bytes;
    private long allHeaderBytes;
    private int skipped;
    private long skippedBytes;

    /** Creates an empty batch; both bounds are positive. */
    PollBatch(int maxRecords, long maxBytes, ReplayPace pace) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
        this.pace = pace;
    }

    /**
     * Whether a record is to be added now: it fits and its time has come.
     *
     * @param timestampMs its archived timestamp
     * @param contentBytes of key and value, which a rate counts
     * @param headerBytes of its headers
     */
    boolean takes(long timestampMs, long contentBytes, long headerBytes) {
        return fits(contentBytes + headerBytes) && pace.take(timestampMs, contentBytes);
    }

    /** Whether a record of this size still fits. */
    boolean fits(long sizeBytes) {
        return records.isEmpty() || (records.size() < maxRecords && bytes + allHeaderBytes + sizeBytes <= maxBytes);
    }

    /** Adds a record that {@link #takes} has taken. */
    void add(SourceRecord record, long contentBytes, long headerBytes) {
        records.add(record);
        bytes += contentBytes;
        allHeaderBytes += headerBytes;
    }

    /** Bytes of the keys and values that were added. */
    long bytes() {
        return bytes;
    }

    /** Notes a record that was looked at and left out. */
    void skip(long sizeBytes) {
        skipped++;
        skippedBytes += sizeBytes;
    }

    /** Whether so many records were left out that the poll ends. */
    boolean hasSkippedEnough() {
        return skipped >= maxRecords || skippedBytes >= maxBytes;
    }

    /** Whether nothing was added. */
    boolean isEmpty() {
        return records.isEmpty();
    }

    /** The records in the order in which they were added. */
    List<SourceRecord> records() {
        return records;
    }
}
