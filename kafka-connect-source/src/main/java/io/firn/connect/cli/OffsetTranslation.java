package io.firn.connect.cli;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the offsets of archived records in the topic into which they were replayed, by going through both: so each
 * translation is proven record for record, whatever transactions and gaps have made of the offsets. Confined to one
 * thread.
 */
final class OffsetTranslation {
    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final RecordRule rule;

    OffsetTranslation(Consumer<byte[], byte[]> consumer, String topic, RecordRule rule) {
        this.consumer = consumer;
        this.topic = topic;
        this.rule = rule;
    }

    /**
     * Translates offsets of a partition.
     *
     * @param wanted next offsets to read in the original topic
     * @return by those, the offset of the first record at or behind it; where the archive has none, the offset behind
     *     the last record
     * @throws IOException when the topic does not hold what the archive does, up to there
     */
    Map<Long, Long> translate(ArchivedPartition partition, Set<Long> wanted) throws IOException {
        Map<Long, Long> found = new HashMap<>();
        NavigableSet<Long> open = new TreeSet<>(wanted);
        LiveRecords live = new LiveRecords(consumer, new TopicPartition(topic, partition.partition()));
        long[] behind = {live.beginning()};
        try (ArchivedRecords archive = new ArchivedRecords(partition)) {
            PartitionComparison comparison = new PartitionComparison(rule);
            PartitionComparison.Result result = comparison.compare(archive, live, (record, replayed) -> {
                if (record.isNewest()) {
                    NavigableSet<Long> reached = open.headSet(record.record().sequence(), true);
                    reached.forEach(offset -> found.put(offset, replayed.offset()));
                    reached.clear();
                }
                behind[0] = replayed.offset() + 1;
                return !open.isEmpty();
            });
            if (result.difference().isPresent()) {
                throw new IOException(
                        topic + "-" + partition.partition() + " does not hold what the archive does, after "
                                + result.records() + " equal records: "
                                + result.difference().get() + ". Replay the whole table into an empty topic first.");
            }
        }
        open.forEach(offset -> found.put(offset, behind[0]));
        return found;
    }
}
