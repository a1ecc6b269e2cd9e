package io.firn.connect.source;

import io.firn.connect.source.LaneGroup.ArchivedLane;
import io.firn.connect.source.TargetTopic.Need;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.PartitionInfo;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connector finds in the archive: the lanes of the selected topics, and what their target topics must be like.
 *
 * <p>Confined to one thread.
 */
final class ArchiveSurvey {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveSurvey.class);

    private final Map<String, Table> tables;
    private final TopicSelection topics;

    /** Creates a survey of open tables, by name. */
    ArchiveSurvey(Map<String, Table> tables, TopicSelection topics) {
        this.tables = tables;
        this.topics = topics;
    }

    /**
     * Every lane of a selected topic, by Kafka partition.
     *
     * @throws ConnectException when a topic stands in two tables
     */
    List<LaneGroup> groups() {
        List<ArchivedLane> lanes = new ArrayList<>();
        Map<String, String> tableByTopic = new HashMap<>();
        tables.forEach((name, table) -> {
            for (LaneInfo info : table.lanes()) {
                KafkaOrigin origin = KafkaOrigin.of(info.properties()).orElse(null);
                if (origin == null) {
                    LOG.debug("Not replayed, it does not come from Kafka: table={} writer={}", name, info.writer());
                } else if (topics.includes(origin.topic())) {
                    requireOneTable(origin.topic(), name, tableByTopic.putIfAbsent(origin.topic(), name));
                    ReplayLane lane = new ReplayLane(
                            name, table.id(), info.writer(), origin.topic(), origin.partition(), origin.generation());
                    lanes.add(new ArchivedLane(lane, info.bytes()));
                }
            }
        });
        return LaneGroup.of(lanes);
    }

    /** The target topics of some groups. */
    Set<String> targets(List<LaneGroup> groups) {
        Set<String> targets = new TreeSet<>();
        groups.forEach(group -> targets.add(topics.target(group.topic())));
        return targets;
    }

    /**
     * What the target topics of the groups must be like.
     *
     * @param routing chooses the target partitions
     * @param config the time range, timestamps and number of loops
     */
    Map<String, Need> needs(List<LaneGroup> groups, PartitionRouting routing, FirnSourceConfig config) {
        TimestampRule times = new PaceOptions(config).timestamps(InstantSource.system());
        int loops = new OrderOptions(config).loops();
        Map<String, TargetLoad> loads = new TreeMap<>();
        Map<String, List<String>> tablesByTarget = new TreeMap<>();
        for (LaneGroup group : groups) {
            String target = topics.target(group.topic());
            loads.computeIfAbsent(target, t -> new TargetLoad())
                    .add(routing.route(group.topic(), group.partition(), target), group.bytes() * loops);
            group.lanes()
                    .forEach(lane -> tablesByTarget
                            .computeIfAbsent(target, t -> new ArrayList<>())
                            .add(lane.table()));
        }
        Map<String, Need> needs = new TreeMap<>();
        loads.forEach((target, load) -> needs.put(
                target,
                new Need(
                        load.partitions(),
                        times.oldest(oldestMs(tablesByTarget.getOrDefault(target, List.of()), config.fromMs())),
                        load.bytesOfLargestPartition(),
                        times.kind() != TimestampRule.Kind.NOW)));
        return needs;
    }

    private OptionalLong oldestMs(List<String> names, OptionalLong fromMs) {
        return names.stream()
                .distinct()
                .map(tables::get)
                .mapToLong(ArchiveSurvey::oldestNs)
                .filter(ns -> ns != Long.MAX_VALUE)
                .map(TimeUnit.NANOSECONDS::toMillis)
                .map(ms -> Math.max(ms, fromMs.orElse(Long.MIN_VALUE)))
                .min();
    }

    /** Lowest timestamp of the settled records and of the first record, which may not be settled yet. */
    private static long oldestNs(Table table) {
        long oldestNs = table.contents().partitions().stream()
                .mapToLong(PartitionInfo::minTimestampNs)
                .min()
                .orElse(Long.MAX_VALUE);
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            return reader.next() ? Math.min(oldestNs, reader.record().timestampNs()) : oldestNs;
        }
    }

    private static void requireOneTable(String topic, String table, @Nullable String other) {
        if (other != null && !other.equals(table)) {
            throw new ConnectException("Topic '" + topic + "' is archived in the tables '" + other + "' and '" + table
                    + "', so it would be replayed twice. Choose one table with " + FirnSourceConfig.TABLE + ".");
        }
    }
}
