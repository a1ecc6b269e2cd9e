package io.firn.table;

import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;

/**
 * Decides by a record's time which partition it belongs to, so that a {@link RollingWriter} can end one partition and
 * begin the next.
 *
 * <p>Implementations give the same answer for the same record at any time, or what was written before a crash is
 * written elsewhere after it; a writer calls its roller once for each append, under its monitor.
 */
public interface Roller {
    /** The scheme of the table that it makes partitions for. */
    PartitionScheme scheme();

    /**
     * The partition of a record.
     *
     * @throws io.firn.error.InvalidRecordException when the record has none; it is refused, nothing is written
     */
    PartitionValues partitionOf(StreamRecord record);
}
