package io.firn.connect.source;

import java.util.UUID;

/**
 * A lane of an archived table that holds the records of one Kafka partition.
 *
 * <p>Immutable; thread-safe.
 *
 * @param table name of the table's directory below the archive root
 * @param tableId the table's id
 * @param lane the lane's name
 * @param topic the topic that the records came from
 * @param partition the Kafka partition that they came from, 0 or more
 * @param generation which topic of that name: 0 for the first, higher for one that was created later
 */
record ReplayLane(String table, UUID tableId, String lane, String topic, int partition, int generation) {
    ReplayLane {
        if (partition < 0 || generation < 0) {
            throw new IllegalArgumentException("lane " + lane + " of table " + table + ": partition " + partition
                    + " and generation " + generation + " must be 0 or more");
        }
    }
}
