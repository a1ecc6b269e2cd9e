package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.fs.FileStore;
import io.firn.fs.PoliteLock;
import io.firn.fs.StoreFile;
import io.firn.log.Catalog;
import io.firn.log.CatalogLog;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneName;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.Removal;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionFilter;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.OwnThread;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TableMaintainerTest {
    private final InMemoryFileStore store = new InMemoryFileStore();
    private final TableLayout layout = TestTables.create(store);

    @Test
    void settlesCompressesAndDecompresses() {
        Map<String, Map<Long, String>> written = write();
        LifecycleStats settled = TestTables.run(layout, LifecycleRequest.settleAll());
        assertThat(settled.errors()).isEmpty();
        assertThat(settled.settledRecords()).isEqualTo(600);
        assertThat(settled.settledSegments()).isEqualTo(5);
        assertVisible(written, false, 5);

        LifecycleStats compressed = TestTables.run(layout, LifecycleRequest.compressAll());
        assertThat(compressed.errors()).isEmpty();
        assertThat(compressed.compressedSegments()).isEqualTo(5);
        assertThat(compressed.bytesBefore()).isEqualTo(settled.bytesAfter());
        assertThat(compressed.bytesAfter()).isLessThan(compressed.bytesBefore());
        assertVisible(written, true, 5);

        LifecycleStats decompressed = TestTables.run(layout, LifecycleRequest.decompressAll());
        assertThat(decompressed.errors()).isEmpty();
        assertThat(decompressed.decompressedSegments()).isEqualTo(5);
        assertThat(decompressed.bytesAfter()).isEqualTo(settled.bytesAfter());
        assertVisible(written, false, 5);
    }

    @Test
    void compressAllSettlesInTheSamePassAndLeavesNothingHot() {
        Map<String, Map<Long, String>> written = write();
        LifecycleStats stats = TestTables.run(layout, LifecycleRequest.compressAll());
        assertThat(stats.errors()).isEmpty();
        assertThat(stats.settledSegments()).isEqualTo(5);
        assertThat(stats.compressedSegments()).isZero();
        assertVisible(written, true, 5);
        assertThat(store.list(layout.hot())).isEmpty();
        assertThat(stats.bytesAfter()).isEqualTo(sizeOfFiles());
    }

    @Test
    void endsTheSegmentsOfWritersThatAreGone() {
        try (LaneFeed dead = LaneFeed.open(layout, "dead", TestTables.CLOCK)) {
            dead.append("p=1");
            dead.commit();
        }
        assertThat(store.list(layout.hot())).hasSize(1);
        TestTables.run(layout, LifecycleRequest.settleAll());
        assertThat(store.list(layout.hot())).isEmpty();
        assertThat(VisibleRecords.of(layout).lanes()).hasSize(1);
    }

    @Test
    void doesOnlyWhatIsAskedFor() {
        write();
        PartitionFilter one = PartitionFilter.exact("p", "1");
        LifecycleStats stats =
                TestTables.run(layout, LifecycleRequest.compressAll().where(one));
        assertThat(stats.settledRecords()).isEqualTo(120);
        List<SegmentEntry> entries = VisibleRecords.of(layout).entries();
        assertThat(entries).extracting(SegmentEntry::partitionPath).containsExactly("p=1");
        assertThat(entries.get(0).cold()).isTrue();
    }

    @Test
    void doesNothingWhenNothingIsDue() {
        write();
        LifecycleStats stats = TestTables.run(layout, LifecycleRequest.due());
        assertThat(stats.isIdle()).isTrue();
        assertThat(VisibleRecords.of(layout).entries()).isEmpty();
    }

    @Test
    void settlesAndCompressesWhatIsDue() {
        Map<String, Map<Long, String>> written = write();
        try (TableMaintainer maintainer = new TableMaintainer(TestTables.context(layout), TestTables.rules(true))) {
            assertThat(maintainer.run(LifecycleRequest.due()).settledSegments()).isEqualTo(5);
            assertThat(maintainer.run(LifecycleRequest.due()).isIdle()).isTrue();
        }
        assertVisible(written, true, 5);
    }

    @Test
    void aSecondMaintainerSkipsWhileOneIsAtWork() {
        write();
        try (PoliteLock first = Catalog.tryLock(layout).orElseThrow()) {
            LifecycleStats stats = TestTables.run(layout, LifecycleRequest.settleAll());
            assertThat(stats.isIdle()).isTrue();
            assertThat(stats.skipped()).singleElement().asString().contains("another maintainer");
            assertThat(first).isNotNull();
        }
    }

    @Test
    void goesOnWhenSomebodyElseOpenedTheCatalogBetweenTwoRuns() {
        Map<String, Map<Long, String>> written = write();
        try (TableMaintainer maintainer = TestTables.maintainer(layout)) {
            maintainer.run(LifecycleRequest.settleAll());
            CatalogLog.open(layout, TestTables.CLOCK).close();
            assertThat(maintainer.run(LifecycleRequest.compressAll()).errors()).isEmpty();
        }
        assertVisible(written, true, 5);
    }

    @Test
    void goesPastADamagedHotSegment() {
        write();
        Path damaged = layout.hot().resolve(store.list(layout.hot()).get(0));
        flip(store, damaged, 300);
        LifecycleStats stats = TestTables.run(layout, LifecycleRequest.settleAll());
        assertThat(stats.errors())
                .isNotEmpty()
                .allSatisfy(error -> assertThat(error).contains(damaged.toString()));
        assertThat(stats.settledRecords()).isEqualTo(450);
        assertThat(store.exists(damaged)).isTrue();
    }

    @Test
    void aDamagedSegmentDoesNotKeepWhatWasCommittedMeanwhile() {
        write();
        Path damaged = layout.hot().resolve(store.list(layout.hot()).get(0));
        flip(store, damaged, 300);
        ForwardingFileStore watched = new ForwardingFileStore(store);
        // The run has looked at the lanes, and is about to begin its first file.
        watched.runBeforeOnce(
                call -> call.operation() == StoreOperation.CREATE && call.path().startsWith(layout.temporary()),
                () -> write("c"));
        LifecycleStats stats = TestTables.run(layout.through(watched), LifecycleRequest.settleAll());
        assertThat(stats.settledRecords()).isEqualTo(450 + 300);
    }

    @Test
    void aDamagedLaneKeepsItsRemovalsAndStopsNobodyElse() {
        Map<String, Map<Long, String>> written = write();
        TestTables.run(layout, LifecycleRequest.settleAll());
        List<Removal> before = List.copyOf(Catalog.read(layout).state().removals());
        write("a");
        Path damaged = layout.lane(LaneName.encode("b")).resolve("00000000000000000001.log");
        flip(store, damaged, 200);
        for (int run = 0; run < 3; run++) {
            LifecycleStats stats = TestTables.run(layout, LifecycleRequest.settleAll());
            assertThat(stats.errors()).singleElement().asString().contains(damaged.toString());
            assertThat(stats.settledRecords()).isEqualTo(run == 0 ? 300 : 0);
        }
        assertThat(Catalog.read(layout).state().removals()).containsAll(ofLane("b", before));
        assertThat(layout.catalog())
                .satisfies(catalog -> assertThat(store.list(catalog))
                        .as("a log with a base, and the lock")
                        .hasSize(3));
        flip(store, damaged, 200);
        assertThat(VisibleRecords.of(layout).lanes().get(LaneName.encode("b")))
                .isEqualTo(written.get(LaneName.encode("b")));
    }

    @Test
    void aLaneWhoseLogIsLostKeepsItsRemovalsUntilItIsBack() {
        Map<String, Map<Long, String>> written = write();
        TestTables.run(layout, LifecycleRequest.settleAll());
        Path lost = layout.lane(LaneName.encode("b"));
        Path away = Path.of("/lost");
        store.rename(lost, away);
        TestTables.run(layout, LifecycleRequest.compressAll());
        store.rename(away, lost);
        assertThat(VisibleRecords.of(layout).lanes()).isEqualTo(written);
    }

    private static List<Removal> ofLane(String name, List<Removal> removals) {
        List<Removal> found = removals.stream()
                .filter(removal -> removal.path().contains("/" + LaneName.encode(name)))
                .toList();
        assertThat(found).isNotEmpty();
        return found;
    }

    @Test
    void twoIdleMaintainersLeaveTheCatalogAlone() {
        ForwardingFileStore watched = new ForwardingFileStore(store);
        try (TableMaintainer one = TestTables.maintainer(layout.through(watched));
                TableMaintainer other = TestTables.maintainer(layout.through(watched))) {
            write();
            one.run(LifecycleRequest.settleAll());
            other.run(LifecycleRequest.compressAll());
            AtomicInteger changes = new AtomicInteger();
            watched.runBefore(StoreCall.isMutating(), changes::incrementAndGet);
            for (int run = 0; run < 3; run++) {
                assertThat(one.run(LifecycleRequest.due()).isIdle()).isTrue();
                assertThat(other.run(LifecycleRequest.due()).isIdle()).isTrue();
            }
            assertThat(changes).hasValue(0);
            assertThat(store.list(layout.temporary())).isEmpty();
            assertThat(other.run(LifecycleRequest.decompressAll()).decompressedSegments())
                    .as("it goes on with the catalog that it has open")
                    .isEqualTo(5);
            assertThat(one.run(LifecycleRequest.compressAll()).compressedSegments())
                    .isEqualTo(5);
        }
    }

    @Test
    void whoEndsASegmentInItsWritersPlaceKeepsWhatTheWriterSaysOfItself() {
        try (LaneFeed feed = LaneFeed.open(layout, "a", TestTables.CLOCK)) {
            feed.append("p=1");
            feed.commit();
        }
        Lanes lanes = new Lanes(layout, TestTables.CLOCK);
        LaneSnapshot seen = lanes.read(LaneName.encode("a")).orElseThrow();
        LaneIdentity later = new LaneIdentity("a", Map.of("topic", "flights"));
        LaneFeed.open(layout, later, TestTables.CLOCK).close();
        DeadLanes dead = new DeadLanes(layout, TestTables.CLOCK);
        assertThat(dead.takeOver(List.of(seen), new LifecycleReport())).containsExactly("a");
        assertThat(lanes.read(seen.lane()).orElseThrow().identity()).isEqualTo(later);
    }

    /** Whoever closes it waits no longer than it likes to. */
    @Test
    void aRunThatNobodyWaitsForClosesWhatItHasOpen() {
        write();
        ForwardingFileStore watched = new ForwardingFileStore(store);
        TableMaintainer maintainer = TestTables.maintainer(layout.through(watched));
        watched.runBeforeOnce(
                call -> call.operation() == StoreOperation.CREATE && call.path().startsWith(layout.temporary()),
                () -> OwnThread.run(maintainer::closeWithoutWaiting).join());
        maintainer.run(LifecycleRequest.settleAll());
        assertThatThrownBy(() -> maintainer.run(LifecycleRequest.settleAll())).hasMessageContaining("is closed");
        assertThat(store.list(layout.temporary())).isEmpty();
    }

    @Test
    void goesPastADamagedFileOfThePartition() {
        Map<String, Map<Long, String>> written = write();
        TestTables.run(layout, LifecycleRequest.settleAll());
        SegmentEntry victim = VisibleRecords.of(layout).entries().get(2);
        flip(store, layout.resolve(victim.path()), 500);
        LifecycleStats stats = TestTables.run(layout, LifecycleRequest.compressAll());
        assertThat(stats.errors()).singleElement().asString().contains(victim.path());
        assertThat(stats.compressedSegments()).isEqualTo(4);
        flip(store, layout.resolve(victim.path()), 500);
        assertThat(VisibleRecords.of(layout).lanes()).isEqualTo(written);
    }

    @Test
    void skipsARewriteThatWouldFillTheDisk() {
        write();
        RewriteContext roomy = TestTables.context(layout);
        RewriteContext full = new RewriteContext(
                layout, roomy.access(), roomy.clock(), roomy.forcer(), roomy.stop(), 4, Long.MAX_VALUE);
        try (TableMaintainer maintainer = new TableMaintainer(full, TestTables.rules(false))) {
            LifecycleStats stats = maintainer.run(LifecycleRequest.settleAll());
            assertThat(stats.errors()).singleElement().asString().contains("disk.min.free.bytes");
        }
        assertThat(VisibleRecords.of(layout).hotRecords()).isEqualTo(600);
    }

    @Test
    void forgetsRemovalsOnceTheLaneHasDroppedTheSegment() {
        write();
        TestTables.run(layout, LifecycleRequest.settleAll());
        assertThat(Catalog.read(layout).state().removals()).isNotEmpty();
        LaneFeed.open(layout, "a", TestTables.CLOCK).close();
        LaneFeed.open(layout, "b", TestTables.CLOCK).close();
        TestTables.run(layout, LifecycleRequest.compressAll());
        assertThat(Catalog.read(layout).state().removals()).isEmpty();
    }

    private Map<String, Map<Long, String>> write() {
        write("a", "b");
        return VisibleRecords.of(layout).lanes();
    }

    private void write(String... names) {
        for (String name : names) {
            try (LaneFeed feed = LaneFeed.open(layout, name, TestTables.CLOCK)) {
                for (int i = 0; i < 300; i++) {
                    feed.append("p=" + i % 5);
                    if (i == 149) {
                        feed.commit();
                        feed.roll();
                    }
                }
                feed.roll();
                feed.commit();
            }
        }
    }

    private void assertVisible(Map<String, Map<Long, String>> written, boolean cold, int segments) {
        VisibleRecords visible = VisibleRecords.of(layout);
        assertThat(visible.lanes()).isEqualTo(written);
        assertThat(visible.hotRecords()).isZero();
        assertThat(visible.entries()).hasSize(segments).allSatisfy(entry -> {
            assertThat(entry.cold()).isEqualTo(cold);
            assertThat(entry.path()).endsWith(cold ? ".q.zst" : ".q");
        });
        for (int i = 0; i < 5; i++) {
            assertThat(store.list(layout.resolve("p=" + i))).hasSize(1);
        }
        assertThat(store.list(layout.temporary())).isEmpty();
    }

    private long sizeOfFiles() {
        return VisibleRecords.of(layout).entries().stream()
                .mapToLong(SegmentEntry::sizeBytes)
                .sum();
    }

    static void flip(FileStore files, Path path, long offset) {
        try (StoreFile file = files.openWrite(path)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, offset);
            file.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 4)}), offset);
        }
    }
}
