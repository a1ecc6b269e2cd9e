package io.firn.connect.source;

import io.firn.connect.source.TargetTopic.Need;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    private final CreationPlan plan;

    /**
     * Creates a look; the cluster is not asked yet.
     *
     * @param config the parsed options
     * @param connectorConfig the whole configuration of the connector, with the framework's options
     * @param plan the topics that will be created where they are missing
     */
    TargetLook(FirnSourceConfig config, Map<String, String> connectorConfig, CreationPlan plan) {
        this.config = config;
        this.connectorConfig = Map.copyOf(connectorConfig);
        this.plan = plan;
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
     * The topics that exist among the named ones, and those that will be created: as the archive knows them, or by
     * Connect's default group.
     *
     * @throws ConnectException when the cluster does not answer
     */
    Map<String, TargetTopic> topics(Set<String> names) {
        Map<String, TargetTopic> topics = new HashMap<>();
        if (creates() && !hasOwnGroups()) {
            names.forEach(name -> topics.put(name, byDefaultGroup()));
        }
        plan.topics().forEach((name, topic) -> {
            if (names.contains(name)) {
                topics.put(name, topic.toTarget());
            }
        });
        topics.putAll(cluster().topics(names));
        return topics;
    }

    /**
     * The topics that are planned and missing, with as many partitions as the replay needs.
     *
     * @throws ConnectException when the cluster does not answer
     */
    Map<String, TopicToCreate> missing(Map<String, Need> needs) {
        Map<String, TopicToCreate> missing = new TreeMap<>();
        needs.forEach((name, need) -> {
            TopicToCreate planned = plan.topics().get(name);
            if (planned != null) {
                missing.put(name, planned.withAtLeast(need.partitions()));
            }
        });
        if (!missing.isEmpty()) {
            missing.keySet()
                    .removeAll(cluster().topics(Set.copyOf(missing.keySet())).keySet());
        }
        return missing;
    }

    /** Why topics that should be created cannot be, by name. */
    Map<String, String> impossible() {
        return plan.impossible();
    }

    /** The target cluster. */
    TargetCluster cluster() {
        return new TargetCluster(config.targetClient());
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
        return new TargetTopic(Integer.parseInt(settings.getOrDefault("partitions", "1")), settings, CREATION);
    }
}
