package io.firn.connect.sink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task as the worker does, step by step: rewind, poll, put, current offsets, commit; with the order of calls of
 * Connect's WorkerSinkTask, but over a log in memory. Confined to one thread.
 */
final class SinkTaskHarness {
    private final FirnSinkTask task;
    private final SourceLog log;
    private final Context context = new Context();
    private final Map<TopicPartition, Long> consumerPositions = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> currentOffsets = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> lastCommittedOffsets = new HashMap<>();
    private final Map<TopicPartition, Long> groupOffsets;
    /** Records that were read and are not handed over yet, and the offsets behind them. */
    private final List<SinkRecord> messageBatch = new ArrayList<>();

    private final Map<TopicPartition, OffsetAndMetadata> origOffsets = new HashMap<>();
    private boolean pausedForRedelivery;
    private int retries;
    private int failedCommits;
    /** Whether the last partitions that were taken away were committed. */
    private boolean mayBeWoken;

    private Function<SinkRecord, @Nullable SinkRecord> transformation = record -> record;

    SinkTaskHarness(
            FirnSinkTask task,
            SourceLog log,
            Map<TopicPartition, Long> groupOffsets,
            @Nullable ErrantRecordReporter reporter) {
        this.task = task;
        this.log = log;
        this.groupOffsets = groupOffsets;
        context.reporter = reporter;
    }

    SinkTaskHarness start(Map<String, String> properties) {
        task.initialize(context);
        task.start(properties);
        return this;
    }

    /** What the worker's transformations do with a record; null drops it. */
    void transform(Function<SinkRecord, @Nullable SinkRecord> function) {
        transformation = function;
    }

    Set<TopicPartition> assignment() {
        return Set.copyOf(consumerPositions.keySet());
    }

    Set<TopicPartition> paused() {
        return Set.copyOf(context.paused);
    }

    /** The last offset that was committed to the group. */
    Map<TopicPartition, Long> committed() {
        return groupOffsets;
    }

    /** What the worker does when a rebalance gives partitions; pauses and offsets of old are kept as it keeps them. */
    void assign(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            long position = groupOffsets.getOrDefault(partition, 0L);
            consumerPositions.put(partition, position);
            currentOffsets.put(partition, new OffsetAndMetadata(position));
            lastCommittedOffsets.put(partition, new OffsetAndMetadata(position));
        }
        pausedForRedelivery = pausedForRedelivery && !messageBatch.isEmpty();
        if (!pausedForRedelivery) {
            context.paused.retainAll(consumerPositions.keySet());
        }
        task.open(partitions);
        rewind();
    }

    /** A rebalance gives partitions, but the consumer is woken before the worker notes or opens them. */
    void assignUnopened(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> consumerPositions.put(partition, groupOffsets.getOrDefault(partition, 0L)));
    }

    /** Partitions are taken away: committed and closed; what the worker has read of them goes, by its present topic. */
    void revoke(Collection<TopicPartition> partitions) {
        rewind(); // so begins the poll in which that happens
        release(partitions);
    }

    /** Of partitions of which the worker has no offsets it does not even tell the task. */
    private void release(Collection<TopicPartition> partitions) {
        mayBeWoken = !currentOffsetsOf(partitions).isEmpty();
        try {
            if (mayBeWoken) {
                commitAndClose(partitions);
            }
        } finally {
            lastCommittedOffsets.keySet().removeAll(partitions);
            drop(partitions);
        }
    }

    private void commitAndClose(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed;
        try {
            committed = task.preCommit(currentOffsetsOf(partitions));
        } finally {
            task.close(partitions);
        }
        noteCommitted(committed);
    }

    /** Partitions are lost: closed without a commit. */
    void lose(Collection<TopicPartition> partitions) {
        rewind();
        task.close(partitions);
        origOffsets.keySet().removeAll(partitions);
        currentOffsets.keySet().removeAll(partitions);
        lastCommittedOffsets.keySet().removeAll(partitions);
        drop(partitions);
    }

    /** An eager rebalance: all partitions are taken away and come back. */
    void rebalance() {
        Set<TopicPartition> all = assignment();
        revoke(all);
        assign(all);
    }

    /**
     * What the worker does in the poll of a rebalance when its consumer was woken in the commit of what was taken away:
     * the records that the same poll brings are thrown away, and the consumer stands behind them. Without a commit it is
     * woken where nothing is thrown away.
     */
    void wake(int maxRecordsPerPartition) {
        if (mayBeWoken && !pausedForRedelivery) {
            assignment().stream()
                    .filter(partition -> !context.paused.contains(partition))
                    .forEach(partition -> read(partition, maxRecordsPerPartition));
        }
    }

    private List<SinkRecord> read(TopicPartition partition, int limit) {
        List<SinkRecord> records =
                log.read(partition.partition(), consumerPositions.getOrDefault(partition, 0L), limit);
        if (!records.isEmpty()) {
            consumerPositions.put(partition, records.get(records.size() - 1).kafkaOffset() + 1);
        }
        return records;
    }

    private void drop(Collection<TopicPartition> partitions) {
        consumerPositions.keySet().removeAll(partitions);
        messageBatch.removeIf(
                record -> partitions.contains(new TopicPartition(record.topic(), record.kafkaPartition())));
    }

    /** One turn of the worker's loop; returns the number of records that were delivered. */
    int iterate(int maxRecordsPerPartition) {
        if (context.commitRequested) {
            context.commitRequested = false;
            commit(assignment());
        }
        rewind();
        boolean again = pausedForRedelivery;
        if (!again) {
            for (TopicPartition partition : assignment()) {
                if (!context.paused.contains(partition)) {
                    poll(partition, maxRecordsPerPartition);
                }
            }
        }
        int size = messageBatch.size();
        deliver();
        return again ? size + 1 : size; // not idle
    }

    /** A batch that the task cannot take at present is kept and handed over again, as it was. */
    private void deliver() {
        try {
            task.put(List.copyOf(messageBatch));
            currentOffsets.putAll(origOffsets);
            origOffsets.clear();
            messageBatch.clear();
            pausedForRedelivery = false;
        } catch (RetriableException e) {
            retries++;
            pausedForRedelivery = true;
        }
    }

    /** How often the task asked for its batch once more. */
    int retries() {
        return retries;
    }

    /** What a consumer does whose position the broker does not have: it begins again. */
    void seekToBeginning() {
        consumerPositions.replaceAll((partition, position) -> 0L);
    }

    void commitAll() {
        commit(assignment());
    }

    void stop() {
        release(assignment());
        task.stop();
    }

    private void poll(TopicPartition partition, int limit) {
        for (SinkRecord record : read(partition, limit)) {
            origOffsets.put(partition, new OffsetAndMetadata(record.kafkaOffset() + 1));
            SinkRecord transformed = transformation.apply(record);
            if (transformed != null) {
                messageBatch.add(transformed);
            }
        }
    }

    /** A task that throws is not ended: the worker reads again behind what it has committed. */
    private void commit(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = currentOffsetsOf(partitions);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            noteCommitted(task.preCommit(offsets));
        } catch (RuntimeException | Error e) {
            failedCommits++;
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(lastCommittedOffsets);
            committed.keySet().retainAll(offsets.keySet());
            committed.forEach((partition, offset) -> consumerPositions.put(partition, offset.offset()));
            currentOffsets.putAll(committed);
        }
    }

    /** How often the task threw in a commit. */
    int failedCommits() {
        return failedCommits;
    }

    private Map<TopicPartition, OffsetAndMetadata> currentOffsetsOf(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(currentOffsets);
        offsets.keySet().retainAll(Set.copyOf(partitions));
        return offsets;
    }

    private void noteCommitted(Map<TopicPartition, OffsetAndMetadata> committed) {
        committed.forEach((partition, offset) -> {
            OffsetAndMetadata current = currentOffsets.get(partition);
            if (current != null && offset.offset() <= current.offset()) {
                groupOffsets.put(partition, offset.offset());
                lastCommittedOffsets.put(partition, offset);
            }
        });
    }

    private void rewind() {
        context.offsets.forEach((partition, offset) -> {
            if (!consumerPositions.containsKey(partition)) {
                throw new IllegalStateException("rewind of " + partition + ", which is not assigned");
            }
            consumerPositions.put(partition, offset);
            currentOffsets.put(partition, new OffsetAndMetadata(offset));
            lastCommittedOffsets.put(partition, new OffsetAndMetadata(offset));
        });
        context.offsets.clear();
    }

    /** The part of the worker that the task talks to. */
    private final class Context implements SinkTaskContext {
        private final Map<TopicPartition, Long> offsets = new HashMap<>();
        private final Set<TopicPartition> paused = new HashSet<>();
        private boolean commitRequested;
        private @Nullable ErrantRecordReporter reporter;

        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public void offset(Map<TopicPartition, Long> wanted) {
            offsets.putAll(wanted);
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            offsets.put(partition, offset);
        }

        @Override
        public void timeout(long timeoutMs) {
            if (timeoutMs <= 0) {
                throw new IllegalArgumentException("timeout " + timeoutMs);
            }
        }

        @Override
        public Set<TopicPartition> assignment() {
            return consumerPositions.keySet();
        }

        @Override
        public void pause(TopicPartition... partitions) {
            for (TopicPartition partition : partitions) {
                requireAssigned(partition);
                paused.add(partition);
            }
        }

        @Override
        public void resume(TopicPartition... partitions) {
            for (TopicPartition partition : partitions) {
                requireAssigned(partition);
                paused.remove(partition);
            }
        }

        @Override
        public void requestCommit() {
            commitRequested = true;
        }

        @Override
        public @Nullable ErrantRecordReporter errantRecordReporter() {
            return reporter;
        }

        @Override
        public @Nullable PluginMetrics pluginMetrics() {
            return null;
        }

        private void requireAssigned(TopicPartition partition) {
            if (!consumerPositions.containsKey(partition)) {
                throw new IllegalStateException(partition + " is not assigned");
            }
        }
    }
}
