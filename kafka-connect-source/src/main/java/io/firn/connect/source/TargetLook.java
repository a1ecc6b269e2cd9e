package io.firn.connect.source;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The target topics as they are or as Connect will create them.
 *
 * <p>Immutable; thread-safe.
 */
final class TargetLook {
    private static final String CREATION = "topic.creation.default.";
    private static final String CREATION_GROUPS = "topic.creation.groups";

    private final FirnSourceConfig config;
    private final Map<String, String> connectorConfig;

    /**
     * Creates a look; the cluster is not asked yet.
     *
     * @param config the parsed options
     * @param connectorConfig the whole configuration of the connector, with the framework's options
     */
    TargetLook(FirnSourceConfig config, Map<String, String> connectorConfig) {
        this.config = config;
        this.connectorConfig = Map.copyOf(connectorConfig);
    }

    /** Whether the cluster can be asked. */
    boolean isPossible() {
        return !config.targetClient().isEmpty();
    }

    /** Whether Connect will create topics by groups of the user's own, which only Connect can tell. */
    boolean hasOwnGroups() {
        return creates() && !connectorConfig.getOrDefault(CREATION_GROUPS, "").isBlank();
    }

    /**
     * The topics that exist among the named ones, and those that Connect will create by its default group.
     *
     * @throws ConnectException when the cluster does not answer
     */
    Map<String, TargetTopic> topics(Set<String> names) {
        Map<String, TargetTopic> topics = new HashMap<>();
        if (creates() && !hasOwnGroups()) {
            names.forEach(name -> topics.put(name, byDefaultGroup()));
        }
        topics.putAll(new TargetCluster(config.targetClient()).topics(names));
        return topics;
    }

    /**
     * Number of partitions by topic, as far as {@link PartitionOptions#MODE} needs it.
     *
     * @throws ConnectException when a number is needed and cannot be found out
     */
    Map<String, Integer> partitionCounts(Set<String> names) {
        PartitionOptions partitions = new PartitionOptions(config);
        Map<String, Integer> counts = new HashMap<>();
        if (!partitions.mode().needsCount()) {
            return counts;
        }
        if (partitions.count() > 0) {
            names.forEach(name -> counts.put(name, partitions.count()));
        } else if (isPossible()) {
            topics(names).forEach((name, topic) -> counts.put(name, topic.partitions()));
        }
        PartitionRouting routing = partitions.routing(counts);
        names.forEach(routing::count);
        return counts;
    }

    private boolean creates() {
        return connectorConfig.getOrDefault(CREATION + "partitions", "").matches("\\d{1,9}");
    }

    private TargetTopic byDefaultGroup() {
        Map<String, String> settings = new HashMap<>();
        connectorConfig.forEach((key, value) -> {
            if (key.startsWith(CREATION)) {
                settings.put(key.substring(CREATION.length()), value);
            }
        });
        return new TargetTopic(Integer.parseInt(settings.getOrDefault("partitions", "1")), settings);
    }
}
