package io.firn.connect.sink;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    /** What is wrong across options, by option. */
    static Map<String, String> problems(Map<String, String> properties) {
        boolean wanted = text(properties, TOPIC_CONFIG).toLowerCase(Locale.ROOT).equals("on");
        return wanted && text(properties, FirnSinkConfig.SOURCE_SERVERS).isEmpty()
                ? Map.of(TOPIC_CONFIG, needsServers(TOPIC_CONFIG, "on"))
                : Map.of();
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
                ConfigRules.atLeast(MIN_INTERVAL_MS),
                Importance.LOW,
                "Milliseconds between two looks at the configuration of the archived topics; the first one is taken"
                        + " when a task opens its partitions.",
                group,
                order + 1,
                Width.MEDIUM,
                TOPIC_CONFIG_INTERVAL);
    }
}
