package io.firn.connect.sink;

import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import io.firn.table.KafkaOrigin;

/**
 * A lane that this task opened.
 *
 * <p>Confined to the task's thread.
 *
 * @param table where the lane lies
 * @param origin which topic, partition and generation it holds
 * @param writer the lane's writer
 * @param start the Kafka offset to read first
 * @param mayHaveGap whether a first offset above {@code start} means that records are gone
 * @param owner who opened it, for messages
 */
record OpenLane(LaneHome table, KafkaOrigin origin, LaneWriter writer, long start, boolean mayHaveGap, String owner) {
    String describeSuccessor(WriterFencedException cause) {
        return "Partition " + origin.topic() + "-" + origin.partition() + " is now archived into " + table.path()
                + " by " + holder() + "; this is " + owner
                + ". Two connectors must not archive one topic into one table:"
                + " delete one of them, or give it another " + FirnSinkConfig.PATH + " or " + FirnSinkConfig.TABLE
                + ". (" + cause.getMessage() + ")";
    }

    private String holder() {
        try {
            return table.holder(origin);
        } catch (FirnException e) {
            return "another writer (its name cannot be read: " + e.getMessage() + ")";
        }
    }
}
