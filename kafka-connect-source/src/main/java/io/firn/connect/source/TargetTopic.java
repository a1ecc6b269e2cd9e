package io.firn.connect.source;

import java.util.Map;
import java.util.OptionalLong;

/**
 * A topic of the target cluster, as it is or as Connect would create it.
 *
 * <p>Immutable; thread-safe.
 *
 * @param partitions number of its Kafka partitions
 * @param settings its topic settings by name; a name that is missing is unknown
 */
record TargetTopic(int partitions, Map<String, String> settings) {
    TargetTopic {
        settings = Map.copyOf(settings);
    }

    /**
     * What the archive needs of a target topic.
     *
     * @param partitions how many Kafka partitions
     * @param oldestMs timestamp of the oldest record in milliseconds as it is replayed, empty when there is none or all
     *     are of the time of the replay
     * @param bytesOfLargestPartition size of the records of the largest Kafka partition; at least so much when keys
     *     choose the partition
     * @param keepsTimestamps whether the timestamps of the records must stay
     */
    record Need(int partitions, OptionalLong oldestMs, long bytesOfLargestPartition, boolean keepsTimestamps) {}
}
