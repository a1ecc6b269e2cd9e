package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.ClosedException;
import io.firn.fs.FileStore;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.SegmentEntry;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ArchiveRoot;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableOption;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.CrashFileStore;
import io.firn.testing.SimulatedCrash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many small files of a partition, of several writers, become one: the same records in the same order, at any crash. */
class CompactionTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 6;
    private static final int ROUNDS = 3;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void smallFilesOfSeveralWritersBecomeOnePerPartition(boolean cold) {
        FileStore store = prepared(cold);
        List<String> before = records(store, ReadOrder.WRITER);
        long bytesBefore = sizeOf(store);
        assertThat(entries(store)).hasSize(PARTITIONS * ROUNDS);
        LifecycleStats stats = WrittenTable.maintain(store, LifecycleRequest.compact());
        assertThat(stats.errors()).isEmpty();
        assertThat(stats.compaction())
                .isEqualTo(new CompactionStats(
                        PARTITIONS * ROUNDS, PARTITIONS, 2 * ROUNDS * RECORDS, bytesBefore, sizeOf(store)));
        assertThat(entries(store)).hasSize(PARTITIONS).allSatisfy(entry -> {
            assertThat(entry.cold()).isEqualTo(cold);
            assertThat(entry.lanes()).hasSize(2);
        });
        assertThat(records(store, ReadOrder.WRITER)).isEqualTo(before);
        assertSound(store);
        assertThat(WrittenTable.maintain(store, LifecycleRequest.compact()).isIdle())
                .isTrue();
    }

    @Test
    void onlyWhatIsAskedFor() {
        FileStore store = prepared(true);
        LifecycleStats stats =
                WrittenTable.maintain(store, LifecycleRequest.compact().where(PartitionFilter.exact("k", "p1")));
        assertThat(stats.compaction().filesAfter()).isEqualTo(1);
        assertThat(entries(store)).hasSize(ROUNDS + 1);
    }

    @Test
    void hotAndColdFilesStayApart() {
        FileStore store = prepared(true);
        write(store, "a");
        WrittenTable.maintain(store, LifecycleRequest.settleAll());
        WrittenTable.maintain(store, LifecycleRequest.compact());
        assertThat(entries(store)).hasSize(2 * PARTITIONS);
        assertThat(entries(store)).filteredOn(SegmentEntry::cold).hasSize(PARTITIONS);
        assertSound(store);
    }

    @Test
    void byItselfOnlyWhereTheTableAsksForIt() {
        for (int minFiles : new int[] {0, ROUNDS + 1}) {
            LifecycleStats stats = WrittenTable.maintain(prepared(true, minFiles), LifecycleRequest.due());
            assertThat(stats.compaction()).isEqualTo(CompactionStats.NONE);
        }
        FileStore store = prepared(true, ROUNDS);
        List<String> before = records(store, ReadOrder.WRITER);
        assertThat(WrittenTable.maintain(store, LifecycleRequest.due())
                        .compaction()
                        .filesAfter())
                .isEqualTo(PARTITIONS);
        assertThat(records(store, ReadOrder.WRITER)).isEqualTo(before);
        assertThat(WrittenTable.maintain(store, LifecycleRequest.due()).isIdle())
                .isTrue();
    }

    @Test
    void coldFilesStayWhereCompressionIsStopped() {
        FileStore store = prepared(true, ROUNDS);
        ArchiveRoot.openOrCreate(WrittenTable.environment(store), Objects.requireNonNull(WrittenTable.ROOT.getParent()))
                .stopCompression();
        LifecycleStats stats = WrittenTable.maintain(store, LifecycleRequest.compact());
        assertThat(stats.compaction()).isEqualTo(CompactionStats.NONE);
        assertThat(stats.skipped()).singleElement().asString().contains("stopped");
        FileStore hot = prepared(false, ROUNDS);
        ArchiveRoot.openOrCreate(WrittenTable.environment(hot), Objects.requireNonNull(WrittenTable.ROOT.getParent()))
                .stopCompression();
        assertThat(WrittenTable.maintain(hot, LifecycleRequest.due())
                        .compaction()
                        .filesAfter())
                .isEqualTo(PARTITIONS);
    }

    @Test
    void oneRunByItselfIsBounded() {
        List<FileGroup> groups = List.of(group(2, 100), group(5, 60), group(3, 200), group(4, 10));
        assertThat(CompactionPlan.due(groups, 3)).containsExactly(groups.get(1));
        assertThat(CompactionPlan.due(groups.subList(2, 4), 3)).containsExactly(groups.get(3));
        assertThat(CompactionPlan.due(groups, 6)).isEmpty();
    }

    private static FileGroup group(int files, long mebibytesEach) {
        SegmentEntry file = new SegmentEntry("p/f", "p", false, 1, mebibytesEach << 20, 1, 0, 0, 0, 0, List.of());
        return new FileGroup("p", false, Collections.nCopies(files, file));
    }

    @ParameterizedTest
    @EnumSource
    void anOpenReaderGoesOn(ReadOrder order) {
        FileStore store = prepared(true);
        List<String> expected = records(store, order);
        List<String> seen = new ArrayList<>();
        try (Table table = WrittenTable.open(store);
                TableReader reader =
                        table.reader(ScanOptions.builder().order(order).build())) {
            while (reader.next()) {
                seen.add(describe(reader));
                if (seen.size() == 5) {
                    WrittenTable.maintain(store, LifecycleRequest.compact());
                }
            }
        }
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void aDamagedFileIsReportedAndItsPartitionStaysAsItIs() {
        FileStore store = prepared(false);
        SegmentEntry victim = entries(store).get(0);
        TableMaintainerTest.flip(store, WrittenTable.ROOT.resolve(victim.path()), 300);
        LifecycleStats stats = WrittenTable.maintain(store, LifecycleRequest.compact());
        assertThat(stats.errors()).singleElement().asString().contains(victim.path());
        assertThat(stats.compaction().filesAfter()).isEqualTo(PARTITIONS - 1);
        TableMaintainerTest.flip(store, WrittenTable.ROOT.resolve(victim.path()), 300);
        assertThat(entries(store)).hasSize(ROUNDS + 1);
        assertSound(store);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPowerLossBeforeEachOperation(boolean cold) {
        CrashFileStore counted = prepared(cold);
        List<String> expected = records(counted, ReadOrder.WRITER);
        long before = counted.mutationCount();
        WrittenTable.maintain(counted, LifecycleRequest.compact());
        long operations = counted.mutationCount() - before;
        assertThat(operations).isGreaterThan(20);
        for (long operation = 1; operation <= operations; operation++) {
            CrashFileStore machine = prepared(cold);
            machine.crashAt(operation);
            try {
                WrittenTable.maintain(machine, LifecycleRequest.compact());
            } catch (SimulatedCrash | ClosedException powerFailed) {
                assertThat(machine.isDown()).isTrue();
            }
            CrashFileStore restarted = machine.crash(new SplittableRandom(operation));
            assertThat(records(restarted, ReadOrder.WRITER)).isEqualTo(expected);
            assertThat(WrittenTable.maintain(restarted, LifecycleRequest.compact())
                            .errors())
                    .isEmpty();
            assertThat(records(restarted, ReadOrder.WRITER)).isEqualTo(expected);
            assertThat(entries(restarted)).hasSize(PARTITIONS);
            assertTidy(restarted);
        }
    }

    private static void assertTidy(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            assertThat(store.list(table.layout().temporary())).isEmpty();
            assertThat(WrittenTable.segmentFiles(store)).hasSize(PARTITIONS);
        }
        assertSound(store);
    }

    private static void assertSound(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
    }

    /** Each round of both writers is settled into files of its own. */
    private static CrashFileStore prepared(boolean cold) {
        return prepared(cold, 0);
    }

    private static CrashFileStore prepared(boolean cold, int minFiles) {
        CrashFileStore machine = WrittenTable.machine();
        TableConfig config = TableConfig.builder()
                .segmentSizeBytes(64 << 10)
                .compressionBlockSizeBytes(64 << 10)
                .set(TableOption.COMPACT_MIN_FILES, Integer.toString(minFiles))
                .build();
        Table.create(WrittenTable.ROOT, MAPPING.scheme(), config, WrittenTable.environment(machine))
                .close();
        for (int round = 0; round < ROUNDS; round++) {
            write(machine, "a");
            write(machine, "b");
            LifecycleRequest request = cold ? LifecycleRequest.compressAll() : LifecycleRequest.settleAll();
            assertThat(WrittenTable.maintain(machine, request).errors()).isEmpty();
        }
        // The owners drop what was settled, and the hot files are gone before anything is compacted.
        WrittenTable.maintain(machine, LifecycleRequest.settleAll());
        return machine;
    }

    private static void write(FileStore store, String name) {
        try (Table table = WrittenTable.open(store);
                TableWriter writer =
                        table.writer(WriterOptions.named(name).mapping(MAPPING).build())) {
            for (int i = 0; i < RECORDS; i++) {
                long sequence = writer.nextSequence();
                writer.append(StreamRecord.atMillis(sequence)
                        .key(("p" + sequence % PARTITIONS).getBytes(StandardCharsets.UTF_8))
                        .value((name + sequence).getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
        }
    }

    private static List<SegmentEntry> entries(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            return List.copyOf(table.contents().segments());
        }
    }

    private static long sizeOf(FileStore store) {
        return entries(store).stream()
                .mapToLong(entry ->
                        store.info(WrittenTable.ROOT.resolve(entry.path())).sizeBytes())
                .sum();
    }

    private static List<String> records(FileStore store, ReadOrder order) {
        List<String> records = new ArrayList<>();
        try (Table table = WrittenTable.open(store);
                TableReader reader =
                        table.reader(ScanOptions.builder().order(order).build())) {
            while (reader.next()) {
                records.add(describe(reader));
            }
        }
        return records;
    }

    private static String describe(TableReader reader) {
        return reader.writer() + " " + reader.partitionPath() + " "
                + reader.record().sequence() + " "
                + StandardCharsets.UTF_8.decode(reader.record().value());
    }
}
