package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.log.CatalogChange;
import io.firn.log.CatalogLog;
import io.firn.log.KnownLogs;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Which files planning touches: counted, not timed. */
class PlanningCostTest {
    private final List<StoreCall> calls = new CopyOnWriteArrayList<>();
    private final FileStore store = new ForwardingFileStore(new InMemoryFileStore()) {
        @Override
        protected void before(StoreCall call) {
            calls.add(call);
        }
    };
    private final TableLayout layout = TestTables.create(store);

    @Test
    void aRunInWhichNothingIsDueTouchesNoSettledFile() {
        settle(3, 20);
        assertThat(settledFiles()).isEqualTo(60);
        try (TableMaintainer maintainer = TestTables.maintainer(layout)) {
            calls.clear();
            assertThat(maintainer.run(LifecycleRequest.due()).isIdle()).isTrue();
            assertThat(calls).noneMatch(PlanningCostTest::isOnSettledFile);
            assertThat(calls).anyMatch(StoreCall.is(StoreOperation.OPEN_READ, ".log"));
        }
    }

    @Test
    void itsCostDoesNotGrowWithTheNumberOfFiles() {
        settle(1, 2);
        int few = callsOfARun();
        settle(4, 25);
        assertThat(settledFiles()).isEqualTo(102);
        assertThat(callsOfARun()).isEqualTo(few);
    }

    @Test
    void whatDidNotChangeIsNeitherReadNorForcedAgain() {
        settle(1, 5);
        try (LaneFeed feed = LaneFeed.open(layout, "hot", TestTables.CLOCK);
                TableMaintainer maintainer = TestTables.maintainer(layout)) {
            for (int segment = 0; segment < 8; segment++) {
                feed.append("p=1");
                feed.roll();
                feed.commit();
            }
            calls.clear();
            maintainer.run(LifecycleRequest.due());
            assertThat(calls.stream().filter(StoreCall.is(StoreOperation.OPEN_READ, ".q")))
                    .as("each hot segment is looked into once")
                    .hasSize(8);
            calls.clear();
            maintainer.run(LifecycleRequest.due());
            assertThat(calls).noneMatch(PlanningCostTest::isOnSegment);
            assertThat(calls)
                    .extracting(StoreCall::operation)
                    .doesNotContain(
                            StoreOperation.OPEN_READ,
                            StoreOperation.READ,
                            StoreOperation.FORCE,
                            StoreOperation.FORCE_DIRECTORY);

            feed.append("p=2");
            feed.roll();
            feed.commit();
            calls.clear();
            maintainer.run(LifecycleRequest.due());
            assertThat(calls.stream().filter(StoreCall.is(StoreOperation.OPEN_READ, ".q")))
                    .as("only the new one")
                    .hasSize(1);
        }
    }

    @Test
    void aPlanOfACatalogThatChangedIsNotActedOn() {
        settle(1, 2);
        CatalogSession session = session();
        SegmentEntry first = session.state().segments().iterator().next();
        try (CatalogLog other = CatalogLog.open(layout, TestTables.CLOCK)) {
            other.commit(new CatalogChange(List.of(), List.of(first.path()), List.of()));
        }
        assertThatThrownBy(session::log).isInstanceOf(WriterFencedException.class);
        assertThat(session.state().segments()).hasSize(1);
        assertThat(session.log().state().segments()).hasSize(1);

        session.state();
        CatalogLog.open(layout, TestTables.CLOCK).close();
        assertThatThrownBy(session::log).isInstanceOf(WriterFencedException.class);
        session.close();
    }

    @Test
    void aChangeOfTheCatalogIsSeenByTheNextRun() {
        settle(1, 2);
        try (CatalogSession session = session()) {
            assertThat(session.state()).isSameAs(session.state());
            settle(1, 3);
            assertThat(session.state().segments()).as("of the same run").hasSize(2);
            session.begin();
            assertThat(session.state().segments()).hasSize(5);
        }
    }

    @Test
    void aRunLooksAtTheCatalogAndAtEachLaneOnce() {
        settle(1, 5);
        try (LaneFeed feed = LaneFeed.open(layout, "hot", TestTables.CLOCK);
                TableMaintainer maintainer = TestTables.maintainer(layout)) {
            feed.append("p=1");
            feed.commit();
            maintainer.run(LifecycleRequest.due());
            calls.clear();
            maintainer.run(LifecycleRequest.due());
            assertThat(calls.stream().filter(StoreCall.is(StoreOperation.LIST, "/catalog")))
                    .hasSize(1);
            assertThat(calls.stream().filter(StoreCall.is(StoreOperation.LIST, "/lanes")))
                    .hasSize(1);
        }
    }

    private CatalogSession session() {
        KnownLogs logs = KnownLogs.ofMaintainer(layout, TestTables.CLOCK);
        return new CatalogSession(layout, TestTables.CLOCK, logs, new LaneViews(layout, logs));
    }

    /** Settles some times one record of each of so many partitions. */
    private void settle(int times, int partitions) {
        for (int i = 0; i < times; i++) {
            try (LaneFeed feed = LaneFeed.open(layout, "main", TestTables.CLOCK)) {
                for (int partition = 0; partition < partitions; partition++) {
                    feed.append("p=" + partition);
                }
                feed.roll();
                feed.commit();
            }
            assertThat(TestTables.run(layout, LifecycleRequest.settleAll()).errors())
                    .isEmpty();
        }
    }

    private int settledFiles() {
        return VisibleRecords.of(layout).entries().size();
    }

    private int callsOfARun() {
        try (TableMaintainer maintainer = TestTables.maintainer(layout)) {
            calls.clear();
            maintainer.run(LifecycleRequest.due());
            return calls.size();
        }
    }

    private static boolean isOnSettledFile(StoreCall call) {
        return isOnSegment(call) && !call.path().toString().contains("/_table/");
    }

    private static boolean isOnSegment(StoreCall call) {
        String path = call.path().toString();
        return path.endsWith(".q") || path.endsWith(".q.zst");
    }
}
