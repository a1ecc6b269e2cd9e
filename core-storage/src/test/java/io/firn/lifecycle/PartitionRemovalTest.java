package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.lifecycle.rebuild.TableRebuild;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.lifecycle.verify.VerifyReport;
import io.firn.log.ExpiredRange;
import io.firn.log.ExpiryMarkers;
import io.firn.log.LaneName;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.InMemoryFileStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole partitions are dropped or expire; what else was committed stays, and what was removed never comes back. */
class PartitionRemovalTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final PartitionFilter K0 = PartitionFilter.exact("k", "k0");
    /** The clock of the table stands at 1,000,000 ms; partition k0 ends at 10,027 ms, k1 at 20,028, k2 at 30,029. */
    private static final int PARTITIONS = 3;

    private static final int RECORDS = 30;

    private final FileStore store = new InMemoryFileStore();
    private Table table = create(TableConfig.builder());

    private Table create(TableConfig.Builder config) {
        return Table.create(
                Path.of("/t" + System.identityHashCode(config)),
                MAPPING.scheme(),
                config.set(TableOption.DISK_MIN_FREE_BYTES, "0").build(),
                TableEnvironment.deterministic(store, TestTables.CLOCK));
    }

    @AfterEach
    void closeTable() {
        table.close();
    }

    @Test
    void dropsWhatStandsInHotSegments() {
        write("a", "b");
        LifecycleStats stats = run(LifecycleRequest.drop(K0));
        assertThat(stats.removed().paths()).containsExactly("k=k0");
        assertThat(stats.removed().records()).isEqualTo(20);
        assertRemoved("a", "b");
        run(LifecycleRequest.compressAll());
        assertRemoved("a", "b");
        assertThat(store.list(table.layout().hot())).isEmpty();
    }

    @Test
    void aRebuildOfTheCatalogBringsNothingBack() {
        write("a", "b");
        run(LifecycleRequest.compressAll());
        run(LifecycleRequest.drop(K0));
        Path catalog = table.layout().catalog();
        for (String name : store.list(catalog)) {
            if (name.endsWith(".log")) {
                store.delete(catalog.resolve(name));
            }
        }
        RebuildReport report = TableRebuild.catalog(table);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        assertRemoved("a", "b");
        write("c");
        run(LifecycleRequest.compressAll());
        assertThat(filesOf("k=k0")).hasSize(1);
    }

    @Test
    void dropsWhatIsSettledAndCompressed() {
        write("a", "b");
        run(LifecycleRequest.compressAll());
        assertThat(filesOf("k=k0")).hasSize(1);
        LifecycleStats stats = run(LifecycleRequest.drop(K0));
        assertThat(stats.removed().records()).isEqualTo(20);
        assertThat(stats.deletedFiles()).isEqualTo(1);
        assertThat(filesOf("k=k0")).isEmpty();
        assertRemoved("a", "b");
    }

    @Test
    void dropsAPartitionThatIsPartlyHotAndPartlyCold() {
        write("a");
        run(LifecycleRequest.compressAll());
        write("b");
        assertThat(run(LifecycleRequest.drop(K0)).removed().records()).isEqualTo(20);
        assertRemoved("a", "b");
        run(LifecycleRequest.decompressAll());
        assertRemoved("a", "b");
    }

    @Test
    void aSecondDropFindsNothing() {
        write("a");
        run(LifecycleRequest.drop(K0));
        LifecycleStats again = run(LifecycleRequest.drop(K0));
        assertThat(again.isIdle()).isTrue();
        assertThat(again.removed().paths()).isEmpty();
    }

    @Test
    void positionsStayAndLaterRecordsOfTheSamePartitionAreThere() {
        write("a");
        run(LifecycleRequest.drop(K0));
        assertThat(write("a")).isEqualTo(RECORDS);
        assertThat(sequences("a"))
                .containsExactlyElementsOf(LongStream.range(0, 2L * RECORDS)
                        .filter(sequence -> sequence >= RECORDS || sequence % PARTITIONS != 0)
                        .boxed()
                        .toList());
        run(LifecycleRequest.compressAll());
        assertThat(sequences("a")).hasSize(50);
        assertSound();
        run(LifecycleRequest.drop(K0));
        assertThat(sequences("a")).hasSize(40);
        assertSound();
    }

    @Test
    void aPartitionInAnOpenSegmentStaysWhole() {
        write("a");
        try (TableWriter writer = writer("b")) {
            append(writer, RECORDS);
            writer.commit();
            LifecycleStats stats = run(LifecycleRequest.drop(K0));
            assertThat(stats.removed().paths()).isEmpty();
            assertThat(stats.skipped())
                    .singleElement()
                    .asString()
                    .contains("k=k0 was not removed")
                    .contains("open segment _table/hot/b");
            assertThat(sequences("a")).hasSize(RECORDS);
            writer.roll();
            writer.commit();
            assertThat(run(LifecycleRequest.drop(K0)).skipped()).isEmpty();
        }
        assertRemoved("a", "b");
    }

    @Test
    void uncommittedRecordsAreNotTouched() {
        try (TableWriter writer = writer("a")) {
            append(writer, RECORDS);
            writer.roll();
            writer.commit();
            append(writer, RECORDS);
            assertThat(run(LifecycleRequest.drop(K0)).removed().records()).isEqualTo(10);
            writer.commit();
        }
        assertThat(sequences("a")).hasSize(50).contains(30L).doesNotContain(27L);
        assertSound();
    }

    @Test
    void aSegmentOfADeadWriterIsEndedFirst() {
        try (TableWriter writer = writer("a")) {
            append(writer, RECORDS);
            writer.commit();
        }
        assertThat(run(LifecycleRequest.drop(K0)).removed().records()).isEqualTo(10);
        assertRemoved("a");
    }

    @ParameterizedTest
    @EnumSource
    void aReaderGoesOnBehindWhatWasRemoved(ReadOrder order) {
        write("a");
        run(LifecycleRequest.compressAll());
        write("b");
        List<Long> seen = new ArrayList<>();
        try (TableReader reader =
                table.reader(ScanOptions.builder().order(order).build())) {
            assertThat(reader.next()).isTrue();
            seen.add(reader.record().sequence());
            run(LifecycleRequest.drop(K0));
            while (reader.next()) {
                seen.add(reader.record().sequence());
            }
        }
        assertThat(seen).hasSizeBetween(40, 2 * RECORDS).contains(1L, 2L, 28L, 29L);
    }

    @Test
    void aPositionInsideTheRemovedRangeGoesOnBehindIt() {
        write("a");
        run(LifecycleRequest.drop(K0));
        ScanOptions options = ScanOptions.builder()
                .writer("a")
                .fromSequences(Map.of("a", 27L))
                .build();
        try (TableReader reader = table.reader(options)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.record().sequence()).isEqualTo(28);
        }
    }

    @Test
    void everythingOfATableCanGo() {
        write("a");
        run(LifecycleRequest.compressAll());
        assertThat(run(LifecycleRequest.drop(PartitionFilter.all())).removed().paths())
                .hasSize(PARTITIONS);
        assertThat(sequences("a")).isEmpty();
        assertThat(write("a")).isEqualTo(RECORDS);
        assertSound();
    }

    @Test
    void theMarkerNamesExactlyWhatWasRemoved() {
        write("a");
        run(LifecycleRequest.drop(K0));
        ExpiredRange range = ExpiredRange.upTo("k=k0", LaneName.encode("a"), 27, 10);
        assertThat(ExpiryMarkers.read(table.layout())).containsExactly(range);
        assertThat(range.covers("k=k0", LaneName.encode("a"), 27)).isTrue();
        assertThat(range.covers("k=k0", LaneName.encode("a"), 28)).isFalse();
        assertThat(range.covers("k=k1", LaneName.encode("a"), 27)).isFalse();
    }

    @Test
    void partitionsExpireByTheirNewestRecord() {
        write("a");
        run(LifecycleRequest.settleAll());
        long ageMs = 1_000_000 - 10_027;
        assertThat(expire(Duration.ofMillis(ageMs + 1)).removed().paths()).isEmpty();
        assertThat(expire(Duration.ofMillis(ageMs)).removed().paths()).isEmpty();
        assertThat(expire(Duration.ofMillis(ageMs - 1)).removed().paths()).containsExactly("k=k0");
        assertThat(expire(Duration.ZERO).removed().paths()).containsExactly("k=k1", "k=k2");
        assertThat(sequences("a")).isEmpty();
        assertSound();
    }

    @Test
    void theOldestPartitionsExpireBySizeAndTheNewestStays() {
        write("a");
        run(LifecycleRequest.settleAll());
        long one = table.contents().segments().get(0).sizeBytes();
        RetentionLimits two = new RetentionLimits(Optional.empty(), OptionalLong.of(2 * one + 10));
        assertThat(run(LifecycleRequest.expire(two)).removed().paths()).containsExactly("k=k0");
        assertThat(run(LifecycleRequest.expire(two)).isIdle()).isTrue();
        RetentionLimits nothing = new RetentionLimits(Optional.empty(), OptionalLong.of(0));
        LifecycleStats stats = run(LifecycleRequest.expire(nothing));
        assertThat(stats.removed().paths()).containsExactly("k=k1");
        assertThat(stats.skipped()).singleElement().asString().contains("newest partition");
        assertThat(sequences("a")).hasSize(10);
    }

    @Test
    void theTablesOwnRetentionActsByItself() {
        table.close();
        table = create(TableConfig.builder().set(TableOption.RETENTION_MS, "985000"));
        write("a");
        run(LifecycleRequest.settleAll());
        assertThat(run(LifecycleRequest.due()).removed().paths()).containsExactly("k=k0");
        assertRemoved("a");
    }

    @Test
    void withoutRetentionNothingExpires() {
        write("a");
        run(LifecycleRequest.settleAll());
        assertThat(run(LifecycleRequest.expire()).isIdle()).isTrue();
        assertThat(run(LifecycleRequest.due()).removed().paths()).isEmpty();
        assertThat(sequences("a")).hasSize(RECORDS);
    }

    @Test
    void aDamagedHotSegmentIsReportedAndTheRestGoes() {
        write("a");
        write("b");
        Path damaged =
                table.layout().hot().resolve(store.list(table.layout().hot()).get(0));
        TableMaintainerTest.flip(store, damaged, 300);
        LifecycleStats stats = runDamaged(LifecycleRequest.drop(K0));
        assertThat(stats.removed().paths()).isEmpty();
        TableMaintainerTest.flip(store, damaged, 300);
        assertThat(sequences("a")).hasSize(RECORDS);
        assertSound();
    }

    /** What nobody can read is not in the marker, and would come back when the segment is readable again. */
    @Test
    void aSegmentThatCannotBeOpenedKeepsThePartitionsThatItMayHold() {
        write("a");
        run(LifecycleRequest.settleAll());
        write("a");
        Path damaged =
                table.layout().hot().resolve(store.list(table.layout().hot()).get(0));
        TableMaintainerTest.flip(store, damaged, 20);
        for (LifecycleRequest request : List.of(LifecycleRequest.drop(K0), expiring(Duration.ZERO))) {
            LifecycleStats stats = runDamaged(request);
            assertThat(stats.removed().paths()).isEmpty();
            assertThat(stats.skipped())
                    .isNotEmpty()
                    .allMatch(reason -> reason.contains(damaged.getFileName().toString()));
        }
        TableMaintainerTest.flip(store, damaged, 20);
        assertThat(sequences("a")).hasSize(2 * RECORDS);
        run(LifecycleRequest.drop(K0));
        assertThat(sequences("a")).hasSize(2 * RECORDS * (PARTITIONS - 1) / PARTITIONS);
        assertSound();
    }

    @Test
    void aSegmentOfOnePartitionThatCannotBeOpenedKeepsThatOne() {
        write("a");
        writeIntoK1();
        Path damaged = table.layout().resolve("k=k1").resolve(filesOf("k=k1").get(0));
        TableMaintainerTest.flip(store, damaged, 20);
        LifecycleStats stats = runDamaged(expiring(Duration.ZERO));
        assertThat(stats.removed().paths()).containsExactly("k=k0", "k=k2");
        assertThat(stats.skipped()).singleElement().asString().contains("k=k1 was not removed");
    }

    /** A log that is lost may be found or rebuilt, and its records would be there again. */
    @Test
    void theSegmentsOfAWriterWhoseLogIsLostKeepThePartitionsThatTheyMayHold() {
        write("a", "b");
        Path lost = table.layout().lane(LaneName.encode("a"));
        Path away = Path.of("/lost");
        store.rename(lost, away);
        for (LifecycleRequest request : List.of(LifecycleRequest.drop(K0), expiring(Duration.ZERO))) {
            LifecycleStats stats = run(request);
            assertThat(stats.removed().paths()).isEmpty();
            assertThat(stats.skipped()).isNotEmpty().allMatch(reason -> reason.contains("_table/hot/a"));
        }
        store.rename(away, lost);
        assertThat(sequences("a")).hasSize(RECORDS);
        run(LifecycleRequest.drop(K0));
        assertRemoved("a", "b");
    }

    private void writeIntoK1() {
        WriterOptions options = WriterOptions.named("b")
                .partition(PartitionValues.of(table.scheme(), "k1"))
                .build();
        try (TableWriter writer = table.writer(options)) {
            append(writer, RECORDS);
            writer.finish();
        }
    }

    /** A record without a timestamp is one of 1969 by its number, -1 ms. */
    @Test
    void recordsWithoutATimestampHaveNoAge() {
        try (TableWriter writer = writer("a")) {
            writer.append(timed("none", -1));
            writer.append(timed("old", -2));
            writer.append(timed("mixed", -1));
            writer.append(timed("mixed", 0));
            writer.finish();
        }
        assertThat(run(expiring(Duration.ofMillis(1))).removed().paths()).containsExactly("k=mixed", "k=old");
        assertThat(sequences("a")).containsExactly(0L);
    }

    private static StreamRecord timed(String key, long timestampMs) {
        return StreamRecord.atMillis(timestampMs)
                .key(key.getBytes(StandardCharsets.UTF_8))
                .value(new byte[1])
                .build();
    }

    private static LifecycleRequest expiring(Duration age) {
        return LifecycleRequest.expire(new RetentionLimits(Optional.of(age), OptionalLong.empty()));
    }

    private LifecycleStats runDamaged(LifecycleRequest request) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = manager.run(request);
            assertThat(stats.errors()).isNotEmpty();
            return stats;
        }
    }

    private LifecycleStats expire(Duration age) {
        return run(expiring(age));
    }

    private LifecycleStats run(LifecycleRequest request) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = manager.run(request);
            assertThat(stats.errors()).isEmpty();
            return stats;
        }
    }

    private TableWriter writer(String name) {
        return table.writer(WriterOptions.named(name).mapping(MAPPING).build());
    }

    /** Each writer commits 30 records and closes its segment; returns where the last one began. */
    private long write(String... names) {
        long began = 0;
        for (String name : names) {
            try (TableWriter writer = writer(name)) {
                began = writer.position();
                append(writer, RECORDS);
                writer.finish();
            }
        }
        return began;
    }

    private static void append(TableWriter writer, int count) {
        for (int i = 0; i < count; i++) {
            long sequence = writer.nextSequence();
            int partition = (int) (sequence % PARTITIONS);
            writer.append(StreamRecord.atMillis((partition + 1) * 10_000L + sequence)
                    .key(("k" + partition).getBytes(StandardCharsets.UTF_8))
                    .value(("value " + sequence).getBytes(StandardCharsets.UTF_8))
                    .build());
        }
    }

    private void assertRemoved(String... writers) {
        List<Long> left = IntStream.range(0, RECORDS)
                .filter(sequence -> sequence % PARTITIONS != 0)
                .mapToObj(Long::valueOf)
                .toList();
        for (String writer : writers) {
            assertThat(sequences(writer)).containsExactlyElementsOf(left);
        }
        assertSound();
    }

    private void assertSound() {
        VerifyReport report = TableVerifier.verify(table);
        assertThat(report.damages()).isEmpty();
        assertThat(report.notes()).isEmpty();
    }

    private List<Long> sequences(String writer) {
        List<Long> sequences = new ArrayList<>();
        try (TableReader reader =
                table.reader(ScanOptions.builder().writer(writer).build())) {
            while (reader.next()) {
                sequences.add(reader.record().sequence());
            }
        }
        return sequences;
    }

    private List<String> filesOf(String partition) {
        Path directory = table.layout().resolve(partition);
        if (!store.isDirectory(directory)) {
            return List.of();
        }
        return store.list(directory).stream()
                .filter(name -> !name.startsWith("."))
                .toList();
    }
}
