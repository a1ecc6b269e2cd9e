package io.firn.flink.source;

import io.firn.error.ConfigException;
import io.firn.flink.source.HandOver.Partition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts live Kafka at exactly the offsets behind an archive, and only if Kafka still has them and is the Kafka that
 * was archived. Runs on the enumerator's worker thread.
 */
final class ArchivedOffsets implements OffsetsInitializer {
    private static final long serialVersionUID = 1L;
    private static final long TIMEOUT_SECONDS = 60;

    private final HandOver handOver;
    private final Properties kafka;

    ArchivedOffsets(HandOver handOver, Properties kafka) {
        this.handOver = handOver;
        this.kafka = kafka;
    }

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        requireSameKafka();
        Map<TopicPartition, Long> first = retriever.beginningOffsets(partitions);
        Map<TopicPartition, Long> end = retriever.endOffsets(partitions);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Long next = handOver.offsets().get(new Partition(partition.topic(), partition.partition()));
            if (next == null) {
                offsets.put(partition, KafkaPartitionSplit.EARLIEST_OFFSET);
                continue;
            }
            if (next < first.getOrDefault(partition, 0L)) {
                throw new ConfigException("The archive of " + partition + " ends before offset " + next
                        + ", but Kafka has deleted everything below " + first.get(partition)
                        + ": the records between are nowhere. Let the sink archive more often than Kafka's retention,"
                        + " and read archive and topic as two sources if you accept the gap.");
            }
            if (next > end.getOrDefault(partition, Long.MAX_VALUE)) {
                throw new ConfigException("The archive of " + partition + " goes up to offset " + next
                        + ", but the topic ends at " + end.get(partition) + ": it is another topic of that name, or it"
                        + " lost records. Check the bootstrap servers.");
            }
            offsets.put(partition, next);
        }
        return offsets;
    }

    /** A position that Kafka has deleted is an error of the job: starting elsewhere would leave records out. */
    @Override
    @SuppressWarnings("deprecation") // Flink's interface wants Kafka's old type
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }

    private void requireSameKafka() {
        try (Admin admin = Admin.create(kafka)) {
            String cluster = admin.describeCluster().clusterId().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            require("cluster", handOver.clusterId(), cluster);
            Map<String, TopicDescription> topics = admin.describeTopics(
                            handOver.topics().keySet())
                    .allTopicNames()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            topics.forEach((name, topic) -> require(
                    "topic '" + name + "'",
                    handOver.topics().getOrDefault(name, ""),
                    topic.topicId().toString()));
        } catch (ExecutionException | TimeoutException failed) {
            throw new FlinkRuntimeException(
                    "Cannot ask Kafka which cluster it is, to go on behind the archive: " + failed.getMessage(),
                    failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new FlinkRuntimeException("Interrupted while asking Kafka which cluster it is", interrupted);
        }
    }

    private static void require(String what, String archived, String live) {
        if (!archived.isEmpty() && !archived.equals(live)) {
            throw new ConfigException("The archive comes from Kafka " + what + " with id " + archived
                    + ", but the live one has id " + live + ": its offsets mean something else. Check the bootstrap"
                    + " servers; after a topic was created again let the sink archive the new one first.");
        }
    }
}
