package io.firn.connect.source;

import io.firn.connect.source.TargetTopic.Need;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The look at the target topics before the first record: a replay into a topic that deletes or refuses old records, or
 * lacks a Kafka partition (the producer then waits for ever), must fail at once and say why.
 *
 * <p>Thread-safe.
 */
final class Preflight {
    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);
    private static final String CREATION = "topic.creation.default.";
    private static final String CREATION_GROUPS = "topic.creation.groups";

    private final FirnSourceConfig config;
    private final Map<String, String> connectorConfig;

    /**
     * Creates a preflight.
     *
     * @param config the parsed options
     * @param connectorConfig the whole configuration of the connector, with the framework's options
     */
    Preflight(FirnSourceConfig config, Map<String, String> connectorConfig) {
        this.config = config;
        this.connectorConfig = Map.copyOf(connectorConfig);
    }

    /**
     * Looks at the target topics.
     *
     * @param needs what the archive needs, by target topic
     * @throws ConnectException naming every problem and its remedy, when the preflight is strict
     */
    void run(Map<String, Need> needs, Instant now) {
        if (config.preflight() == FirnSourceConfig.Preflight.OFF || needs.isEmpty()) {
            return;
        }
        Map<String, Object> client = config.targetClient();
        if (client.isEmpty()) {
            LOG.warn(
                    "Target topics are not looked at: option={} is empty. Missing partitions would block the producer"
                            + " without an error.",
                    FirnSourceConfig.TARGET_SERVERS);
            return;
        }
        Map<String, TargetTopic> topics = new HashMap<>(toBeCreated(needs));
        topics.putAll(new TargetCluster(client).topics(needs.keySet()));
        report(new TargetCheck(now).problems(needs, topics));
    }

    private void report(List<String> problems) {
        if (problems.isEmpty()) {
            return;
        }
        if (config.preflight() == FirnSourceConfig.Preflight.WARN) {
            problems.forEach(problem -> LOG.warn("Preflight: {}.", problem));
            return;
        }
        throw new ConnectException("The replay would not arrive as it was archived: " + String.join("; ", problems)
                + ". (" + FirnSourceConfig.PREFLIGHT + "=warn goes on all the same.)");
    }

    /** The topics as Connect would create them by the default group; other groups are Connect's own business. */
    private Map<String, TargetTopic> toBeCreated(Map<String, Need> needs) {
        String partitions = connectorConfig.get(CREATION + "partitions");
        if (partitions == null || !partitions.matches("\\d{1,9}")) {
            return Map.of();
        }
        Map<String, String> settings = new HashMap<>();
        connectorConfig.forEach((key, value) -> {
            if (key.startsWith(CREATION)) {
                settings.put(key.substring(CREATION.length()), value);
            }
        });
        boolean ownGroups = !connectorConfig.getOrDefault(CREATION_GROUPS, "").isBlank();
        Map<String, TargetTopic> topics = new HashMap<>();
        needs.forEach((name, need) -> topics.put(
                name,
                ownGroups
                        ? new TargetTopic(need.partitions(), Map.of())
                        : new TargetTopic(Integer.parseInt(partitions), settings)));
        return topics;
    }
}
