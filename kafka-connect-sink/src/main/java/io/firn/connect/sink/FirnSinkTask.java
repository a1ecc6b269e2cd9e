package io.firn.connect.sink;

import io.firn.registry.RegistryUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives the records of its partitions, each partition in a lane of its topic's table.
 *
 * <p>The archive, not the consumer group, says where to read on. Confined to the worker's thread of this task.
 */
public final class FirnSinkTask extends SinkTask {
    private static final Logger LOG = LoggerFactory.getLogger(FirnSinkTask.class);
    /** The longest time without a look at the disk and at broken lanes. */
    private static final long MAX_IDLE_MS = 1_000;
    /** What close may spend on commits: a rebalance waits for it. */
    private static final long CLOSE_NS = Duration.ofMillis(1_500).toNanos();

    private final SinkEnvironment environment;
    private final Map<TopicPartition, PartitionLane> lanes = new LinkedHashMap<>();
    private @Nullable SinkSession session;
    private long commitDueNs;
    /** The last put did not take its records: the worker keeps them, and the offsets behind them. */
    private boolean postponed;
    /** Partitions were taken away since the last put: the worker may have thrown away what it read after that. */
    private boolean moved;

    /** Creates a task on the local file system. */
    public FirnSinkTask() {
        this(SinkEnvironment.system());
    }

    FirnSinkTask(SinkEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public String version() {
        return SinkVersion.read();
    }

    @Override
    public void start(Map<String, String> properties) {
        session = SinkSession.start(new FirnSinkConfig(properties), context, environment);
        commitDueNs = now() + session.commitIntervalNs();
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        release(partitions);
        lanes.putAll(session().open(partitions));
        distrustWorker();
        Map<TopicPartition, Long> rewind = new HashMap<>();
        partitions.forEach(partition -> lane(partition).start().ifPresent(next -> rewind.put(partition, next)));
        context.offset(rewind);
        LOG.info("archiving from={}", rewind);
    }

    /**
     * After a rebalance the worker no longer has all records that it keeps offsets of, or that it has read; see D95.
     * Lanes ignore what the next put brings and read on from their positions.
     */
    private void distrustWorker() {
        if (postponed || moved) {
            lanes.values().forEach(PartitionLane::readAgain);
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        long nowNs = now();
        followAssignment();
        session().openWaiting(lanes, nowNs);
        for (PartitionLane lane : lanes.values()) {
            lane.beginBatch(nowNs);
        }
        appendOrPostpone(records, nowNs);
        lanes.forEach((partition, lane) -> {
            lane.endBatch();
            OptionalLong rewind = lane.takeRewind();
            if (rewind.isPresent()) {
                context.offset(partition, rewind.getAsLong());
            }
        });
        session().guard().check(lanes, nowNs);
        session().meters().look(nowNs);
        scheduleCommit(nowNs);
    }

    /** Without the registry nobody knows where a record belongs: the worker hands all of them over again later. */
    private void appendOrPostpone(Collection<SinkRecord> records, long nowNs) {
        try {
            append(records, nowNs);
            postponed = false;
            moved = false;
        } catch (RegistryUnavailableException e) {
            postponed = true;
            lanes.values().forEach(PartitionLane::expectRedelivery);
            context.timeout(MAX_IDLE_MS);
            throw new RetriableException(e.getMessage(), e);
        }
    }

    private void append(Collection<SinkRecord> records, long nowNs) {
        PartitionLane lane = null;
        String topic = "";
        int partition = -1;
        for (SinkRecord record : records) {
            if (record.originalKafkaPartition() != partition
                    || !record.originalTopic().equals(topic)) {
                topic = record.originalTopic();
                partition = record.originalKafkaPartition();
                lane = laneOf(new TopicPartition(topic, partition));
            }
            if (lane != null) {
                lane.append(record, nowNs);
            }
        }
    }

    /** The lane of records; null for those that waited, by another topic's name, while their partition was revoked. */
    private @Nullable PartitionLane laneOf(TopicPartition partition) {
        return postponed ? lanes.get(partition) : lane(partition);
    }

    /** A worker whose consumer is woken in a rebalance does not tell of all partitions that come and go; see D101. */
    private void followAssignment() {
        Set<TopicPartition> assigned = context.assignment();
        if (!assigned.equals(lanes.keySet())) {
            closeMissed(assigned);
            openMissed(assigned);
        }
    }

    /** Nothing is told of the end of partitions of which the worker has no offset: those that it did not open. */
    private void closeMissed(Set<TopicPartition> assigned) {
        Set<TopicPartition> gone = new LinkedHashSet<>(lanes.keySet());
        gone.removeAll(assigned);
        if (!gone.isEmpty()) {
            LOG.warn("the worker has not closed what it reads no more, closing it now: partitions={}", gone);
            close(gone);
        }
    }

    /** They may even be paused. */
    private void openMissed(Set<TopicPartition> assigned) {
        List<TopicPartition> missed = assigned.stream()
                .filter(partition -> !lanes.containsKey(partition))
                .toList();
        if (!missed.isEmpty()) {
            LOG.warn("the worker has not opened what it reads, opening it now: partitions={}", missed);
            lanes.putAll(session().open(missed));
            missed.forEach(partition -> lane(partition).readAgain());
        }
    }

    private void scheduleCommit(long nowNs) {
        if (nowNs - commitDueNs >= 0) {
            commitDueNs = nowNs + session().commitIntervalNs();
            context.requestCommit();
        }
        long untilCommitMs = Duration.ofNanos(commitDueNs - nowNs).toMillis();
        context.timeout(Math.max(1, Math.min(untilCommitMs, MAX_IDLE_MS)));
    }

    /** A worker that sees this fail goes back to what the group has, which the lanes do not want again. */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> delivered) {
        try {
            return commit(delivered);
        } catch (RuntimeException | Error e) {
            lanes.values().forEach(PartitionLane::readAgain);
            throw e;
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> commit(Map<TopicPartition, OffsetAndMetadata> delivered) {
        long nowNs = now();
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        Set<LaneHome> touched = new LinkedHashSet<>();
        delivered.forEach((partition, offset) -> {
            PartitionLane lane = lanes.get(partition);
            if (lane != null) {
                lane.commit(offset.offset(), session().rotateIntervalNs(), nowNs)
                        .ifPresent(position -> committed.put(partition, new OffsetAndMetadata(position)));
                if (lane.takeChanged()) {
                    touched.add(lane.table());
                }
            }
        });
        touched.forEach(LaneHome::notifyCommit);
        session().meters().committed(nowNs);
        return committed;
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        release(partitions);
        moved = true;
        distrustWorker();
    }

    private void release(Collection<TopicPartition> partitions) {
        long deadlineNs = now() + CLOSE_NS;
        for (TopicPartition partition : List.copyOf(partitions)) {
            PartitionLane lane = lanes.remove(partition);
            if (lane != null) {
                lane.close(now() - deadlineNs < 0);
                session().closed(partition);
            }
        }
    }

    @Override
    public void stop() {
        lanes.values().forEach(PartitionLane::close);
        lanes.clear();
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private long now() {
        return environment.nanoClock().getAsLong();
    }

    private SinkSession session() {
        if (session == null) {
            throw new ConnectException("The task is not started.");
        }
        return session;
    }

    private PartitionLane lane(TopicPartition partition) {
        PartitionLane lane = lanes.get(partition);
        if (lane == null) {
            throw new ConnectException("Records of " + partition + " came, but only " + lanes.keySet() + " are open.");
        }
        return lane;
    }
}
