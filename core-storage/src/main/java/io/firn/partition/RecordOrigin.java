package io.firn.partition;

import io.firn.error.ConfigException;

/**
 * Where a record came from before it was archived.
 *
 * @param topic the Kafka topic, empty when there is none
 * @param partition the Kafka partition, not negative unless there is none
 */
public record RecordOrigin(String topic, int partition) {
    /** For records that do not come from Kafka: the sources {@code topic} and {@code partition} are missing. */
    public static final RecordOrigin NONE = new RecordOrigin("", -1);

    /** Validates that topic and partition are both there, or neither. */
    public RecordOrigin {
        if (topic.isEmpty() != (partition == -1) || partition < -1) {
            throw new ConfigException("Invalid record origin: topic '" + Excerpt.of(topic) + "', partition " + partition
                    + "; give both, or use RecordOrigin.NONE.");
        }
    }

    /** Whether the record has a Kafka origin. */
    public boolean isKnown() {
        return partition >= 0;
    }
}
