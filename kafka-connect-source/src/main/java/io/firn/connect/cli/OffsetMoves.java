package io.firn.connect.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.firn.cli.CliContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The moves of a plan, by group. Confined to one thread. */
final class OffsetMoves {
    private static final TypeReference<List<OffsetMove>> PLAN = new TypeReference<>() {};

    private final Map<String, List<OffsetMove>> byGroup = new TreeMap<>();

    /** Reads a plan. */
    OffsetMoves(CliContext context, Path plan) throws IOException {
        for (OffsetMove move : JsonFile.read(context, plan, PLAN)) {
            byGroup.computeIfAbsent(move.group(), group -> new ArrayList<>()).add(move);
        }
    }

    /**
     * Moves every group to one end of its moves, if none has members and all stand at either end: a group that was
     * moved already stays there, so that whatever was interrupted can be run again.
     *
     * @throws IOException before anything is changed, when a group is active or stands elsewhere
     */
    void carryOut(Groups groups, Function<OffsetMove, @Nullable Long> to, CliContext context) throws IOException {
        List<String> active = groups.active(byGroup.keySet());
        if (!active.isEmpty()) {
            throw new IOException("Nothing was changed: stop the consumers of " + String.join(", ", active)
                    + " first; the cluster refuses to move a group that has members");
        }
        for (Map.Entry<String, List<OffsetMove>> group : byGroup.entrySet()) {
            check(group.getValue(), groups.offsets(group.getKey()));
        }
        for (Map.Entry<String, List<OffsetMove>> group : byGroup.entrySet()) {
            move(groups, group.getKey(), group.getValue(), to);
            context.message(group.getKey() + ": " + group.getValue().size() + " partitions moved");
        }
    }

    private static void check(List<OffsetMove> moves, Map<TopicPartition, Long> present) throws IOException {
        for (OffsetMove move : moves) {
            Long at = present.get(new TopicPartition(move.topic(), move.partition()));
            if (!Objects.equals(at, move.previous()) && !Objects.equals(at, move.offset())) {
                throw new IOException("Nothing was changed: group " + move.group() + " stands at " + at + " in "
                        + move.place() + ", the plan knows " + move.previous() + " and " + move.offset()
                        + "; make a new plan");
            }
        }
    }

    private static void move(
            Groups groups, String group, List<OffsetMove> moves, Function<OffsetMove, @Nullable Long> to)
            throws IOException {
        Map<TopicPartition, Long> set = new HashMap<>();
        Set<TopicPartition> removed = new HashSet<>();
        Map<TopicPartition, Long> present = groups.offsets(group);
        for (OffsetMove move : moves) {
            TopicPartition place = new TopicPartition(move.topic(), move.partition());
            Long offset = to.apply(move);
            if (offset != null) {
                set.put(place, offset);
            } else if (present.containsKey(place)) {
                removed.add(place);
            }
        }
        if (!set.isEmpty()) {
            groups.move(group, set);
        }
        if (!removed.isEmpty()) {
            groups.forget(group, removed);
        }
    }
}
