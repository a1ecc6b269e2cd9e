package io.firn.connect.source;

import io.firn.error.FirnException;
import io.firn.table.Table;
import io.firn.topic.CapturedTopic;
import io.firn.topic.CapturedTopic.Setting;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the target topics would be created as, by what the archive knows of the topics that go into them.
 *
 * <p>Immutable; thread-safe.
 *
 * @param topics by target topic
 * @param impossible why a target topic cannot be created, by its name
 */
record CreationPlan(Map<String, TopicToCreate> topics, Map<String, String> impossible) {
    /** Lists of brokers of the old cluster. */
    private static final Set<String> OF_OLD_BROKERS =
            Set.of("leader.replication.throttled.replicas", "follower.replication.throttled.replicas");

    CreationPlan {
        topics = Map.copyOf(topics);
        impossible = Map.copyOf(impossible);
    }

    /** Plans the target topics of some groups; nothing when topics are not to be created. */
    static CreationPlan of(FirnSourceConfig config, Map<String, Table> tables, List<LaneGroup> groups) {
        CreationOptions options = new CreationOptions(config);
        Map<String, TopicToCreate> topics = new HashMap<>();
        Map<String, String> impossible = new HashMap<>();
        if (options.creates()) {
            origins(config.topics(), groups).forEach((target, origins) -> {
                try {
                    List<CapturedTopic> captured = origins.stream()
                            .map(origin -> origin.captured(tables))
                            .toList();
                    topics.put(target, planned(target, captured, config));
                } catch (ImpossibleException | FirnException e) {
                    impossible.put(target, String.valueOf(e.getMessage()));
                }
            });
        }
        return new CreationPlan(topics, impossible);
    }

    /** The archived topics that go into each target topic. */
    private static Map<String, Set<Origin>> origins(TopicSelection selection, List<LaneGroup> groups) {
        Map<String, Set<Origin>> origins = new TreeMap<>();
        for (LaneGroup group : groups) {
            origins.computeIfAbsent(selection.target(group.topic()), any -> new LinkedHashSet<>())
                    .add(new Origin(group.topic(), group.lanes().get(0).table()));
        }
        return origins;
    }

    private static TopicToCreate planned(String target, List<CapturedTopic> captured, FirnSourceConfig config) {
        CreationOptions options = new CreationOptions(config);
        PartitionOptions partitions = new PartitionOptions(config);
        int wanted = partitions.mode().needsCount() ? partitions.count() : 0;
        int replicas = options.replicationFactor();
        return new TopicToCreate(
                target,
                wanted > 0
                        ? wanted
                        : highest(
                                captured.stream().map(CapturedTopic::partitions).toList()),
                replicas != 0
                        ? replicas
                        : highest(captured.stream()
                                .map(CapturedTopic::replicationFactor)
                                .toList()),
                settings(captured, options.settings()));
    }

    private static int highest(List<Integer> numbers) {
        return numbers.stream().mapToInt(number -> number).max().orElse(1);
    }

    /** The settings that all archived topics have, and those of the configuration above them. */
    private static Map<String, String> settings(List<CapturedTopic> captured, Map<String, String> overrides) {
        Map<String, String> settings = new TreeMap<>();
        for (String name : names(captured)) {
            if (!overrides.containsKey(name)) {
                settings.put(name, only(name, captured));
            }
        }
        overrides.forEach((name, value) -> {
            if (!value.isEmpty()) {
                settings.put(name, value);
            }
        });
        return settings;
    }

    private static Set<String> names(Collection<CapturedTopic> captured) {
        Set<String> names = new TreeSet<>();
        captured.forEach(topic -> topic.settings().stream()
                .filter(Setting::isOfTopic)
                .map(Setting::name)
                .forEach(names::add));
        names.removeAll(OF_OLD_BROKERS);
        return names;
    }

    private static String only(String name, List<CapturedTopic> captured) {
        String first = value(name, captured.get(0));
        for (CapturedTopic topic : captured) {
            if (!Objects.equals(first, value(name, topic))) {
                throw new ImpossibleException(
                        "its archived topics '" + captured.get(0).topic() + "' and '"
                                + topic.topic() + "' have different settings of " + name + " ("
                                + Objects.requireNonNullElse(first, "none") + " and "
                                + Objects.requireNonNullElse(value(name, topic), "none") + "; choose one with "
                                + CreationOptions.SETTING + name + ")");
            }
        }
        return Objects.requireNonNull(first);
    }

    private static @Nullable String value(String name, CapturedTopic topic) {
        return topic.settings().stream()
                .filter(setting -> setting.isOfTopic() && setting.name().equals(name))
                .map(Setting::value)
                .findFirst()
                .orElse(null);
    }

    /** An archived topic and the table that holds it. */
    private record Origin(String topic, String table) {
        CapturedTopic captured(Map<String, Table> tables) {
            Table holder = Objects.requireNonNull(tables.get(table));
            return holder.topics()
                    .find(topic)
                    .orElseThrow(() -> new ImpossibleException("the archive does not know how topic '" + topic
                            + "' was configured (the sink captures that with source.bootstrap.servers and"
                            + " topic.config.capture=on)"));
        }
    }

    /** A topic cannot be planned. */
    private static final class ImpossibleException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ImpossibleException(String reason) {
            super(reason);
        }
    }
}
