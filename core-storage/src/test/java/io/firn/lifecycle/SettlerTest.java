package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.log.Catalog;
import io.firn.log.CatalogLog;
import io.firn.log.CatalogState;
import io.firn.log.HotInput;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.segment.SegmentOptions;
import io.firn.testing.InMemoryFileStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettlerTest {
    private final InMemoryFileStore store = new InMemoryFileStore();
    private final TableLayout layout = TestTables.create(store);

    @Test
    void bringsEveryRecordOfAllLanesIntoOneFilePerPartition() {
        for (String name : List.of("a", "b", "c")) {
            write(name, 500, 7);
        }
        Map<String, Map<Long, String>> before = VisibleRecords.of(layout).lanes();
        settleAll(4);
        VisibleRecords after = VisibleRecords.of(layout);
        assertThat(after.lanes()).isEqualTo(before);
        assertThat(after.hotRecords()).isZero();
        assertThat(after.entries()).hasSize(7);
        assertThat(after.entries())
                .allSatisfy(entry -> assertThat(entry.lanes()).hasSize(3));
        assertThat(store.list(layout.hot())).isEmpty();
        assertThat(store.list(layout.temporary())).isEmpty();
    }

    @Test
    void distributesMorePartitionsThanItMayOpenFiles() {
        write("a", 1_000, 100);
        write("b", 1_000, 100);
        settleAll(3);
        VisibleRecords after = VisibleRecords.of(layout);
        assertThat(after.entries()).hasSize(100);
        assertThat(after.lanes().values().stream().mapToInt(Map::size).sum()).isEqualTo(2_000);
        assertThat(store.list(layout.temporary())).isEmpty();
    }

    @Test
    void statisticsAreThoseOfTheFiles() {
        write("a", 300, 3);
        settleAll(4);
        for (SegmentEntry entry : VisibleRecords.of(layout).entries()) {
            assertThat(entry.records()).isEqualTo(100);
            assertThat(entry.rawBytes()).isEqualTo(entry.sizeBytes());
            assertThat(entry.minTimestampNs()).isBetween(1_000_000_000L, 1_010_000_000L);
            assertThat(entry.maxTimestampNs()).isBetween(1_290_000_000L, 1_299_000_000L);
            assertThat(entry.lanes().get(0).records()).isEqualTo(100);
            assertThat(entry.createdMs()).isEqualTo(1_000_000);
        }
    }

    @Test
    void chosenPartitionsLeaveTheOthersHot() {
        write("a", 300, 3);
        Map<String, Map<Long, String>> before = VisibleRecords.of(layout).lanes();
        settle(4, List.of("p=1"));
        VisibleRecords after = VisibleRecords.of(layout);
        assertThat(after.lanes()).isEqualTo(before);
        assertThat(after.hotRecords()).isEqualTo(200);
        assertThat(store.list(layout.hot())).isNotEmpty();
        settleAll(4);
        assertThat(VisibleRecords.of(layout).lanes()).isEqualTo(before);
        assertThat(store.list(layout.hot())).isEmpty();
    }

    @Test
    void laterCommitsToAnOpenSegmentStayVisible() {
        try (LaneFeed feed = LaneFeed.open(layout, "a", TestTables.CLOCK)) {
            appendAndCommit(feed, 100, 3);
            settleAll(4);
            assertThat(VisibleRecords.of(layout).hotRecords()).isZero();
            assertThat(store.list(layout.hot())).hasSize(1);
            appendAndCommit(feed, 50, 5);
            VisibleRecords after = VisibleRecords.of(layout);
            assertThat(after.hotRecords()).isEqualTo(50);
            assertThat(after.lanes().get(feed.lane())).hasSize(150);
            settleAll(4);
            assertThat(VisibleRecords.of(layout).lanes().get(feed.lane())).hasSize(150);
            feed.roll();
            appendAndCommit(feed, 1, 1);
            settleAll(4);
            assertThat(VisibleRecords.of(layout).lanes().get(feed.lane())).hasSize(151);
            assertThat(store.list(layout.hot())).hasSize(1);
        }
    }

    @Test
    void uncommittedRecordsAreNotSettled() {
        try (LaneFeed feed = LaneFeed.open(layout, "a", TestTables.CLOCK)) {
            appendAndCommit(feed, 10, 2);
            feed.append("p=0");
            settleAll(4);
            assertThat(VisibleRecords.of(layout).lanes().get(feed.lane())).hasSize(10);
        }
    }

    @Test
    void splitsAPartitionThatIsLargerThanASegment() {
        try (LaneFeed feed = LaneFeed.open(layout, "a", TestTables.CLOCK)) {
            String large = "x".repeat(10_000);
            for (int i = 0; i < 20; i++) {
                feed.append("p=0", large + i);
            }
            feed.commit();
        }
        settle(4, List.of("p=0"), 64 << 10);
        VisibleRecords after = VisibleRecords.of(layout);
        assertThat(after.entries()).hasSize(4);
        assertThat(after.lanes().values().iterator().next()).hasSize(20);
    }

    private void write(String name, int records, int partitions) {
        try (LaneFeed feed = LaneFeed.open(layout, name, TestTables.CLOCK)) {
            appendAndCommit(feed, records / 2, partitions);
            feed.roll();
            appendAndCommit(feed, records - records / 2, partitions);
            feed.roll();
            feed.commit();
        }
    }

    private static void appendAndCommit(LaneFeed feed, int records, int partitions) {
        for (int i = 0; i < records; i++) {
            feed.append("p=" + (i * 7919 % partitions));
        }
        feed.commit();
    }

    private void settleAll(int fanOut) {
        settle(fanOut, List.of());
    }

    private void settle(int fanOut, List<String> partitions) {
        settle(fanOut, partitions, 1 << 20);
    }

    /** Settles some partitions, or all. */
    private void settle(int fanOut, List<String> partitions, int segmentSizeBytes) {
        RewriteContext context = TestTables.context(layout, fanOut);
        try (CatalogLog catalog = CatalogLog.open(layout, TestTables.CLOCK)) {
            CatalogState state = catalog.state();
            List<LaneSnapshot> lanes = new Lanes(layout, TestTables.CLOCK).readAll();
            LifecycleReport report = new LifecycleReport();
            HotInventory inventory =
                    HotInventory.of(context, HotInput.of(state, lanes, HotInput::isMixed), new SealedFooters(), report);
            SettlePlan plan = new SettleSelection(inventory)
                    .choose(path -> partitions.isEmpty() || partitions.contains(path))
                    .plan();
            SettleResult result = new Settler(context, catalog)
                    .settle(
                            plan,
                            new SegmentOptions(segmentSizeBytes, 10, LaneFeed.OPTIONS.reserver()),
                            Optional.empty());
            assertThat(result.sizeBytes())
                    .isEqualTo(catalog.state().segments().stream()
                            .filter(entry -> state.segment(entry.path()).isEmpty())
                            .mapToLong(SegmentEntry::sizeBytes)
                            .sum());
            new HotUnlinker(layout, context.forcer()).unlink(catalog.state(), new LaneView(lanes, true));
        }
        assertThat(Catalog.read(layout).state().removals()).isNotEmpty();
    }
}
