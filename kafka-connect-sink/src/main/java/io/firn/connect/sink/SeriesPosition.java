package io.firn.connect.sink;

import io.firn.table.KafkaOrigin;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * The mark with the position of one Kafka partition in a series store: {@code kafka/<topic>/<partition>/<generation>/
 * <cluster id>/<topic id>}, ids empty when they are not known. Immutable; thread-safe.
 *
 * @param origin which topic, partition and generation
 */
record SeriesPosition(KafkaOrigin origin) {
    private static final Pattern NAME = Pattern.compile("kafka/([^/]+)/(\\d{1,9})/(\\d{1,9})/([^/]*)/([^/]*)");

    /** The mark's name. */
    String name() {
        return String.join(
                "/",
                "kafka",
                origin.topic(),
                Integer.toString(origin.partition()),
                Integer.toString(origin.generation()),
                origin.clusterId(),
                origin.topicId());
    }

    /** The position among a store's marks, under whatever ids; 0 when there is none. */
    long in(Map<String, Long> marks) {
        long position = 0;
        for (Map.Entry<String, Long> mark : marks.entrySet()) {
            boolean same = originOf(mark.getKey()).filter(this::isSame).isPresent();
            position = same ? Math.max(position, mark.getValue()) : position;
        }
        return position;
    }

    private boolean isSame(KafkaOrigin other) {
        return other.topic().equals(origin.topic())
                && other.partition() == origin.partition()
                && other.generation() == origin.generation();
    }

    /** The newest generation of a partition among a store's marks. */
    static Optional<LaneHome.Known> newest(Map<String, Long> marks, TopicPartition partition) {
        return marks.keySet().stream()
                .flatMap(name -> originOf(name).stream())
                .filter(origin ->
                        origin.topic().equals(partition.topic()) && origin.partition() == partition.partition())
                .max(Comparator.comparingInt(KafkaOrigin::generation).thenComparing(KafkaOrigin::topicId))
                .map(origin -> new LaneHome.Known(origin, new SeriesPosition(origin).in(marks)));
    }

    private static Optional<KafkaOrigin> originOf(String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches()
                ? Optional.of(new KafkaOrigin(
                        parts.group(1),
                        Integer.parseInt(parts.group(2)),
                        Integer.parseInt(parts.group(3)),
                        parts.group(4),
                        parts.group(5)))
                : Optional.empty();
    }
}
