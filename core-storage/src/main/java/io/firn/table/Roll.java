package io.firn.table;

import io.firn.partition.PartitionValues;
import java.util.Map;

/**
 * What a rolling writer ended.
 *
 * @param finished the partition that was the newest one; everything that was written to it is committed and sealed
 * @param begun the partition that came after it
 * @param records committed records by Hive path since the roll before, or since the writer was opened: those of
 *     {@code finished}, and late ones of other partitions
 * @param position the writer's position behind the last record before the roll
 */
public record Roll(PartitionValues finished, PartitionValues begun, Map<String, Long> records, long position) {
    /** Copies the map. */
    public Roll {
        records = Map.copyOf(records);
    }
}
