package io.firn.connect.source;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A target topic that will be created if it is missing.
 *
 * <p>Immutable; thread-safe.
 *
 * @param name its name in the target cluster
 * @param partitions number of its Kafka partitions, 1 or more
 * @param replicationFactor replicas of each partition, {@link #BROKER_DEFAULT} to leave it to the target brokers
 * @param settings its topic settings by name
 */
record TopicToCreate(String name, int partitions, int replicationFactor, Map<String, String> settings) {
    /** The number of replicas that the target brokers have as their default. */
    static final int BROKER_DEFAULT = -1;

    TopicToCreate {
        settings = Map.copyOf(settings);
    }

    /** The same topic with at least so many partitions. */
    TopicToCreate withAtLeast(int needed) {
        return new TopicToCreate(name, Math.max(partitions, needed), replicationFactor, settings);
    }

    /** As the target's check sees it, as long as the target's own defaults are not known. */
    TargetTopic toTarget() {
        return new TargetTopic(partitions, settings, CreationOptions.SETTING);
    }

    NewTopic toNewTopic() {
        Optional<Short> replicas =
                replicationFactor == BROKER_DEFAULT ? Optional.empty() : Optional.of((short) replicationFactor);
        return new NewTopic(name, Optional.of(partitions), replicas).configs(settings);
    }

    /** For messages. */
    @Override
    public String toString() {
        String replicas = replicationFactor == BROKER_DEFAULT ? "the brokers' default" : "" + replicationFactor;
        return "'" + name + "' (" + partitions + " partitions, replication factor " + replicas + ", settings "
                + new TreeMap<>(settings) + ")";
    }
}
