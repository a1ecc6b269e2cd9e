package io.firn.connect.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lanes of one Kafka partition, oldest generation first: they are replayed one after the other by one task, because
 * they share the order of one target partition.
 *
 * <p>Immutable; thread-safe.
 *
 * @param lanes at least one lane, all of the same topic and partition
 * @param bytes size of the archived records
 */
record LaneGroup(List<ReplayLane> lanes, long bytes) {
    private static final Comparator<ReplayLane> BY_GENERATION =
            Comparator.comparingInt(ReplayLane::generation).thenComparing(ReplayLane::lane);

    LaneGroup {
        if (lanes.isEmpty()) {
            throw new IllegalArgumentException("a group has at least one lane");
        }
        lanes = List.copyOf(lanes);
    }

    /** The topic that the records came from. */
    String topic() {
        return lanes.get(0).topic();
    }

    /** The Kafka partition that the records came from. */
    int partition() {
        return lanes.get(0).partition();
    }

    /** Groups lanes by topic and Kafka partition, in the order of both. */
    static List<LaneGroup> of(List<ArchivedLane> lanes) {
        Map<Origin, List<ArchivedLane>> byOrigin = new TreeMap<>();
        for (ArchivedLane lane : lanes) {
            Origin origin = new Origin(lane.lane().topic(), lane.lane().partition());
            byOrigin.computeIfAbsent(origin, o -> new ArrayList<>()).add(lane);
        }
        return byOrigin.values().stream().map(LaneGroup::group).toList();
    }

    private static LaneGroup group(List<ArchivedLane> members) {
        return new LaneGroup(
                members.stream().map(ArchivedLane::lane).sorted(BY_GENERATION).toList(),
                members.stream().mapToLong(ArchivedLane::bytes).sum());
    }

    /** A lane and the size of its records in bytes. */
    record ArchivedLane(ReplayLane lane, long bytes) {}

    private record Origin(String topic, int partition) implements Comparable<Origin> {
        @Override
        public int compareTo(Origin other) {
            int byTopic = topic.compareTo(other.topic);
            return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
        }
    }
}
