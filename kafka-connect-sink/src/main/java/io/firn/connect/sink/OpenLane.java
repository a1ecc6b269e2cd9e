package io.firn.connect.sink;

import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import io.firn.table.KafkaOrigin;
import io.firn.table.TableWriter;

/**
 * A lane that this task opened.
 *
 * <p>Confined to the task's thread.
 *
 * @param table the table that the lane belongs to
 * @param origin which topic, partition and generation it holds
 * @param writer the lane's writer
 * @param start the Kafka offset to read first
 * @param mayHaveGap whether a first offset above {@code start} means that records are gone
 * @param owner who opened it, for messages
 */
record OpenLane(
        TableHandle table, KafkaOrigin origin, TableWriter writer, long start, boolean mayHaveGap, String owner) {
    /** Lane property with the one who opened the lane last. */
    static final String OWNER = "firn.owner";

    String describeSuccessor(WriterFencedException cause) {
        return "Partition " + origin.topic() + "-" + origin.partition() + " is now archived into " + table.path()
                + " by " + holder() + "; this is " + owner
                + ". Two connectors must not archive one topic into one table:"
                + " delete one of them, or give it another " + FirnSinkConfig.PATH + " or " + FirnSinkConfig.TABLE
                + ". (" + cause.getMessage() + ")";
    }

    private String holder() {
        try {
            return table.lanes().stream()
                    .filter(lane -> lane.writer().equals(origin.writerName()))
                    .map(lane -> lane.properties().getOrDefault(OWNER, "another writer"))
                    .findFirst()
                    .orElse("another writer");
        } catch (FirnException e) {
            return "another writer (its name cannot be read: " + e.getMessage() + ")";
        }
    }
}
