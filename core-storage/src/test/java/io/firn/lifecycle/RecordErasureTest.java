package io.firn.lifecycle;

import static io.firn.lifecycle.ErasableTable.ERASE;
import static io.firn.lifecycle.ErasableTable.EVE;
import static io.firn.lifecycle.ErasableTable.KEYS;
import static io.firn.lifecycle.ErasableTable.assertNoTrace;
import static io.firn.lifecycle.ErasableTable.maintain;
import static io.firn.lifecycle.ErasableTable.records;
import static io.firn.lifecycle.ErasableTable.traces;
import static io.firn.lifecycle.ErasableTable.withoutEve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.fs.FileStore;
import io.firn.lifecycle.rebuild.LostCatalog;
import io.firn.lifecycle.rebuild.LostLogs;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.log.ExpiredRange;
import io.firn.log.ExpiryMarkers;
import io.firn.log.LaneName;
import io.firn.log.SegmentEntry;
import io.firn.partition.PartitionFilter;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records of a key go for ever, wherever they stand; everything else stays as and where it was. */
class RecordErasureTest {
    /** Of each ten records of a writer. */
    private static final int OF_TEN = 2;

    @Test
    void noByteOfAnErasedRecordIsLeftInAnyFile() {
        FileStore store = ErasableTable.filled();
        List<String> before = records(store);
        assertThat(traces(store)).hasSizeGreaterThan(5);
        LifecycleStats stats = maintain(store, ERASE);
        assertThat(stats.skipped()).isEmpty();
        assertThat(stats.erasure().records()).isEqualTo(5 * OF_TEN);
        assertThat(stats.erasure().openRecords()).isZero();
        assertThat(records(store)).isEqualTo(withoutEve(before)).hasSize(before.size() - 5 * OF_TEN);
        assertNoTrace(store);
    }

    @Test
    void aSecondRunFindsNothing() {
        FileStore store = ErasableTable.filled();
        maintain(store, ERASE);
        Map<String, ByteBuffer> once = WrittenTable.segmentFiles(store);
        LifecycleStats again = maintain(store, ERASE);
        assertThat(again.erasure()).isEqualTo(ErasureStats.NONE);
        assertThat(again.isIdle()).isTrue();
        assertThat(WrittenTable.segmentFiles(store)).isEqualTo(once);
    }

    @Test
    void aDryRunCountsAndChangesNothing() {
        FileStore store = ErasableTable.filled();
        Map<String, ByteBuffer> before = WrittenTable.segmentFiles(store);
        LifecycleStats counted = maintain(store, LifecycleRequest.erase(Erasure.counting(KEYS)));
        assertThat(WrittenTable.segmentFiles(store)).isEqualTo(before);
        assertThat(counted.deletedFiles()).isZero();
        assertThat(counted.erasure().records()).isEqualTo(5 * OF_TEN);
        assertThat(counted.erasure()).isEqualTo(maintain(store, ERASE).erasure());
    }

    /** On a full disk nothing can be tidied up later: that takes a new log of the catalog. */
    @Test
    void withoutRoomForTheFirstMarkerNoNewFileStays() {
        FileStore store = ErasableTable.filled();
        Map<String, ByteBuffer> before = WrittenTable.segmentFiles(store);
        FaultyFileStore full = new FaultyFileStore(store);
        full.inject(Fault.on(StoreCall.is(StoreOperation.CREATE_DIRECTORY, "/expired"))
                .full()
                .sticky());
        assertThat(WrittenTable.maintain(full, ERASE).errors()).isNotEmpty();
        assertThat(WrittenTable.segmentFiles(store)).isEqualTo(before);
        maintain(store, ERASE);
        assertNoTrace(store);
    }

    @Test
    void filesWithoutSuchARecordAreNotTouched() {
        FileStore store = ErasableTable.filled();
        Map<String, ByteBuffer> before = WrittenTable.segmentFiles(store);
        RecordKeys unknown = RecordKeys.of(List.of("nobody".getBytes(StandardCharsets.UTF_8)));
        LifecycleStats stats = maintain(store, LifecycleRequest.erase(Erasure.of(unknown)));
        assertThat(stats.erasure()).isEqualTo(ErasureStats.NONE);
        assertThat(WrittenTable.segmentFiles(store)).isEqualTo(before);
    }

    @Test
    void onlyInThePartitionsThatAreAskedFor() {
        FileStore store = ErasableTable.filled();
        List<String> before = records(store);
        maintain(store, ERASE.where(PartitionFilter.exact("p", "even")));
        assertThat(records(store))
                .isEqualTo(before.stream()
                        .filter(record -> !record.contains(EVE) || !record.contains("p=even"))
                        .toList());
    }

    @Test
    void whatAnOpenWriterHoldsIsNamedAndErasedByALaterRun() {
        FileStore store = ErasableTable.created();
        try (Table table = WrittenTable.open(store);
                TableWriter writer = table.writer(ErasableTable.options("live"))) {
            ErasableTable.append(writer, 10);
            writer.commit();
            LifecycleStats stats = maintain(store, ERASE);
            assertThat(stats.erasure()).isEqualTo(new ErasureStats(0, 0, OF_TEN));
            assertThat(stats.skipped()).singleElement().asString().contains("open segment", "hot.roll.ms");
            writer.finish();
        }
        LifecycleStats stats = maintain(store, ERASE);
        assertThat(stats.skipped()).isEmpty();
        assertThat(stats.erasure().records()).isEqualTo(OF_TEN);
        assertNoTrace(store);
    }

    @Test
    void bytesThatWereSettledButNotDeletedYetAreNamed() {
        FileStore store = ErasableTable.created();
        try (Table table = WrittenTable.open(store);
                TableWriter writer = table.writer(ErasableTable.options("live"))) {
            ErasableTable.append(writer, 10);
            writer.commit();
            maintain(store, LifecycleRequest.settleAll());
            LifecycleStats stats = maintain(store, ERASE);
            assertThat(stats.erasure().records()).isEqualTo(OF_TEN);
            assertThat(stats.erasure().openRecords()).isEqualTo(OF_TEN);
            writer.finish();
        }
        maintain(store, ERASE);
        assertNoTrace(store);
    }

    @Test
    void whatAWriterLeftWithoutCommittingGoesToo() {
        FileStore store = ErasableTable.created();
        try (Table table = WrittenTable.open(store)) {
            try (TableWriter behindACommit = table.writer(ErasableTable.options("a"))) {
                ErasableTable.append(behindACommit, 2);
                behindACommit.commit();
                ErasableTable.append(behindACommit, 8);
            }
            try (TableWriter neverCommitted = table.writer(ErasableTable.options("b"))) {
                ErasableTable.append(neverCommitted, 10);
            }
        }
        assertThat(traces(store)).hasSize(2);
        LifecycleStats stats = maintain(store, ERASE);
        assertThat(stats.skipped()).isEmpty();
        assertThat(stats.erasure().records()).isZero();
        assertThat(records(store)).hasSize(2);
        assertNoTrace(store);
    }

    @Test
    void aFileOfWhichNothingIsLeftGoes() {
        FileStore store = ErasableTable.created();
        ErasableTable.write(store, "w");
        maintain(store, LifecycleRequest.compressAll());
        List<byte[]> everybody = new ArrayList<>();
        for (long sequence = 0; sequence < 5; sequence++) {
            everybody.add(ErasableTable.record(sequence).key());
        }
        LifecycleStats stats = maintain(store, LifecycleRequest.erase(Erasure.of(RecordKeys.of(everybody))));
        assertThat(stats.erasure().records()).isEqualTo(10);
        assertThat(records(store)).isEmpty();
        assertThat(WrittenTable.segmentFiles(store)).isEmpty();
        assertNoTrace(store);
    }

    @Test
    void positionsStayAndReadersGoOnAcrossWhatIsGone() {
        FileStore store = ErasableTable.filled();
        maintain(store, ERASE);
        ScanOptions fromErased = ScanOptions.builder()
                .writer("w")
                .fromSequences(Map.of("w", 13L))
                .build();
        assertThat(records(store, fromErased).get(0)).startsWith("w p=even 14 ");
        try (Table table = WrittenTable.open(store);
                TableWriter writer = table.writer(ErasableTable.options("w"))) {
            assertThat(writer.position()).isEqualTo(40);
            ErasableTable.append(writer, 1);
            writer.finish();
        }
        assertThat(records(store)).anyMatch(record -> record.startsWith("w p=even 40 "));
        maintain(store, LifecycleRequest.compressAll());
        maintain(store, LifecycleRequest.compact());
        assertNoTrace(store);
    }

    @ParameterizedTest
    @EnumSource
    void anOpenReaderGoesOn(ReadOrder order) {
        FileStore store = ErasableTable.filled();
        ScanOptions options = ScanOptions.builder().order(order).build();
        List<String> expected = records(store, options);
        List<String> seen = new ArrayList<>();
        try (Table table = WrittenTable.open(store);
                TableReader reader = table.reader(options)) {
            while (reader.next()) {
                seen.add(ErasableTable.describe(reader));
                if (seen.size() == 7) {
                    maintain(store, ERASE);
                }
            }
        }
        assertThat(seen).isSubsetOf(expected).doesNotHaveDuplicates();
        assertThat(withoutEve(seen)).isEqualTo(withoutEve(expected));
    }

    @Test
    void theMarkerNamesSequencesAndNoKeys() {
        FileStore store = ErasableTable.created();
        ErasableTable.write(store, "w");
        maintain(store, LifecycleRequest.compressAll());
        maintain(store, ERASE);
        String lane = LaneName.encode("w");
        try (Table table = WrittenTable.open(store)) {
            assertThat(ExpiryMarkers.read(table.layout()))
                    .containsExactlyInAnyOrder(
                            new ExpiredRange("p=odd", lane, 3, 3, 1), new ExpiredRange("p=even", lane, 8, 8, 1));
        }
        assertNoTrace(store);
    }

    @Test
    void aRebuildOfTheCatalogBringsNothingBack() {
        CrashFileStore store = ErasableTable.filled();
        maintain(store, ERASE);
        List<String> left = records(store);
        Map<String, ByteBuffer> before = WrittenTable.segmentFiles(store);
        LostCatalog.lose(store, new SplittableRandom(1));
        RebuildReport report = LostCatalog.rebuild(store);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        assertThat(records(store)).isEqualTo(left);
        assertThat(WrittenTable.segmentFiles(store)).isEqualTo(before);
        assertNoTrace(store);
    }

    @Test
    void rebuildsOfLanesAndCatalogBringNothingBack() {
        CrashFileStore store = ErasableTable.filled();
        maintain(store, ERASE);
        List<String> left = records(store);
        try (Table table = WrittenTable.open(store)) {
            for (String lane : store.list(table.layout().lanes())) {
                LostLogs.lose(store, table.layout().lane(lane), LostLogs.Loss.LOGS_AND_POSITION);
            }
        }
        LostCatalog.lose(store, new SplittableRandom(2));
        assertThat(LostLogs.rebuild(store).failures()).isEmpty();
        RebuildReport report = LostCatalog.rebuild(store);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        assertThat(records(store)).isEqualTo(left);
        assertNoTrace(store);
    }

    @Test
    void aDamagedFileIsReportedAndTheOthersAreErased() {
        FileStore store = ErasableTable.filled();
        SegmentEntry victim;
        try (Table table = WrittenTable.open(store)) {
            victim = table.contents().segments().iterator().next();
        }
        TableMaintainerTest.flip(store, WrittenTable.ROOT.resolve(victim.path()), 300);
        LifecycleStats stats = WrittenTable.maintain(store, ERASE);
        assertThat(stats.errors()).singleElement().asString().contains(victim.path());
        TableMaintainerTest.flip(store, WrittenTable.ROOT.resolve(victim.path()), 300);
        assertThat(traces(store))
                .containsExactly(WrittenTable.ROOT.resolve(victim.path()).toString());
        maintain(store, ERASE);
        assertNoTrace(store);
    }

    @Test
    void theLockOfAWriterThatTookOverIsNoFileOfAnybodys() {
        FileStore store = ErasableTable.created();
        WriterOptions takeOver = WriterOptions.named("w")
                .mapping(ErasableTable.MAPPING)
                .takeOver(true)
                .build();
        try (Table table = WrittenTable.open(store);
                TableWriter slow = table.writer(takeOver)) {
            assertThat(slow.position()).isZero();
            try (TableWriter next = table.writer(takeOver)) {
                ErasableTable.append(next, 10);
                next.finish();
            }
            assertThat(store.list(table.layout().lane(LaneName.encode("w")))).contains("lock", "lock-2");
            assertThat(TableOrphans.find(table).unknown()).isEmpty();
        }
        assertThat(maintain(store, ERASE).skipped()).isEmpty();
    }

    @Test
    void aFileThatNoLogNamesIsNamed() {
        FileStore store = ErasableTable.created();
        store.createExclusively(WrittenTable.ROOT.resolve("00000000000000000099-00000001.q"))
                .orElseThrow()
                .close();
        assertThat(maintain(store, ERASE).skipped())
                .singleElement()
                .asString()
                .contains("00000000000000000099-00000001.q", "was not looked at");
    }

    @Test
    void thereMustBeKeys() {
        assertThatThrownBy(() -> RecordKeys.of(List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("found 0");
        assertThat(RecordKeys.of(List.of(new byte[0], new byte[0])).count()).isEqualTo(1);
        assertThat(KEYS.toString()).isEqualTo("1 keys");
    }
}
