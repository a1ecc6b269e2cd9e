package io.firn.connect.cli;

import io.firn.record.RecordView;
import io.firn.table.TableReader;
import org.jspecify.annotations.Nullable;

/** Goes through an archived partition in the order in which it is replayed. Confined to one thread. */
final class ArchivedRecords implements AutoCloseable {
    private final ArchivedPartition partition;
    private @Nullable TableReader reader;
    private int lane;

    /** Begins with what its oldest writer has committed by now. */
    ArchivedRecords(ArchivedPartition partition) {
        this.partition = partition;
        this.reader = partition.reader(0);
    }

    /** Goes to the next record; false at the end. */
    boolean next() {
        while (true) {
            TableReader present = reader;
            if (present != null && present.next()) {
                return true;
            }
            close();
            if (lane + 1 == partition.lanes().size()) {
                return false;
            }
            lane++;
            reader = partition.reader(lane);
        }
    }

    /** The present record, until the next call. */
    RecordView record() {
        TableReader present = reader;
        if (present == null) {
            throw new IllegalStateException("there is no present record");
        }
        return present.record();
    }

    /** Whether the present record is of the newest topic, so that its sequence is an offset there. */
    boolean isNewest() {
        return lane + 1 == partition.lanes().size();
    }

    @Override
    public void close() {
        TableReader present = reader;
        reader = null;
        if (present != null) {
            present.close();
        }
    }
}
