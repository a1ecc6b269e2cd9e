package io.firn.connect.source;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The records of one poll, within a number of records and bytes; a record larger than the bytes comes alone.
 *
 * <p>Confined to one thread.
 */
final class PollBatch {
    private final List<SourceRecord> records = new ArrayList<>();
    private final int maxRecords;
    private final long maxBytes;
    private long bytes;

    /** Creates an empty batch; both bounds are positive. */
    PollBatch(int maxRecords, long maxBytes) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    /** Whether a record of this size still fits. */
    boolean fits(long sizeBytes) {
        return records.isEmpty() || (records.size() < maxRecords && bytes + sizeBytes <= maxBytes);
    }

    /** Adds a record that fits. */
    void add(SourceRecord record, long sizeBytes) {
        records.add(record);
        bytes += sizeBytes;
    }

    /** Bytes of what was added. */
    long bytes() {
        return bytes;
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
