package io.firn.connect.sink;

import io.firn.error.StorageFullException;
import io.firn.table.ArchiveRoot;
import io.firn.table.KafkaOrigin;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the lane of a Kafka partition: the newest generation, or a new one when the topic is another one by now.
 *
 * <p>Confined to the task's thread.
 */
final class LaneOpener {
    private static final Logger LOG = LoggerFactory.getLogger(LaneOpener.class);

    private final FirnSinkConfig config;
    private final TableSet tables;
    private final SourceCluster cluster;
    private final ClusterCapture capture;
    private final String owner;
    private final SinkMeters meters;

    LaneOpener(
            FirnSinkConfig config, TableSet tables, SourceCluster cluster, ClusterCapture capture, SinkMeters meters) {
        this.config = config;
        this.tables = tables;
        this.cluster = cluster;
        this.capture = capture;
        this.owner = config.owner(ArchiveRoot.hostName());
        this.meters = meters;
    }

    /**
     * Opens the lanes of partitions; every earlier owner is fenced. A lane that finds the disk full and those behind it
     * are missing from the result.
     *
     * @throws ConnectException when a topic is not the one that was archived, or has lost records, and the
     *     configuration does not allow it
     */
    Map<TopicPartition, OpenLane> open(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OpenLane> opened = new LinkedHashMap<>();
        Map<String, LaneHome.Lanes> lanesByTable = new HashMap<>();
        try {
            for (TopicPartition partition : partitions) {
                String name = config.tableOf(partition.topic());
                LaneHome table = tables.open(name);
                LaneHome.Lanes lanes = lanesByTable.computeIfAbsent(name, any -> table.lanes());
                opened.put(partition, open(table, partition, lanes.newest(partition)));
            }
        } catch (StorageFullException e) {
            LOG.warn("disk full, lanes wait: open={} of={} cause={}", opened.size(), partitions.size(), e.getMessage());
        } catch (RuntimeException e) {
            opened.values().forEach(lane -> lane.writer().close());
            throw e;
        }
        if (!opened.isEmpty()) {
            capture.soon();
        }
        return opened;
    }

    private OpenLane open(LaneHome table, TopicPartition partition, Optional<LaneHome.Known> newest) {
        Optional<SourceCluster.Log> log = cluster.describe(partition);
        String clusterId = log.map(SourceCluster.Log::clusterId).orElse("");
        String topicId = log.map(SourceCluster.Log::topicId).orElse("");
        if (newest.isEmpty()) {
            KafkaOrigin first = new KafkaOrigin(partition.topic(), partition.partition(), 0, clusterId, topicId);
            return open(table, first, false);
        }
        LaneHome.Known lane = newest.get();
        KafkaOrigin known = lane.origin();
        Optional<String> changed = log.flatMap(now -> changeOf(known, lane.position(), now));
        if (changed.isPresent()) {
            checkNewGenerationAllowed(partition, changed.get());
            LOG.warn("new generation: partition={} reason={}", partition, changed.get());
            return open(table, known.nextGeneration(clusterId, topicId), false);
        }
        log.ifPresent(now -> checkGap(partition, lane.position(), now));
        boolean mayHaveGap = lane.position() > 0
                && log.map(now -> now.logStart() > lane.position()).orElse(true);
        return open(table, known.withIds(clusterId, topicId), mayHaveGap);
    }

    private OpenLane open(LaneHome table, KafkaOrigin origin, boolean mayHaveGap) {
        LaneWriter writer = meters.measure(table.writer(origin, owner));
        capture.opened(table, origin);
        return new OpenLane(table, origin, writer, writer.position(), mayHaveGap, owner);
    }

    /** Opens the lane of the topic that replaced the one in {@code old}, whose writer is closed already. */
    OpenLane openNextGeneration(OpenLane old, String reason) {
        KafkaOrigin origin = old.origin();
        TopicPartition partition = new TopicPartition(origin.topic(), origin.partition());
        Optional<SourceCluster.Log> log = cluster.describe(partition);
        LOG.warn("new generation: partition={} reason={}", partition, reason);
        KafkaOrigin successor = origin.nextGeneration(
                log.map(SourceCluster.Log::clusterId).orElse(""),
                log.map(SourceCluster.Log::topicId).orElse(""));
        OpenLane next = open(old.table(), successor, false);
        capture.soon();
        return next;
    }

    /** Ends the task when a changed topic is not to be archived beside the old one. */
    void checkNewGenerationAllowed(TopicPartition partition, String reason) {
        if (config.onTopicRecreated() == FirnSinkConfig.TopicRecreated.FAIL) {
            throw new ConnectException("The topic of " + partition + " is not the one that was archived: " + reason
                    + ". It was deleted and made again, or lost records. Set " + FirnSinkConfig.TOPIC_RECREATED
                    + "=new-generation to archive it beside the old one from its beginning, or use another "
                    + FirnSinkConfig.TABLE + ".");
        }
    }

    private void checkGap(TopicPartition partition, long position, SourceCluster.Log log) {
        boolean gap = position > 0 && log.logStart() > position;
        if (gap && config.onOffsetGap() == FirnSinkConfig.OffsetGap.FAIL) {
            throw new ConnectException("Records " + position + " to " + (log.logStart() - 1) + " of " + partition
                    + " are gone from the topic and were never archived. Accept the gap with "
                    + FirnSinkConfig.OFFSET_GAP + "=record, or by setting the connector's offset of this partition to "
                    + log.logStart() + "; then see why the connector lagged behind the topic's retention.");
        }
    }

    private static Optional<String> changeOf(KafkaOrigin known, long position, SourceCluster.Log log) {
        if (differs(known.clusterId(), log.clusterId())) {
            return Optional.of("the archive holds cluster " + known.clusterId() + ", this is " + log.clusterId());
        }
        if (differs(known.topicId(), log.topicId())) {
            return Optional.of("the archive holds topic id " + known.topicId() + ", this is " + log.topicId());
        }
        if (position > log.logEnd()) {
            return Optional.of(
                    "everything below offset " + position + " is archived, but the topic ends at " + log.logEnd());
        }
        return Optional.empty();
    }

    private static boolean differs(String known, String now) {
        return !known.isEmpty() && !known.equals(now);
    }
}
