package io.firn.table;

import io.firn.error.CorruptDataException;
import io.firn.record.RecordView;
import io.firn.segment.Range;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The first records behind a place in the order of time, as many as fit into a budget: of everything that is offered
 * the highest go when there is no room. Afterwards the slice says where it ends.
 *
 * <p>Confined to one thread.
 */
final class TimeSlice {
    private final @Nullable TimeKey after;
    private final long budgetBytes;
    private final PriorityQueue<TimedRecord> highestFirst =
            new PriorityQueue<>(Comparator.comparing(TimedRecord::key).reversed());
    private @Nullable TimeKey end;
    private long heldBytes;

    /**
     * Creates an empty slice.
     *
     * @param after the last record before the slice, null for the beginning
     * @param budgetBytes bytes of records to hold; at least one record is held
     */
    TimeSlice(@Nullable TimeKey after, long budgetBytes) {
        this.after = after;
        this.budgetBytes = budgetBytes;
    }

    /** Whether a record of this time may belong into the slice. */
    boolean reaches(long timestampNs) {
        return (after == null || timestampNs >= after.timestampNs()) && !endsBefore(timestampNs);
    }

    boolean overlaps(Range timestamps) {
        return (after == null || timestamps.last() >= after.timestampNs()) && !endsBefore(timestamps.first());
    }

    /** Whether the slice is full and has no room for anything of this time or later. */
    boolean endsBefore(long timestampNs) {
        return end != null && timestampNs > end.timestampNs();
    }

    /** Copies the record if it belongs into the slice. */
    void offer(RecordView record, String partitionPath, String writer) {
        TimeKey key = new TimeKey(record.timestampNs(), partitionPath, writer, record.sequence());
        if ((after != null && key.compareTo(after) <= 0) || (end != null && key.compareTo(end) >= 0)) {
            return;
        }
        long sizeBytes = BufferedRecord.sizeOf(record);
        BufferedRecord copy = new BufferedRecord(record.sequence(), record.toRecord(), partitionPath);
        highestFirst.add(new TimedRecord(key, copy, sizeBytes));
        heldBytes += sizeBytes;
        while (heldBytes > budgetBytes && highestFirst.size() > 1) {
            TimedRecord highest = highestFirst.remove();
            heldBytes -= highest.sizeBytes();
            end = highest.key();
        }
    }

    /** Whether there are records behind the slice. */
    boolean isCut() {
        return end != null;
    }

    /**
     * The records in order.
     *
     * @param table the table's directory, for messages
     * @throws CorruptDataException when a record stands twice
     */
    List<TimedRecord> inOrder(Path table) {
        List<TimedRecord> sorted = new ArrayList<>(highestFirst);
        sorted.sort(Comparator.comparing(TimedRecord::key));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).key().equals(sorted.get(i - 1).key())) {
                throw new CorruptDataException(
                        table,
                        0,
                        "expected each record once, found " + sorted.get(i).key() + " in two files");
            }
        }
        return sorted;
    }
}
