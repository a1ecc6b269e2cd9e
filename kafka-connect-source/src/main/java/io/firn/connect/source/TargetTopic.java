package io.firn.connect.source;

import java.util.Map;
import java.util.OptionalLong;

/**
 * A topic of the target cluster, as it is or as it will be created.
 *
 * <p>Immutable; thread-safe.
 *
 * @param partitions number of its Kafka partitions
 * @param settings its topic settings by name; a name that is missing is unknown
 * @param prefix what stands before the name of a setting where a user sets it: empty for topics that exist, the prefix
 *     of options for those that will be created
 */
record TargetTopic(int partitions, Map<String, String> settings, String prefix) {
    TargetTopic {
        settings = Map.copyOf(settings);
    }

    /** A topic that exists. */
    TargetTopic(int partitions, Map<String, String> settings) {
        this(partitions, settings, "");
    }

    /** A setting that is a number; empty when it is unknown. */
    OptionalLong number(String setting) {
        String text = settings.get(setting);
        return text == null || !text.matches("-?\\d{1,19}")
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(text));
    }

    /** The remedy that consists of a setting. */
    String remedy(String setting, String value) {
        return "set " + prefix + setting + "=" + value;
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
