package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.Differences;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.table.ArchiveRoot;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.testing.FaultyFileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.jspecify.annotations.Nullable;

/** One archive on a disk that can fail, one source log, one consumer group, and a clock that a test moves. */
final class TaskRig {
    private final Path root;
    private final FaultyFileStore store = new FaultyFileStore(LocalFileStore.open(IoMode.AUTO));
    private final AtomicLong nanos = new AtomicLong(1);
    private final Map<TopicPartition, Long> groupOffsets = new HashMap<>();
    private final SourceLog log;
    private @Nullable ErrantRecordReporter reporter;
    private int readsUntilFailure;
    private final Map<String, String> properties = new HashMap<>();

    TaskRig(Path root, SourceLog log) {
        this.root = root;
        this.log = log;
        ArchiveRoot archive = ArchiveRoot.openOrCreate(root);
        properties.put("name", "rig");
        properties.put("firn.path", root.toAbsolutePath().toString());
        properties.put("partition.fields", "origin:string=value.origin");
        properties.put("partition.missing.field", "null");
        properties.put("commit.interval.ms", "1000");
        properties.put("disk.min.free.bytes", "1000");
        properties.put("lifecycle.mode", "off");
        properties.put(FirnSinkConfig.ARCHIVE_ID, archive.id().toString());
        properties.put(FirnSinkConfig.CONNECTOR_HOST, "elsewhere");
        properties.put(FirnSinkConfig.TASK, "0");
    }

    TaskRig with(String name, String value) {
        properties.put(name, value);
        return this;
    }

    TaskRig reporter(ErrantRecordReporter value) {
        reporter = value;
        return this;
    }

    FaultyFileStore store() {
        return store;
    }

    SourceLog log() {
        return log;
    }

    Map<TopicPartition, Long> groupOffsets() {
        return groupOffsets;
    }

    Path tablePath() {
        return root.resolve(log.topic());
    }

    List<TopicPartition> partitions() {
        return IntStream.range(0, log.partitionCount())
                .mapToObj(partition -> new TopicPartition(log.topic(), partition))
                .toList();
    }

    /** A started task without partitions. */
    SinkTaskHarness task() {
        return task(log);
    }

    /** A started task that reads another log under the same name. */
    SinkTaskHarness task(SourceLog other) {
        TableEnvironment tables =
                TableEnvironment.deterministic(store, InstantSource.system()).withBufferedWriters(); // as io.mode=auto
        FirnSinkTask task = new FirnSinkTask(new SinkEnvironment(mode -> tables, this::readClock));
        return new SinkTaskHarness(task, other, groupOffsets, reporter).start(properties);
    }

    FirnSinkConfig config() {
        return new FirnSinkConfig(properties);
    }

    /** What Connect hands over when a user resets the offsets. */
    Map<TopicPartition, @Nullable Long> reset() {
        Map<TopicPartition, @Nullable Long> reset = new HashMap<>();
        partitions().forEach(partition -> reset.put(partition, null));
        return reset;
    }

    void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** The n-th look at the clock from now on fails as it does in a process without memory. */
    void failClock(int nth) {
        readsUntilFailure = nth;
    }

    private long readClock() {
        if (readsUntilFailure > 0 && --readsUntilFailure == 0) {
            throw new OutOfMemoryError("simulated");
        }
        return nanos.get();
    }

    long nowNs() {
        return nanos.get();
    }

    /** How many partitions have anything committed in the archive. */
    int committedPartitions() {
        try (Table table = Table.open(tablePath())) {
            return (int)
                    table.lanes().stream().filter(lane -> lane.position() > 0).count();
        }
    }

    /** How many files the lifecycle has made that are visible. */
    int settledSegments() {
        try (Table table = Table.open(tablePath())) {
            return table.contents().segments().size();
        }
    }

    /** Runs the lifecycle once, under the disk's faults. */
    LifecycleStats maintain(LifecycleRequest request) {
        TableEnvironment tables = TableEnvironment.deterministic(store, InstantSource.system());
        try (Table table = Table.open(tablePath(), tables);
                LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            return lifecycle.run(request);
        }
    }

    /** Size of the one hot segment file: an open one has zeros reserved behind its data. */
    long hotFileSize() throws IOException {
        try (Stream<Path> files = Files.list(tablePath().resolve("_table/hot"))) {
            List<Path> segments = files.toList();
            assertThat(segments).hasSize(1);
            return Files.size(segments.get(0));
        }
    }

    /** Runs a task until it has delivered everything, also what a full disk holds back for seconds, and commits. */
    void drain(SinkTaskHarness harness) {
        int idle = 0;
        while (idle < (harness.paused().isEmpty() ? 3 : 8)) {
            advance(Duration.ofMillis(1_100));
            idle = harness.iterate(50) == 0 ? idle + 1 : 0;
        }
        harness.commitAll();
    }

    void assertArchiveEqualsLog() {
        assertThat(Differences.ofRecords(log.expected(), ArchiveDump.read(tablePath())))
                .isEmpty();
    }
}
