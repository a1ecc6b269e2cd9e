package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.access.AccessTracker;
import io.firn.fs.FileTree;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.table.CompressionPolicy;
import io.firn.table.PartitionInfo;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForkedJvm;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads through every reader are recorded, and idle-after goes by them. */
class TrackedReadsTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final Path ROOT = Path.of("/t");
    private static final Duration DAY = Duration.ofDays(1);

    private final AtomicLong nowMs = new AtomicLong(Duration.ofDays(10_000).toMillis());
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs.get());
    private final InMemoryFileStore store = new InMemoryFileStore(1 << 16, clock);
    private final FaultyFileStore faulty = new FaultyFileStore(store);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void everyOrderOfReadingIsRecordedHotAndCold(ReadOrder order) {
        for (LifecycleRequest request : List.of(LifecycleRequest.settleAll(), LifecycleRequest.compressAll())) {
            try (Table table = openOrCreate(TableConfig.defaults())) {
                write(table);
                maintain(request);
                assertThat(lastAccesses())
                        .as("the lifecycle's own reads do not count")
                        .isEmpty();
                read(table, ScanOptions.builder().order(order).build());
                assertThat(lastAccesses()).hasSize(3).containsOnly(clock.instant());
            }
            nowMs.addAndGet(DAY.toMillis());
            FileTree.delete(store, ROOT);
        }
    }

    @Test
    void onlyTheFilesThatAreReadAreRecorded() {
        try (Table table = openOrCreate(TableConfig.defaults())) {
            write(table);
            maintain(LifecycleRequest.settleAll());
            read(table, where("b"));
        }
        assertThat(store.list(ROOT.resolve("k=b"))).contains(".access_log");
        assertThat(store.list(ROOT.resolve("k=a"))).doesNotContain(".access_log");
    }

    @Test
    void theWriterOfOnePartitionHasItsSegmentsRecordedToo() {
        try (Table table = openOrCreate(TableConfig.defaults())) {
            PartitionValues only = PartitionValues.of(table.scheme(), "a");
            try (TableWriter writer =
                    table.writer(WriterOptions.named("w").partition(only).build())) {
                writer.append(record("a"));
                writer.finish();
            }
            read(table, ScanOptions.ALL);
        }
        assertThat(store.list(ROOT.resolve("k=a"))).contains(".access_log");
    }

    @Test
    void switchedOffNothingIsWritten() {
        try (Table table = openOrCreate(TableConfig.builder().trackAccess(false).build())) {
            write(table);
            maintain(LifecycleRequest.settleAll());
            read(table, ScanOptions.ALL);
        }
        assertThat(store.list(ROOT.resolve("k=a"))).doesNotContain(".access_log");
        assertThat(store.list(ROOT.resolve("_table"))).doesNotContain("access.lock");
    }

    @Test
    void readSixDaysAgoStaysHotAndEightDaysAgoDoesNot() {
        TableConfig idle = TableConfig.builder()
                .compressionPolicy(new CompressionPolicy.IdleAfter(Duration.ofDays(7), true))
                .build();
        try (Table table = openOrCreate(idle)) {
            write(table);
            maintain(LifecycleRequest.settleAll());
            pass(6);
            read(table, where("a"));
            pass(2);
            assertThat(maintain(LifecycleRequest.due()).compressedSegments())
                    .as("b and c were never read and written 8 days ago")
                    .isEqualTo(2);
            assertThat(coldPartitions(table)).containsExactly("k=b", "k=c");
            pass(4);
            assertThat(maintain(LifecycleRequest.due()).compressedSegments()).isZero();
            pass(2);
            assertThat(maintain(LifecycleRequest.due()).compressedSegments()).isEqualTo(1);
            assertThat(coldPartitions(table)).containsExactly("k=a", "k=b", "k=c");
        }
    }

    @Test
    void dataThatIsReadAgainAndAgainStaysHotForWeeks() {
        try (Table table = openOrCreate(TableConfig.defaults())) {
            write(table);
            maintain(LifecycleRequest.settleAll());
            try (TableReader reader = table.reader(where("b"))) {
                assertThat(reader.next()).isTrue();
                for (int day = 0; day < 30; day++) {
                    pass(1);
                    read(table, where("a"));
                    maintain(LifecycleRequest.due());
                }
                assertThat(reader.next())
                        .as("the open reader of a compressed file goes on")
                        .isTrue();
            }
            assertThat(coldPartitions(table)).containsExactly("k=b", "k=c");
        }
    }

    @Test
    void withoutTrackingOnlyWritesCount() {
        TableConfig idle = TableConfig.builder()
                .compressionPolicy(new CompressionPolicy.IdleAfter(Duration.ofDays(7), false))
                .build();
        try (Table table = openOrCreate(idle)) {
            write(table);
            maintain(LifecycleRequest.settleAll());
            pass(8);
            read(table, ScanOptions.ALL);
            assertThat(maintain(LifecycleRequest.due()).compressedSegments()).isEqualTo(3);
        }
    }

    @Test
    void aTimeFarInTheFutureIsNotBelieved() {
        try (Table table = openOrCreate(TableConfig.defaults())) {
            write(table);
            maintain(LifecycleRequest.settleAll());
            long today = nowMs.get();
            pass(100);
            read(table, ScanOptions.ALL);
            nowMs.set(today);
            pass(8);
            assertThat(maintain(LifecycleRequest.due()).compressedSegments()).isEqualTo(3);
        }
    }

    @Test
    void aReadOnlyArchiveIsRead() {
        try (Table table = openOrCreate(TableConfig.defaults())) {
            write(table);
            maintain(LifecycleRequest.settleAll());
        }
        Fault noLock = faulty.inject(Fault.on(StoreCall.is(StoreOperation.LOCK)).sticky());
        // Forcing is no change: it works on a read-only file system, too.
        // Forcing is no change: it works on a read-only file system, too.
        Fault noChange = faulty.inject(Fault.on(call -> switch (call.operation()) {
                    case FORCE, FORCE_REGION, FORCE_DIRECTORY -> false;
                    default -> call.operation().isMutating();
                })
                .sticky());
        try (Table table = Table.open(ROOT, environment())) {
            for (ReadOrder order : ReadOrder.values()) {
                assertThat(read(table, ScanOptions.builder().order(order).build()))
                        .isEqualTo(300);
            }
        }
        assertThat(noLock.happened()).isTrue();
        assertThat(noChange.matchedCalls()).isZero();
    }

    @Test
    void aReaderInAnotherProcessKeepsItsDataHot() {
        Path path = directory.resolve("t");
        Instant start = Instant.now();
        TableConfig idle = TableConfig.builder()
                .compressionPolicy(new CompressionPolicy.IdleAfter(Duration.ofHours(1), true))
                .build();
        try (Table table = Table.create(path, MAPPING.scheme(), idle)) {
            write(table);
            try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                assertThat(manager.run(LifecycleRequest.settleAll()).errors()).isEmpty();
            }
            try (ForkedJvm reader =
                    ForkedJvm.of(OtherReader.class, directory).arguments(path).start()) {
                reader.awaitLine("closed"::equals, Duration.ofMinutes(1));
                reader.kill();
            }
        }
        assertThat(Files.exists(path.resolve("k=a/.access_log"))).isTrue();
        assertThat(Files.exists(path.resolve("k=b/.access_log"))).isFalse();
        // Written long ago, read now: an hour that passed since the write, but not since the read.
        InstantSource soon = () -> start.plus(Duration.ofHours(1)).minusMillis(1);
        assertThat(dueAt(path, soon).compressedSegments()).isZero();
        InstantSource later = () -> Instant.now().plus(Duration.ofMinutes(61));
        assertThat(dueAt(path, later).compressedSegments()).isEqualTo(3);
    }

    /** Reads the partition a in a JVM of its own. */
    public static final class OtherReader {
        private OtherReader() {}

        /** The argument is the table. */
        public static void main(String[] arguments) {
            Table table = Table.open(Path.of(arguments[0])); // never closed
            read(table, where("a"));
            System.out.println("closed");
            LockSupport.park(); // until it is killed: the table stays open
        }
    }

    private static LifecycleStats dueAt(Path path, InstantSource time) {
        TableEnvironment environment = TableEnvironment.deterministic(LocalFileStore.open(IoMode.AUTO), time);
        try (Table table = Table.open(path, environment);
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = manager.run(LifecycleRequest.due());
            assertThat(stats.errors()).isEmpty();
            return stats;
        }
    }

    private List<Instant> lastAccesses() {
        try (Table table = Table.open(ROOT, environment())) {
            AccessTracker accesses = table.accesses();
            return table.contents().segments().stream()
                    .flatMap(entry -> accesses.lastAccess(entry.path()).stream())
                    .toList();
        }
    }

    private static List<String> coldPartitions(Table table) {
        return table.contents().partitions().stream()
                .filter(partition -> partition.coldSegments() > 0)
                .map(PartitionInfo::path)
                .sorted()
                .collect(Collectors.toList());
    }

    private static ScanOptions where(String key) {
        return ScanOptions.builder().filter(PartitionFilter.exact("k", key)).build();
    }

    private void pass(int days) {
        nowMs.addAndGet(DAY.multipliedBy(days).toMillis());
    }

    private LifecycleStats maintain(LifecycleRequest request) {
        try (Table table = Table.open(ROOT, environment());
                LifecycleManager manager =
                        LifecycleManager.open(table, LifecycleOptions.defaults().withForceThreads(1))) {
            LifecycleStats stats = manager.run(request);
            assertThat(stats.errors()).isEmpty();
            return stats;
        }
    }

    private Table openOrCreate(TableConfig config) {
        return Table.openOrCreate(ROOT, MAPPING.scheme(), config, environment());
    }

    private TableEnvironment environment() {
        return TableEnvironment.deterministic(faulty, clock);
    }

    private static void write(Table table) {
        try (TableWriter writer =
                table.writer(WriterOptions.named("w").mapping(MAPPING).build())) {
            for (int i = 0; i < 300; i++) {
                writer.append(record("abc".substring(i % 3, i % 3 + 1)));
            }
            writer.finish();
        }
    }

    private static StreamRecord record(String key) {
        return StreamRecord.atMillis(1)
                .key(key.getBytes(StandardCharsets.UTF_8))
                .value(new byte[100])
                .build();
    }

    private static int read(Table table, ScanOptions options) {
        int count = 0;
        try (TableReader reader = table.reader(options)) {
            while (reader.next()) {
                count++;
            }
        }
        return count;
    }
}
