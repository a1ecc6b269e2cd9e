package io.firn.connect.cli;

import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The topic that a table holds.
 *
 * @param topic its original name
 * @param partitions its Kafka partitions, ascending
 */
record ArchivedTopic(String topic, List<ArchivedPartition> partitions) {
    private record Lane(KafkaOrigin origin, String writer) {}

    /**
     * The topic of a table.
     *
     * @throws IOException when the table holds none or several
     */
    static ArchivedTopic of(Table table) throws IOException {
        Map<String, Map<Integer, List<Lane>>> topics = new TreeMap<>();
        for (LaneInfo info : table.lanes()) {
            KafkaOrigin.of(info.properties())
                    .ifPresent(origin -> topics.computeIfAbsent(origin.topic(), topic -> new TreeMap<>())
                            .computeIfAbsent(origin.partition(), partition -> new ArrayList<>())
                            .add(new Lane(origin, info.writer())));
        }
        if (topics.size() != 1) {
            throw new IOException("The table " + table.path() + " must hold the records of one topic of Kafka, found "
                    + (topics.isEmpty() ? "none" : "those of " + topics.keySet()));
        }
        Map.Entry<String, Map<Integer, List<Lane>>> only =
                topics.entrySet().iterator().next();
        List<ArchivedPartition> partitions = new ArrayList<>();
        only.getValue()
                .forEach((partition, lanes) ->
                        partitions.add(new ArchivedPartition(table, partition, oldestFirst(lanes))));
        return new ArchivedTopic(only.getKey(), List.copyOf(partitions));
    }

    private static List<String> oldestFirst(List<Lane> lanes) {
        return lanes.stream()
                .sorted(Comparator.comparingInt((Lane lane) -> lane.origin().generation())
                        .thenComparing(Lane::writer))
                .map(Lane::writer)
                .toList();
    }
}
