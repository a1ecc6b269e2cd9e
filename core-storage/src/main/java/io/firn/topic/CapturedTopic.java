package io.firn.topic;

import java.util.Comparator;
import java.util.List;

/**
 * How a topic was configured in the cluster that its records come from. Immutable; thread-safe.
 *
 * @param topic its name
 * @param clusterId id of the cluster, or empty
 * @param topicId id of the topic, another one when it was deleted and made again; or empty
 * @param capturedAtMs when it was first seen like this, milliseconds since 1970
 * @param partitions number of its partitions, 1 or more
 * @param replicationFactor replicas of each partition, 1 or more
 * @param settings those that are not a default of the software, by ascending name
 */
public record CapturedTopic(
        String topic,
        String clusterId,
        String topicId,
        long capturedAtMs,
        int partitions,
        int replicationFactor,
        List<Setting> settings) {
    /** Source of a setting that was made for the topic itself, as Kafka calls it. */
    public static final String OF_TOPIC = "DYNAMIC_TOPIC_CONFIG";

    /** Checks the numbers and sorts the settings. */
    public CapturedTopic {
        if (topic.isEmpty() || partitions < 1 || replicationFactor < 1) {
            throw new IllegalArgumentException("expected a topic with 1 or more partitions and replicas, found '"
                    + topic + "' with " + partitions + " and " + replicationFactor);
        }
        settings = settings.stream().sorted(Comparator.comparing(Setting::name)).toList();
    }

    /**
     * A setting of a topic. Immutable; thread-safe.
     *
     * @param name its name
     * @param value its value as text
     * @param source where it was made, as Kafka calls it: {@link #OF_TOPIC}, or a setting of the brokers
     */
    public record Setting(String name, String value, String source) {
        /** Whether it was made for the topic itself and not for all topics of its brokers. */
        public boolean isOfTopic() {
            return source.equals(OF_TOPIC);
        }
    }

    /** Whether the other one says the same, at whatever time it was captured. */
    public boolean saysTheSameAs(CapturedTopic other) {
        return equals(other.at(capturedAtMs));
    }

    private CapturedTopic at(long ms) {
        return new CapturedTopic(topic, clusterId, topicId, ms, partitions, replicationFactor, settings);
    }
}
