package io.firn.connect.source;

import io.firn.connect.common.ConfigRules;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The options that choose Kafka partitions in the target.
 *
 * <p>Immutable; thread-safe.
 */
final class PartitionOptions {
    static final String MODE = "restore.partition.mode";
    static final String MAP = "restore.partition.map";
    static final String COUNT = "restore.partition.count";

    /** Most partitions of a topic that are taken for meant. */
    static final int MAX_PARTITIONS = 1_000_000;

    private static final String GROUP = "Target partitions";

    private final AbstractConfig config;

    /** Reads the options of a checked configuration. */
    PartitionOptions(AbstractConfig config) {
        this.config = config;
    }

    /** How partitions are chosen. */
    PartitionMode mode() {
        return PartitionMode.parse(config.getString(MODE));
    }

    /** Number of partitions of every target topic, 0 to ask the target cluster. */
    int count() {
        return config.getInt(COUNT);
    }

    /** The routing with these numbers of partitions by target topic. */
    PartitionRouting routing(Map<String, Integer> counts) {
        boolean keysChange = RemapOptions.remap(config) != RemapOptions.Remap.OFF;
        OriginValues map = OriginValues.parse(config.getList(MAP), MAX_PARTITIONS - 1);
        return new PartitionRouting(mode(), map, counts, keysChange);
    }

    static void define(ConfigDef def) {
        def.define(
                MODE,
                ConfigDef.Type.STRING,
                "preserve",
                ConfigRules.parsing(
                        "preserve, modulo, key-hash or fixed:<n>", value -> PartitionMode.parse(value.toString())),
                Importance.MEDIUM,
                "Kafka partition of a record in the target: preserve keeps the archived one; modulo takes it modulo"
                        + " the number of target partitions; key-hash hashes the key as Kafka's producer does (a record"
                        + " without key as modulo); fixed:3 sends everything to partition 3. The order within an"
                        + " archived partition holds for all records that go to the same target partition.",
                GROUP,
                1,
                Width.SHORT,
                "Partition mode",
                SourceRules.recommend(PartitionMode.EXAMPLES));
        def.define(
                MAP,
                ConfigDef.Type.LIST,
                "",
                SourceRules.originValues(MAX_PARTITIONS - 1),
                Importance.LOW,
                "Archived partitions that go elsewhere than the mode says: topic:partition=target partition, separated"
                        + " by commas, for example flights:0=5. The topic may be a pattern, the partition *; the first"
                        + " entry that fits counts.",
                GROUP,
                2,
                Width.LONG,
                "Partition map");
        def.define(
                COUNT,
                ConfigDef.Type.INT,
                0,
                Range.between(0, MAX_PARTITIONS),
                Importance.LOW,
                "Number of partitions of the target topics for modulo and key-hash; 0 asks the target cluster"
                        + " (target.bootstrap.servers) whenever tasks are planned. A number that is set here stays the"
                        + " same when partitions are added to a topic.",
                GROUP,
                3,
                Width.SHORT,
                "Target partitions",
                SourceRules.shownWhen(config -> PartitionMode.parse(
                                config.getOrDefault(MODE, "preserve").toString())
                        .needsCount()));
    }
}
