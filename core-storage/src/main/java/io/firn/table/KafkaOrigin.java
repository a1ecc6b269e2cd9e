package io.firn.table;

import io.firn.error.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which Kafka partition a lane holds: the vocabulary that the sink writes into the lane's properties and the source
 * reads from them.
 *
 * <p>Cluster and topic id are empty when the sink could not ask the cluster. Immutable; thread-safe.
 *
 * @param topic the original topic, before any transformation renamed it
 * @param partition the original Kafka partition, 0 or more
 * @param generation 0 for the first topic of that name, higher for one that was created again later
 * @param clusterId id of the Kafka cluster, or empty
 * @param topicId id of the topic, or empty
 */
public record KafkaOrigin(String topic, int partition, int generation, String clusterId, String topicId) {
    private static final Pattern WRITER_NAME = Pattern.compile("(.+)-(\\d{1,9})-g(\\d{1,9})");
    private static final String TOPIC = "kafka.topic";
    private static final String PARTITION = "kafka.partition";
    private static final String GENERATION = "kafka.generation";
    private static final String CLUSTER_ID = "kafka.cluster.id";
    private static final String TOPIC_ID = "kafka.topic.id";

    /** Checks the numbers. */
    public KafkaOrigin {
        if (topic.isEmpty() || partition < 0 || generation < 0) {
            throw new ConfigException("A Kafka origin needs a topic, and a partition and generation of 0 or more; found"
                    + " topic '" + topic + "', partition " + partition + ", generation " + generation);
        }
    }

    /** The origin that a lane's properties describe; empty when the lane does not come from Kafka. */
    public static Optional<KafkaOrigin> of(Map<String, String> properties) {
        if (!properties.containsKey(TOPIC)) {
            return Optional.empty();
        }
        return Optional.of(new KafkaOrigin(
                properties.getOrDefault(TOPIC, ""),
                number(properties, PARTITION),
                number(properties, GENERATION),
                properties.getOrDefault(CLUSTER_ID, ""),
                properties.getOrDefault(TOPIC_ID, "")));
    }

    /** The lane properties that describe this origin. */
    public Map<String, String> toProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(TOPIC, topic);
        properties.put(PARTITION, Integer.toString(partition));
        properties.put(GENERATION, Integer.toString(generation));
        properties.put(CLUSTER_ID, clusterId);
        properties.put(TOPIC_ID, topicId);
        return properties;
    }

    /** Name of the writer (lane) of this origin; differs for every topic, partition and generation. */
    public String writerName() {
        return topic + "-" + partition + "-g" + generation;
    }

    /** The origin that a writer of this name has if a sink named it; without ids. Empty for other names. */
    public static Optional<KafkaOrigin> ofWriterName(String writer) {
        Matcher matcher = WRITER_NAME.matcher(writer);
        return matcher.matches()
                ? Optional.of(new KafkaOrigin(
                        matcher.group(1),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)),
                        "",
                        ""))
                : Optional.empty();
    }

    /** The same partition of the topic that replaced this one. */
    public KafkaOrigin nextGeneration(String newClusterId, String newTopicId) {
        return new KafkaOrigin(topic, partition, generation + 1, newClusterId, newTopicId);
    }

    /** The same origin with ids that were not known before; known ones stay. */
    public KafkaOrigin withIds(String newClusterId, String newTopicId) {
        return new KafkaOrigin(
                topic,
                partition,
                generation,
                clusterId.isEmpty() ? newClusterId : clusterId,
                topicId.isEmpty() ? newTopicId : topicId);
    }

    private static int number(Map<String, String> properties, String name) {
        String text = properties.getOrDefault(name, "0");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ConfigException("Lane property " + name + " must be a number, found '" + text + "'", e);
        }
    }
}
