package io.firn.topic;

import java.util.Comparator;

/**
 * Where a consumer group stands in one partition. Ordered by group, topic and partition. Immutable; thread-safe.
 *
 * @param group its name
 * @param topic the topic
 * @param partition the Kafka partition, 0 or more
 * @param offset the next offset that it reads
 */
public record GroupOffset(String group, String topic, int partition, long offset) implements Comparable<GroupOffset> {
    private static final Comparator<GroupOffset> ORDER = Comparator.comparing(GroupOffset::group)
            .thenComparing(GroupOffset::topic)
            .thenComparingInt(GroupOffset::partition)
            .thenComparingLong(GroupOffset::offset);

    @Override
    public int compareTo(GroupOffset other) {
        return ORDER.compare(this, other);
    }

    /** Whether it is about the same group and partition. */
    boolean isOfSamePlace(GroupOffset other) {
        return group.equals(other.group) && topic.equals(other.topic) && partition == other.partition;
    }
}
