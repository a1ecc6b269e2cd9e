package io.firn.connect.sink;

import io.firn.series.SampleMapping;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesStoreOptions;
import io.firn.table.KafkaOrigin;
import io.firn.task.BackgroundOptions;
import io.firn.task.BackgroundProcessor;
import io.firn.topic.TableTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * The series stores of a topic: a directory with a store for each partition, {@code <topic>-<partition>}, so that every
 * store has one writer whichever task has the partition. Confined to the task's thread, maintenance to its own.
 */
final class SeriesHome implements LaneHome {
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private final Path path;
    private final SeriesStoreOptions options;
    private final Supplier<SampleMapping> mappings;
    private final Queue<SharedStore> maintained = new ConcurrentLinkedQueue<>();
    /** Stores that were looked into, and have no writer yet. */
    private final Map<TopicPartition, SharedStore> waiting = new HashMap<>();

    private final Optional<BackgroundProcessor> background;

    /**
     * Opens nothing yet.
     *
     * @param mappings makes a mapping for each writer
     * @param maintenance how often stores are maintained; empty for never
     */
    SeriesHome(
            Path path, SeriesStoreOptions options, Supplier<SampleMapping> mappings, Optional<Duration> maintenance) {
        this.path = path;
        this.options = options;
        this.mappings = mappings;
        this.background = maintenance.map(interval -> {
            BackgroundProcessor processor = new BackgroundProcessor(options());
            processor.add("series of " + path.getFileName(), interval, () -> maintained.forEach(SharedStore::maintain));
            processor.start();
            return processor;
        });
    }

    private static BackgroundOptions options() {
        BackgroundOptions defaults = BackgroundOptions.defaults();
        return new BackgroundOptions(
                true,
                defaults.cacheInterval(),
                defaults.compactionInterval(),
                defaults.metricsInterval(),
                defaults.cleanupInterval(),
                CLOSE_TIMEOUT);
    }

    @Override
    public Path path() {
        return path;
    }

    /** Samples are never replayed into topics. */
    @Override
    public Optional<TableTopics> topics() {
        return Optional.empty();
    }

    /** Looks into stores, and keeps them open for {@link #writer}. */
    @Override
    public Lanes lanes() {
        return partition -> SeriesPosition.newest(
                waiting.computeIfAbsent(partition, this::open).store().marks(), partition);
    }

    private SharedStore open(TopicPartition partition) {
        SharedStore store = new SharedStore(
                SeriesStore.open(path.resolve(partition.topic() + "-" + partition.partition()), options));
        maintained.add(store);
        return store;
    }

    @Override
    public LaneWriter writer(KafkaOrigin origin, String owner) {
        TopicPartition partition = new TopicPartition(origin.topic(), origin.partition());
        SharedStore looked = waiting.remove(partition);
        SharedStore store = looked == null ? open(partition) : looked;
        return new SeriesLaneWriter(store, mappings.get(), origin, () -> release(store));
    }

    private void release(SharedStore store) {
        maintained.remove(store);
        store.release();
    }

    @Override
    public String holder(KafkaOrigin origin) {
        return "another task or connector";
    }

    /** Stores are maintained by time alone. */
    @Override
    public void notifyCommit() {}

    @Override
    public void close() {
        background.ifPresent(BackgroundProcessor::close);
        maintained.forEach(this::release);
        waiting.clear();
    }
}
