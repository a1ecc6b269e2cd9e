package io.firn.connect.sink;

import io.firn.connect.common.ConfigRules;
import io.firn.topic.NamePattern;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The options that keep what the source cluster knows beside the records.
 *
 * <p>Thread-safe.
 */
final class CaptureOptions {
    static final String TOPIC_CONFIG = "topic.config.capture";
    static final String TOPIC_CONFIG_INTERVAL = "topic.config.capture.interval.ms";

    static final String GROUPS = "offsets.capture.groups";
    static final String GROUPS_INTERVAL = "offsets.capture.interval.ms";

    private static final long MINUTE_MS = Duration.ofMinutes(1).toMillis();
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();
    private static final long MIN_INTERVAL_MS = 1_000;

    /** Whether something is captured. */
    enum Switch {
        /** It is. */
        ON,
        /** It is not. */
        OFF
    }

    private CaptureOptions() {}

    /** How often topic configurations are captured; empty for never, and where the cluster cannot be asked. */
    static Optional<Duration> topicConfigInterval(AbstractConfig config) {
        return ConfigRules.choice(Switch.class, config.getString(TOPIC_CONFIG)) == Switch.ON
                ? Optional.of(Duration.ofMillis(config.getLong(TOPIC_CONFIG_INTERVAL)))
                : Optional.empty();
    }

    /** Which groups' offsets are captured; empty for none. */
    static Optional<Predicate<String>> groups(AbstractConfig config) {
        return config.getList(GROUPS).stream()
                .map(name -> NamePattern.parse(name).asMatchPredicate())
                .reduce(Predicate::or);
    }

    /** How often the offsets of groups are captured. */
    static Duration groupsInterval(AbstractConfig config) {
        return Duration.ofMillis(config.getLong(GROUPS_INTERVAL));
    }

    /** What is wrong across options, by option. */
    static Map<String, String> problems(Map<String, String> properties) {
        Map<String, String> problems = new HashMap<>();
        if (text(properties, FirnSinkConfig.SOURCE_SERVERS).isEmpty()) {
            if (text(properties, TOPIC_CONFIG).toLowerCase(Locale.ROOT).equals("on")) {
                problems.put(TOPIC_CONFIG, needsServers(TOPIC_CONFIG, "on"));
            }
            if (!text(properties, GROUPS).isEmpty()) {
                problems.put(GROUPS, needsServers(GROUPS, text(properties, GROUPS)));
            }
        }
        return problems;
    }

    private static String needsServers(String option, String value) {
        return "Invalid value '" + value + "' for '" + option + "': only the cluster knows that; set "
                + FirnSinkConfig.SOURCE_SERVERS + " as well, or leave " + option + " out.";
    }

    private static String text(Map<String, String> properties, String name) {
        String value = properties.get(name);
        return value == null ? "" : value.trim();
    }

    static void define(ConfigDef def, String group, int order) {
        def.define(
                TOPIC_CONFIG,
                ConfigDef.Type.STRING,
                "on",
                ConfigRules.choices(Switch.class),
                Importance.MEDIUM,
                "Where " + FirnSinkConfig.SOURCE_SERVERS + " is set: on keeps number of partitions, replication factor"
                        + " and settings of each archived topic in its table, so that a source can make it again"
                        + " (restore.create.topics). The client needs DESCRIBE and DESCRIBE_CONFIGS on the topics;"
                        + " without them one warning is logged and archiving goes on.",
                group,
                order,
                Width.MEDIUM,
                TOPIC_CONFIG,
                List.of(TOPIC_CONFIG_INTERVAL));
        def.define(
                TOPIC_CONFIG_INTERVAL,
                ConfigDef.Type.LONG,
                HOUR_MS,
                ConfigRules.interval(MIN_INTERVAL_MS),
                Importance.LOW,
                "Milliseconds between two looks at the configuration of the archived topics; the first one is taken"
                        + " when a task opens its partitions.",
                group,
                order + 1,
                Width.MEDIUM,
                TOPIC_CONFIG_INTERVAL);
        defineGroups(def, group, order + 2);
    }

    private static void defineGroups(ConfigDef def, String group, int order) {
        def.define(
                GROUPS,
                ConfigDef.Type.LIST,
                "",
                Importance.MEDIUM,
                "Names or patterns (* and ?) of consumer groups whose offsets in the archived topics are kept in their"
                        + " tables, so that firn offsets plan can move the groups to a replayed topic when the old"
                        + " cluster is gone. Needs " + FirnSinkConfig.SOURCE_SERVERS + ", and DESCRIBE on groups and"
                        + " topics. Empty: none.",
                group,
                order,
                Width.LONG,
                GROUPS,
                List.of(GROUPS_INTERVAL));
        def.define(
                GROUPS_INTERVAL,
                ConfigDef.Type.LONG,
                MINUTE_MS,
                ConfigRules.interval(MIN_INTERVAL_MS),
                Importance.LOW,
                "Milliseconds between two looks at the offsets of the groups.",
                group,
                order + 1,
                Width.MEDIUM,
                GROUPS_INTERVAL);
    }
}
