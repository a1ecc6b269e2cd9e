package io.firn.flink.source;

import io.firn.error.ConfigException;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where live Kafka goes on behind an archive. Immutable.
 *
 * @param topics by name of the topic its id, empty when the archive does not know it
 * @param clusterId id of the Kafka cluster, empty when the archive does not know it
 * @param offsets the first offset that is not archived, by partition; a partition without one begins at its beginning
 */
record HandOver(Map<String, String> topics, String clusterId, Map<Partition, Long> offsets) implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * A Kafka partition.
     *
     * @param topic its topic
     * @param number its number
     */
    record Partition(String topic, int number) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    HandOver {
        topics = Map.copyOf(topics);
        offsets = Map.copyOf(offsets);
    }

    /**
     * The hand-over behind what is read of an archive. Of several topics of one name only the last one is live.
     *
     * @param table name of the table
     * @param lanes its writers
     * @param ends by writer, where reading the archive ended
     * @throws ConfigException when the table does not say where in Kafka its records come from
     */
    static HandOver of(String table, List<LaneInfo> lanes, Map<String, Long> ends) {
        Map<String, Integer> generations = generations(table, lanes);
        requireThatTheLastWasRead(
                generations,
                generations(
                        table,
                        lanes.stream()
                                .filter(lane -> ends.containsKey(lane.writer()))
                                .toList()));
        if (generations.isEmpty()) {
            throw new ConfigException("Table '" + table + "' holds no records from Kafka, so nobody knows where live"
                    + " Kafka goes on; archive the topic with the Firn sink for Kafka Connect, or read the table alone"
                    + " with FirnSource");
        }
        Map<String, String> topics = new HashMap<>();
        Set<String> clusters = new TreeSet<>();
        Map<Partition, Long> offsets = new HashMap<>();
        for (LaneInfo lane : lanes) {
            KafkaOrigin origin = origin(table, lane).orElse(null);
            if (origin != null && generations.getOrDefault(origin.topic(), 0) == origin.generation()) {
                long end = ends.getOrDefault(lane.writer(), 0L);
                if (end > 0) { // of a partition that nothing was read of there is no position to go on from
                    offsets.put(new Partition(origin.topic(), origin.partition()), end);
                }
                topics.merge(origin.topic(), origin.topicId(), (a, b) -> a.isEmpty() ? b : a);
                clusters.add(origin.clusterId());
            }
        }
        clusters.remove("");
        if (clusters.size() > 1) {
            throw new ConfigException("Table '" + table + "' holds records of several Kafka clusters, " + clusters
                    + ": one live source cannot go on with all of them; keep each cluster in a table of its own");
        }
        return new HandOver(topics, String.join("", clusters), offsets);
    }

    private static Map<String, Integer> generations(String table, List<LaneInfo> lanes) {
        Map<String, Integer> generations = new HashMap<>();
        for (LaneInfo lane : lanes) {
            origin(table, lane).ifPresent(origin -> generations.merge(origin.topic(), origin.generation(), Math::max));
        }
        return generations;
    }

    /** What was archived of a topic before it was created again, but after the end of reading, would be left out. */
    private static void requireThatTheLastWasRead(Map<String, Integer> generations, Map<String, Integer> read) {
        read.forEach((topic, generation) -> {
            if (generations.getOrDefault(topic, generation) > generation) {
                throw new ConfigException("Topic '" + topic + "' was created again while its archive was read: the last"
                        + " records of the old topic may be archived, but were not read, and Kafka has them no more."
                        + " Start the job again without its checkpoint; then it reads both topics from the archive.");
            }
        });
    }

    private static Optional<KafkaOrigin> origin(String table, LaneInfo lane) {
        Optional<KafkaOrigin> origin = KafkaOrigin.of(lane.properties());
        if (origin.isEmpty() && lane.position() > 0) {
            throw new ConfigException("Writer '" + lane.writer() + "' of table '" + table + "' did not get its records"
                    + " from Kafka, so nobody knows where live Kafka goes on behind them; use a table that only the"
                    + " Firn sink for Kafka Connect writes to, or read this one alone with FirnSource");
        }
        return origin;
    }
}
