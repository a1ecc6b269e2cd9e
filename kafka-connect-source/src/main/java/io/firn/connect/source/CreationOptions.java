package io.firn.connect.source;

import io.firn.connect.common.ConfigRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The options that create missing target topics.
 *
 * <p>Immutable; thread-safe.
 */
final class CreationOptions {
    static final String CREATE = "restore.create.topics";
    static final String REPLICATION = "restore.create.topics.replication.factor";
    /** What stands before the name of a topic's setting. */
    static final String SETTING = "restore.create.topics.config.";

    private static final String GROUP = "Target";

    private final AbstractConfig config;

    /** How missing target topics are created. */
    enum Create {
        /** Not by this connector. */
        OFF,
        /** As the sink has seen the archived topics. */
        CAPTURED
    }

    /** Reads the options of a checked configuration. */
    CreationOptions(AbstractConfig config) {
        this.config = config;
    }

    /** Whether missing topics are created. */
    boolean creates() {
        return ConfigRules.choice(Create.class, config.getString(CREATE)) == Create.CAPTURED;
    }

    /** Replicas of each partition; 0 for as many as were captured, -1 for the default of the target brokers. */
    int replicationFactor() {
        return config.getInt(REPLICATION);
    }

    /** Settings that stand above the captured ones, by name; an empty one is left to the target brokers. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        config.originalsWithPrefix(SETTING)
                .forEach((name, value) ->
                        settings.put(name, String.valueOf(value).trim()));
        return settings;
    }

    static void define(ConfigDef def) {
        def.define(
                CREATE,
                ConfigDef.Type.STRING,
                "off",
                ConfigRules.choices(Create.class),
                Importance.MEDIUM,
                "captured: before the first record, when the preflight has passed, target topics that are missing are"
                        + " created with the number of partitions, the replication factor and the settings that the"
                        + " sink has captured (topic.config.capture) of the archived topics. " + SETTING
                        + "<setting>=<value> sets one setting otherwise, for example " + SETTING
                        + "retention.ms=-1; without a value it"
                        + " is left to the target brokers. Topics that exist are never changed. Needs "
                        + FirnSourceConfig.TARGET_SERVERS + ". off: nothing is created here.",
                GROUP,
                5,
                Width.SHORT,
                "Create topics",
                List.of(REPLICATION),
                SourceRules.recommend(ConfigRules.names(Create.class)));
        def.define(
                REPLICATION,
                ConfigDef.Type.INT,
                0,
                Range.between(TopicToCreate.BROKER_DEFAULT, Short.MAX_VALUE),
                Importance.LOW,
                "Replication factor of topics that " + CREATE + " creates: 0 takes the captured one, -1 the default of"
                        + " the target brokers.",
                GROUP,
                6,
                Width.SHORT,
                "Replication factor",
                SourceRules.shownWhen(values -> ConfigRules.choice(
                                Create.class, values.getOrDefault(CREATE, "off").toString())
                        == Create.CAPTURED));
    }
}
