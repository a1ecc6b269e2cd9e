package io.firn.lifecycle;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.log.SegmentEntry;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ArchiveRoot;
import io.firn.table.CompressionPolicy;
import io.firn.table.ScanOptions;
import io.firn.table.SegmentInfo;
import io.firn.table.SegmentTier;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies of tables, of processes and of whole archives, as runs of the lifecycle apply them. */
class PolicyRunsTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final Path ROOT = Path.of("/archive");
    private static final LifecycleOptions OPTIONS = LifecycleOptions.defaults().withForceThreads(1);
    private static final long START_MS = Duration.ofDays(10_000).toMillis();

    private final AtomicLong nowMs = new AtomicLong(START_MS);
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs.get());
    private final InMemoryFileStore store = new InMemoryFileStore(1 << 16, clock);
    private final FaultyFileStore faulty = new FaultyFileStore(store);
    private final TableEnvironment environment = TableEnvironment.deterministic(faulty, clock);

    @BeforeEach
    void makeTheArchive() {
        store.createDirectory(ROOT);
    }

    @Test
    void fourTablesWithFourPoliciesInOneRun() {
        table("a-never", new CompressionPolicy.Never());
        table("b-idle", new CompressionPolicy.IdleAfter(Duration.ofDays(7), true));
        table("c-age", new CompressionPolicy.AgeAfter(Duration.ofDays(1)));
        table("d-size", new CompressionPolicy.SizeThreshold(5_000));
        try (ArchiveLifecycle lifecycle = ArchiveLifecycle.open(ROOT, environment, OPTIONS)) {
            assertThat(lifecycle.run(LifecycleRequest.settleAll()).keySet())
                    .containsExactly("a-never", "b-idle", "c-age", "d-size");
            assertThat(compressedIn(lifecycle)).containsValues(0, 0, 0, 1).doesNotContainValue(3);
            assertThat(coldIn("d-size")).containsExactly("k=a");
            nowMs.addAndGet(Duration.ofDays(1).toMillis());
            assertThat(compressedIn(lifecycle)).isEqualTo(Map.of("a-never", 0, "b-idle", 0, "c-age", 3, "d-size", 0));
            nowMs.addAndGet(Duration.ofDays(6).toMillis());
            assertThat(compressedIn(lifecycle)).isEqualTo(Map.of("a-never", 0, "b-idle", 3, "c-age", 0, "d-size", 0));
            assertThat(compressedIn(lifecycle)).doesNotContainValue(3);
            assertThat(coldIn("a-never")).isEmpty();
        }
    }

    @Test
    void aDamagedTableDoesNotKeepTheOthersFromTheirTurn() {
        table("a", new CompressionPolicy.Immediate());
        table("b", new CompressionPolicy.Immediate());
        TableMaintainerTest.flip(store, ROOT.resolve("a/_table/metadata.json"), 40);
        try (ArchiveLifecycle lifecycle = ArchiveLifecycle.open(ROOT, environment, OPTIONS)) {
            Map<String, LifecycleStats> done = lifecycle.run(LifecycleRequest.compressAll());
            assertThat(Objects.requireNonNull(done.get("a")).errors())
                    .singleElement()
                    .asString()
                    .contains("metadata.json");
            assertThat(Objects.requireNonNull(done.get("b")).errors()).isEmpty();
            assertThat(coldIn("b")).hasSize(3);
        }
    }

    @Test
    void withoutAManagerOrUnderNeverNothingIsCompressed() {
        try (Table table = table("t", new CompressionPolicy.Immediate())) {
            nowMs.addAndGet(Duration.ofDays(400).toMillis());
            assertThat(records(table)).isEqualTo(300);
            assertThat(table.contents().segments()).isEmpty();
            LifecycleOptions never = OPTIONS.withPolicy(new CompressionPolicy.Never());
            try (LifecycleManager manager = LifecycleManager.open(table, never)) {
                manager.run(LifecycleRequest.settleAll());
                assertThat(manager.run(LifecycleRequest.due()).compressedSegments())
                        .isZero();
            }
            assertThat(coldIn("t")).isEmpty();
            assertThat(table.config().compressionPolicy()).isEqualTo(new CompressionPolicy.Immediate());
        }
    }

    @Test
    void oneSwitchStopsAllCompressionOfAnArchiveUntilItIsTakenBack() {
        ArchiveRoot archive = ArchiveRoot.openOrCreate(environment, ROOT);
        try (Table first = table("a", new CompressionPolicy.Immediate());
                Table second = table("b", new CompressionPolicy.Immediate());
                ArchiveLifecycle lifecycle = ArchiveLifecycle.open(ROOT, environment, OPTIONS)) {
            archive.stopCompression();
            archive.stopCompression();
            for (LifecycleRequest request : List.of(LifecycleRequest.compressAll(), LifecycleRequest.due())) {
                assertThat(lifecycle.run(request).values()).allSatisfy(stats -> {
                    assertThat(stats.errors()).isEmpty();
                    assertThat(stats.skipped()).singleElement().asString().contains("compression is stopped");
                });
                assertThat(coldIn("a")).isEmpty();
                assertThat(coldIn("b")).isEmpty();
            }
            assertThat(first.contents().hot().records()).as("settling goes on").isZero();
            assertThat(records(second)).isEqualTo(300);
            archive.resumeCompression();
            archive.resumeCompression();
            assertThat(archive.isCompressionStopped()).isFalse();
            assertThat(compressedIn(lifecycle)).isEqualTo(Map.of("a", 3, "b", 3));
        }
    }

    @Test
    void aLambdaSeesEverythingThatAPolicyMayGoBy() {
        List<SegmentInfo> seen = new CopyOnWriteArrayList<>();
        CompressionPolicy onlyB = CompressionPolicy.custom("only-b", (segment, now) -> {
            seen.add(segment);
            return segment.partitionPath().equals("k=b");
        });
        try (Table table = table("t", new CompressionPolicy.Never());
                LifecycleManager manager = LifecycleManager.open(table, OPTIONS.withPolicy(onlyB))) {
            manager.run(LifecycleRequest.settleAll());
            nowMs.addAndGet(5_000);
            records(table);
            assertThat(manager.run(LifecycleRequest.due()).compressedSegments()).isEqualTo(1);
            assertThat(coldIn("t")).containsExactly("k=b");
            assertThat(seen).hasSize(3);
            SegmentInfo info = seen.get(0);
            SegmentEntry entry = table.contents().segments().stream()
                    .filter(segment -> segment.path().equals(info.path()))
                    .findFirst()
                    .orElseThrow();
            assertThat(info.id()).isEqualTo(info.path());
            assertThat(info.tier()).isEqualTo(SegmentTier.HOT);
            assertThat(info.sealed()).isTrue();
            assertThat(info.fileBytes())
                    .isEqualTo(store.info(table.path().resolve(info.path())).sizeBytes());
            assertThat(info.usedBytes()).isEqualTo(entry.rawBytes());
            assertThat(info.createdAt()).isEqualTo(Instant.ofEpochMilli(START_MS));
            assertThat(info.lastWriteAt()).isEqualTo(Instant.ofEpochMilli(START_MS));
            assertThat(info.lastAccessAt()).isEqualTo(Instant.ofEpochMilli(START_MS + 5_000));
            assertThat(info.readCount()).isEqualTo(1);
            assertThat(info.minTimestampNs()).isEqualTo(entry.minTimestampNs()).isEqualTo(1_000_000);
            assertThat(info.maxTimestampNs()).isEqualTo(entry.maxTimestampNs());
        }
    }

    @Test
    void aRuleThatThrowsLeavesItsSegmentAndIsCounted() {
        CompressionPolicy broken = CompressionPolicy.custom("broken", (segment, now) -> {
            if (segment.partitionPath().equals("k=b")) {
                throw new IllegalStateException("no idea");
            }
            return true;
        });
        try (Table table = table("t", new CompressionPolicy.Never());
                LifecycleManager manager = LifecycleManager.open(table, OPTIONS.withPolicy(broken))) {
            manager.run(LifecycleRequest.settleAll());
            LifecycleStats stats = manager.run(LifecycleRequest.due());
            assertThat(stats.errors()).singleElement().asString().contains("broken", "k=b", "no idea");
            assertThat(coldIn("t")).containsExactly("k=a", "k=c");
        }
    }

    @Test
    void aClassThatIsMissingIsSaidOnceAndCommandsGoOn() {
        try (Table table = table("t", CompressionPolicy.custom("com.example.NoSuchRule"));
                LifecycleManager manager = LifecycleManager.open(table, OPTIONS)) {
            manager.run(LifecycleRequest.settleAll());
            LifecycleStats due = manager.run(LifecycleRequest.due());
            assertThat(due.errors()).singleElement().asString().contains("com.example.NoSuchRule", "class path");
            assertThat(manager.run(LifecycleRequest.compressAll()).compressedSegments())
                    .isEqualTo(3);
        }
    }

    @Test
    void levelAndBlockSizeOfTheProcessStandForThoseOfTheTable() {
        assertThatThrownBy(() -> OPTIONS.withCompressionLevel(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> OPTIONS.withBlockSizeBytes(1)).isInstanceOf(ConfigException.class);
        long fast = coldBytes("fast", OPTIONS.withCompressionLevel(1).withBlockSizeBytes(4 << 10));
        long small = coldBytes("small", OPTIONS.withCompressionLevel(19).withBlockSizeBytes(1 << 20));
        assertThat(small).isLessThan(fast);
    }

    private long coldBytes(String name, LifecycleOptions options) {
        try (Table table = table(name, new CompressionPolicy.Never());
                LifecycleManager manager = LifecycleManager.open(table, options)) {
            assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
            return table.contents().segments().stream()
                    .mapToLong(SegmentEntry::sizeBytes)
                    .sum();
        }
    }

    @Test
    void compressPartitionTouchesOnlyThatOne() {
        try (Table table = table("t", new CompressionPolicy.Never());
                LifecycleManager manager = LifecycleManager.open(table, OPTIONS)) {
            manager.compressPartition(Path.of("k=b"));
            assertThat(coldIn("t")).containsExactly("k=b");
            manager.compressPartition(table.path().resolve("k=c"));
            assertThat(coldIn("t")).containsExactly("k=b", "k=c");
            assertThat(records(table)).isEqualTo(300);
            for (String wrong : List.of("/elsewhere/k=b", "../k=b", "k=b/../../t2/k=a", "x=b", "_table/hot", "")) {
                assertThatThrownBy(() -> manager.compressPartition(Path.of(wrong)))
                        .as(wrong)
                        .isInstanceOf(ConfigException.class);
            }
            assertThat(coldIn("t")).containsExactly("k=b", "k=c");
        }
    }

    /** Both files of a segment: the one that the catalog names is read, and the next run finishes. */
    @Test
    void anOriginalThatCouldNotBeDeletedIsReadOnceAndDeletedByTheNextRun() {
        try (Table table = table("t", new CompressionPolicy.Never())) {
            try (LifecycleManager manager = LifecycleManager.open(table, OPTIONS)) {
                manager.run(LifecycleRequest.settleAll());
                Fault noDelete = faulty.inject(
                        Fault.on(StoreCall.is(StoreOperation.DELETE, ".q")).sticky());
                LifecycleStats stats = manager.run(LifecycleRequest.compressAll());
                assertThat(noDelete.happened()).isTrue();
                assertThat(stats.errors()).isNotEmpty();
                assertThat(names(".q")).hasSize(3);
                assertThat(names(".q.zst")).hasSize(3);
                assertThat(records(table)).isEqualTo(300);
            }
            try (Table healthy = Table.open(table.path(), TableEnvironment.deterministic(store, clock));
                    LifecycleManager next = LifecycleManager.open(healthy, OPTIONS)) {
                assertThat(next.run(LifecycleRequest.due()).errors()).isEmpty();
                assertThat(names(".q")).isEmpty();
                assertThat(names(".q.zst")).hasSize(3);
                assertThat(records(healthy)).isEqualTo(300);
            }
        }
    }

    @Test
    void filesThatDeadProcessesLeftAreRemoved() {
        try (Table table = table("t", new CompressionPolicy.Never());
                LifecycleManager manager = LifecycleManager.open(table, OPTIONS)) {
            Path dead = table.layout().temporary().resolve("1");
            store.createDirectory(dead);
            store.createExclusively(dead.resolve("00000000000000000099-00000001.q"))
                    .orElseThrow()
                    .close();
            Path log = table.path().resolve("_table/access.tmp");
            store.createExclusively(log).orElseThrow().close();
            assertThat(manager.run(LifecycleRequest.due()).errors()).isEmpty();
            assertThat(store.exists(dead)).isFalse();
            assertThat(store.exists(log)).isFalse();
            assertThat(records(table)).isEqualTo(300);
        }
    }

    @Test
    void fourWorkersCompressFourFilesAtOnceWithTheSameResult() {
        Set<Thread> inside = ConcurrentHashMap.newKeySet();
        CountDownLatch four = new CountDownLatch(4);
        faulty.runBefore(StoreCall.is(StoreOperation.CREATE, ".q.zst"), () -> {
            if (inside.add(Thread.currentThread())) {
                four.countDown();
                awaitQuietly(four);
            }
        });
        try (Table table = table("t", new CompressionPolicy.Never(), 12);
                LifecycleManager manager = LifecycleManager.open(table, OPTIONS.withThreads(4))) {
            manager.run(LifecycleRequest.settleAll());
            LifecycleStats stats = manager.run(LifecycleRequest.compressAll());
            assertThat(four.getCount()).as("workers at work at once").isZero();
            assertThat(inside).hasSize(4).doesNotContain(Thread.currentThread());
            assertThat(stats.errors()).isEmpty();
            assertThat(stats.compressedSegments()).isEqualTo(12);
            assertThat(stats.bytesAfter())
                    .isEqualTo(table.contents().segments().stream()
                            .mapToLong(entry -> store.info(table.path().resolve(entry.path()))
                                    .sizeBytes())
                            .sum());
            assertThat(table.contents().segments()).hasSize(12).allMatch(SegmentEntry::cold);
            assertThat(records(table)).isEqualTo(1_200);
            assertThat(manager.run(LifecycleRequest.decompressAll()).decompressedSegments())
                    .isEqualTo(12);
            assertThat(records(table)).isEqualTo(1_200);
        }
    }

    @Test
    void ofFourWorkersOneThatFindsDamageDoesNotStopTheOthers() {
        try (Table table = table("t", new CompressionPolicy.Never(), 12);
                LifecycleManager manager = LifecycleManager.open(table, OPTIONS.withThreads(4))) {
            manager.run(LifecycleRequest.settleAll());
            SegmentEntry victim = table.contents().segments().get(5);
            TableMaintainerTest.flip(store, table.path().resolve(victim.path()), 500);
            LifecycleStats stats = manager.run(LifecycleRequest.compressAll());
            assertThat(stats.errors()).singleElement().asString().contains(victim.path());
            assertThat(stats.compressedSegments()).isEqualTo(11);
            assertThat(store.exists(table.path().resolve(victim.path()))).isTrue();
            TableMaintainerTest.flip(store, table.path().resolve(victim.path()), 500);
            assertThat(records(table)).isEqualTo(1_200);
        }
    }

    @Test
    void runsThatAreDueByTheTimerAndByCommitsNeverOverlapAndEndWithTheManager() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        CompressionPolicy counting = CompressionPolicy.custom("counting", (segment, now) -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            asked.incrementAndGet();
            inside.decrementAndGet();
            return false;
        });
        LifecycleOptions often = OPTIONS.withPolicy(counting)
                .withThreads(4)
                .withInterval(Duration.ofMillis(1))
                .withCommitDelay(Duration.ZERO);
        try (Table table = table("t", new CompressionPolicy.Never())) {
            LifecycleManager manager = LifecycleManager.open(table, often);
            manager.run(LifecycleRequest.settleAll());
            manager.start();
            await().until(() -> {
                manager.notifyCommit();
                return asked.get() > 60;
            });
            manager.close();
            int atTheEnd = asked.get();
            manager.notifyCommit();
            assertThat(most.get()).isEqualTo(1);
            assertThat(inside.get()).isZero();
            assertThat(asked.get()).isEqualTo(atTheEnd);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Integer> compressedIn(ArchiveLifecycle lifecycle) {
        Map<String, Integer> compressed = new TreeMap<>();
        lifecycle.run(LifecycleRequest.due()).forEach((name, stats) -> {
            assertThat(stats.errors()).isEmpty();
            compressed.put(name, stats.compressedSegments());
        });
        return compressed;
    }

    private List<String> coldIn(String name) {
        try (Table table = Table.open(ROOT.resolve(name), environment)) {
            return table.contents().segments().stream()
                    .filter(SegmentEntry::cold)
                    .map(SegmentEntry::partitionPath)
                    .sorted()
                    .toList();
        }
    }

    private List<String> names(String suffix) {
        return Stream.of("a", "b", "c")
                .flatMap(key -> store.list(ROOT.resolve("t/k=" + key)).stream())
                .filter(name -> name.endsWith(suffix))
                .toList();
    }

    private Table table(String name, CompressionPolicy policy) {
        return table(name, policy, 3);
    }

    /** A table with 100 records in each of some partitions; the first one's are larger. */
    private Table table(String name, CompressionPolicy policy, int partitions) {
        TableConfig config = TableConfig.builder()
                .compressionPolicy(policy)
                .set(TableOption.DISK_MIN_FREE_BYTES, "0")
                .build();
        Table table = Table.create(ROOT.resolve(name), MAPPING.scheme(), config, environment);
        try (TableWriter writer =
                table.writer(WriterOptions.named("w").mapping(MAPPING).build())) {
            for (int i = 0; i < 100 * partitions; i++) {
                char key = (char) ('a' + i % partitions);
                String value = "value " + i * 7919 % 1_000 + (key == 'a' ? " that is longer than others" : "");
                writer.append(StreamRecord.atMillis(1)
                        .key(String.valueOf(key).getBytes(StandardCharsets.UTF_8))
                        .value(value.getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
        }
        return table;
    }

    private static int records(Table table) {
        int count = 0;
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                count++;
            }
        }
        return count;
    }
}
