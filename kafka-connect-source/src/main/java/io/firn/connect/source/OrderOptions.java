package io.firn.connect.source;

import io.firn.connect.common.ConfigRules;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The options that say in which order records come, and how often.
 *
 * <p>Immutable; thread-safe.
 */
final class OrderOptions {
    static final String ORDER = "restore.order";
    static final String LOOP = "restore.loop";

    private static final String GROUP = "Order";
    private static final int MAX_LOOPS = 1_000_000;

    private final AbstractConfig config;

    /** What is kept in order. */
    enum Order {
        /** Each archived Kafka partition in itself. */
        PARTITION,
        /** All archived Kafka partitions merged by time. */
        TIMESTAMP
    }

    /** Reads the options of a checked configuration. */
    OrderOptions(AbstractConfig config) {
        this.config = config;
    }

    /** Whether one task merges everything by time. */
    boolean isMerged() {
        return ConfigRules.choice(Order.class, config.getString(ORDER)) == Order.TIMESTAMP
                || new PaceOptions(config).isTimed();
    }

    /** How often everything is replayed, 1 or more. */
    int loops() {
        return config.getInt(LOOP);
    }

    static void define(ConfigDef def) {
        def.define(
                ORDER,
                ConfigDef.Type.STRING,
                "partition",
                ConfigRules.choices(Order.class),
                Importance.MEDIUM,
                "partition: each archived Kafka partition keeps its order, and tasks replay them side by side."
                        + " timestamp: one task merges all topics and Kafka partitions by time; each partition still"
                        + " keeps its order, and of equal times the first by topic and partition comes first. It needs"
                        + " 1 MiB of replay.memory.bytes for each archived Kafka partition.",
                GROUP,
                1,
                Width.SHORT,
                "Order",
                SourceRules.recommend(ConfigRules.names(Order.class)));
        def.define(
                LOOP,
                ConfigDef.Type.INT,
                1,
                Range.between(1, MAX_LOOPS),
                Importance.LOW,
                "How often everything that is selected is replayed, one time after the other; needs"
                        + " restore.mode=bounded.",
                GROUP,
                2,
                Width.SHORT,
                "Times");
    }
}
