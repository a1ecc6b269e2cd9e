package io.firn.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.StoreFile;
import io.firn.log.TableLayout;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTrackerTest {
    private static final String FILE = "dt=2001-01-01/a.q";
    private static final String OTHER = "dt=2001-01-02/b.q";
    private static final long START_MS = 1_000_000_000;

    private final AtomicLong nowMs = new AtomicLong(START_MS);
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs.get());
    private final InMemoryFileStore store = new InMemoryFileStore();

    @Test
    void anotherProcessSeesWhatWasFlushed() {
        TableLayout layout = layout(store, Path.of("/t"));
        AccessTracker tracker = new AccessTracker(layout, clock);
        tracker.record(FILE);
        assertThat(tracker.lastAccess(FILE)).contains(clock.instant());
        AccessTracker elsewhere = new AccessTracker(layout, clock);
        assertThat(elsewhere.lastAccess(FILE)).isEmpty();
        tracker.flush();
        assertThat(elsewhere.lastAccess(FILE)).contains(clock.instant());
        assertThat(elsewhere.lastAccess(OTHER)).isEmpty();
        assertThat(store.list(Path.of("/t/dt=2001-01-01"))).containsExactly(".access_log");
        assertThat(store.list(Path.of("/t/dt=2001-01-02"))).isEmpty();
    }

    @Test
    void aFileIsRecordedOnceAMinuteHoweverOftenItIsOpened() {
        FaultyFileStore counted = new FaultyFileStore(store);
        TableLayout layout = layout(counted, Path.of("/t"));
        Fault renames =
                counted.inject(Fault.on(StoreCall.is(StoreOperation.RENAME)).nth(Long.MAX_VALUE));
        AccessTracker tracker = new AccessTracker(layout, clock);
        for (int i = 0; i < 1_000; i++) {
            tracker.record(FILE);
            tracker.flush();
            nowMs.addAndGet(59);
        }
        assertThat(new AccessLogs(layout).of(FILE)).isEqualTo(new Access(START_MS, 1));
        assertThat(renames.matchedCalls()).isEqualTo(1);
        nowMs.set(START_MS + 60_000);
        tracker.record(FILE);
        tracker.flush();
        assertThat(new AccessLogs(layout).of(FILE)).isEqualTo(new Access(START_MS + 60_000, 2));
    }

    @Test
    void aLongReadWritesEveryTenSeconds() {
        TableLayout layout = layout(store, Path.of("/t"));
        AccessTracker tracker = new AccessTracker(layout, clock);
        tracker.record(FILE);
        nowMs.addAndGet(9_999);
        tracker.tick();
        assertThat(new AccessLogs(layout).of(FILE).count()).isZero();
        nowMs.addAndGet(1);
        tracker.record(OTHER);
        assertThat(new AccessLogs(layout).of(FILE)).isEqualTo(new Access(START_MS, 1));
        assertThat(new AccessLogs(layout).of(OTHER)).isEqualTo(new Access(START_MS + 10_000, 1));
        nowMs.addAndGet(60_000);
        tracker.record(FILE);
        nowMs.addAndGet(10_000);
        tracker.tick();
        assertThat(new AccessLogs(layout).of(FILE).count()).isEqualTo(2);
    }

    @Test
    void twoTrackersAddUpAndTheLaterTimeCounts() {
        TableLayout layout = layout(store, Path.of("/t"));
        AccessTracker early = new AccessTracker(layout, clock);
        AccessTracker late = new AccessTracker(layout, clock);
        early.record(FILE);
        nowMs.addAndGet(5_000);
        late.record(FILE);
        late.flush();
        early.record(OTHER);
        early.flush();
        assertThat(new AccessLogs(layout).of(FILE)).isEqualTo(new Access(START_MS + 5_000, 2));
        assertThat(new AccessLogs(layout).of(OTHER)).isEqualTo(new Access(START_MS + 5_000, 1));
    }

    @Test
    void manyWritersAtOnceLoseNothing(@TempDir Path directory) throws Exception {
        FileStore files = LocalFileStore.open(IoMode.AUTO);
        TableLayout layout = layout(files, directory.resolve("t"));
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<?>> parts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int own = i;
            parts.add(pool.submit(() -> {
                for (int round = 0; round < 25; round++) {
                    AccessTracker tracker = new AccessTracker(layout, InstantSource.system());
                    tracker.record(FILE);
                    tracker.record("dt=2001-01-02/" + own + "-" + round + ".q");
                    tracker.flush();
                }
            }));
        }
        for (Future<?> part : parts) {
            part.get();
        }
        pool.shutdown();
        AccessLogs logs = new AccessLogs(layout);
        assertThat(logs.of(FILE).count()).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            assertThat(logs.of("dt=2001-01-02/" + i % 4 + "-" + i / 4 + ".q").count())
                    .isEqualTo(1);
        }
    }

    @Test
    void nothingFailsWhereNothingCanBeWrittenAndItIsWrittenLater() {
        FaultyFileStore faulty = new FaultyFileStore(store);
        TableLayout layout = layout(faulty, Path.of("/t"));
        AccessTracker tracker = new AccessTracker(layout, clock);
        Fault readOnly =
                faulty.inject(Fault.on(StoreCall.is(StoreOperation.LOCK)).nth(1));
        tracker.record(FILE);
        tracker.flush();
        assertThat(readOnly.happened()).isTrue();
        assertThat(tracker.lastAccess(FILE)).contains(clock.instant());
        tracker.flush();
        assertThat(readOnly.matchedCalls()).as("no new try within a minute").isEqualTo(1);
        nowMs.addAndGet(60_000);
        tracker.flush();
        assertThat(new AccessLogs(layout).of(FILE)).isEqualTo(new Access(START_MS, 1));
    }

    @Test
    void aDamagedLogIsReadAsFarAsItGoesAndMadeWholeByTheNextFlush() {
        TableLayout layout = layout(store, Path.of("/t"));
        AccessTracker tracker = new AccessTracker(layout, clock);
        tracker.record(FILE);
        tracker.record("dt=2001-01-01/c.q");
        tracker.flush();
        Path log = Path.of("/t/dt=2001-01-01/.access_log");
        try (StoreFile file = store.openWrite(log)) {
            file.write(ByteBuffer.wrap("garbage".getBytes(StandardCharsets.UTF_8)), file.sizeBytes() - 7);
        }
        assertThat(new AccessLogs(layout).of(FILE).count()).isEqualTo(1);
        assertThat(new AccessLogs(layout).of("dt=2001-01-01/c.q").count()).isZero();
        nowMs.addAndGet(60_000);
        tracker.record("dt=2001-01-01/c.q");
        tracker.flush();
        assertThat(new AccessLogs(layout).of(FILE).count()).isEqualTo(1);
        assertThat(new AccessLogs(layout).of("dt=2001-01-01/c.q").count()).isEqualTo(1);
    }

    @Test
    void aPartitionThatIsGoneAndMixedHotSegmentsAreNotRecorded() {
        TableLayout layout = layout(store, Path.of("/t"));
        AccessTracker tracker = new AccessTracker(layout, clock);
        tracker.record("dt=1999-01-01/a.q");
        tracker.record("_table/hot/x.q");
        tracker.flush();
        assertThat(store.exists(Path.of("/t/dt=1999-01-01"))).isFalse();
        assertThat(store.list(Path.of("/t/_table"))).containsExactly("access.lock");
    }

    @Test
    void linesOfFilesThatAreGoneDoNotPileUp() {
        TableLayout layout = layout(store, Path.of("/t"));
        Path present = Path.of("/t", FILE);
        store.createExclusively(present).orElseThrow().close();
        AccessTracker tracker = new AccessTracker(layout, clock);
        tracker.record(FILE);
        for (int i = 0; i < 1_500; i++) {
            tracker.record("dt=2001-01-01/gone" + i + ".q");
        }
        tracker.flush();
        assertThat(new AccessLogs(layout).of(FILE).count()).isEqualTo(1);
        assertThat(store.info(Path.of("/t/dt=2001-01-01/.access_log")).sizeBytes())
                .isLessThan(100);
    }

    @Test
    void aPowerLossInAFlushLeavesTheOldLogOrTheNewOneOrNoneAndTheNextFlushGoesOn() {
        int crashes = 0;
        for (long operation = 1; crashAt(operation); operation++) {
            crashes++;
        }
        assertThat(crashes).isGreaterThan(4);
    }

    /** Returns false when the flushes have fewer operations. */
    private boolean crashAt(long operation) {
        CrashFileStore machine = new CrashFileStore(1 << 16, clock);
        TableLayout layout = layout(machine, Path.of("/t"));
        layout.createDirectories(List.of(layout.tableDirectory(), layout.resolve("dt=2001-01-01")));
        machine.forceDirectory(Path.of("/"));
        machine.crashAt(operation);
        boolean crashed = false;
        try {
            for (int i = 0; i < 2; i++) {
                AccessTracker tracker = new AccessTracker(layout, clock);
                tracker.record(FILE);
                tracker.flush();
            }
        } catch (SimulatedCrash | ClosedException powerFailed) {
            crashed = true;
        }
        CrashFileStore restarted = machine.crash(new SplittableRandom(operation));
        TableLayout after = new TableLayout(restarted, Path.of("/t"), layout.tableId());
        long before = new AccessLogs(after).of(FILE).count();
        assertThat(before).isBetween(0L, 2L);
        AccessTracker.clearLeftover(after);
        assertThat(restarted.list(after.tableDirectory())).doesNotContain("access.tmp");
        AccessTracker tracker = new AccessTracker(after, clock);
        tracker.record(FILE);
        tracker.flush();
        assertThat(new AccessLogs(after).of(FILE).count()).isEqualTo(before + 1);
        return crashed;
    }

    @Test
    void refusesANegativeCount() {
        assertThatThrownBy(() -> new Access(1, -1)).hasMessageContaining("-1");
    }

    private static TableLayout layout(FileStore files, Path root) {
        files.createDirectory(root);
        TableLayout layout = new TableLayout(files, root, new UUID(1, 2));
        layout.createDirectories(
                List.of(layout.tableDirectory(), layout.resolve("dt=2001-01-01"), layout.resolve("dt=2001-01-02")));
        return layout;
    }
}
