package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageFullException;
import io.firn.error.WriterFencedException;
import io.firn.fs.PoliteLock;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CatalogLogTest {
    private final InMemoryFileStore store = new InMemoryFileStore();
    private final TableLayout layout = LogTables.create(store);

    @Test
    void keepsEveryFieldOfItsEntries() {
        SegmentEntry entry = entry("p=1/00000000000000000001-00000002.q", true);
        Removal removal = new Removal("_table/hot/x.q", List.of(new Removal.ContextLimit(3, 77)), 4096, 5);
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            catalog.commit(new CatalogChange(List.of(removal), List.of(), List.of(entry)));
            assertThat(Catalog.read(layout).state().segments()).containsExactly(entry);
        }
        try (CatalogLog successor = CatalogLog.open(layout, LogTables.CLOCK)) {
            assertThat(successor.state().segments()).containsExactly(entry);
            assertThat(successor.state().removal("_table/hot/x.q")).contains(removal);
        }
    }

    @Test
    void namesThatRepeatComeBackAsTheyWere() {
        List<String> names =
                List.of("", "k=Zurich", "k=Zurich", "k=Zürich", "k=Zürich", "k=ZÃ¼rich", "k=Zuric", "k=Zuricb");
        List<SegmentEntry> entries = new ArrayList<>();
        for (String partition : names) {
            for (String lane : names) {
                entries.add(entry(entries.size() + ".q", false, partition, lane));
            }
        }
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            catalog.commit(new CatalogChange(List.of(), List.of(), entries));
        }
        List<SegmentEntry> read = List.copyOf(Catalog.read(layout).state().segments());
        assertThat(read).isEqualTo(entries);
        assertThat(read.get(9).partitionPath()).isSameAs(read.get(8).partitionPath());
    }

    @Test
    void aLostCatalogIsNeitherReadNorBegunAnewAsAnEmptyOne() {
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            catalog.commit(new CatalogChange(
                    List.of(), List.of(), List.of(entry("p=1/00000000000000000001-00000002.q", true))));
        }
        for (long epoch : layout.catalogLog().epochs()) {
            store.delete(layout.catalogLog().fileOf(epoch));
        }
        assertLost();
        // What a maintainer leaves that dies between its fence and its base holds no catalog either.
        LogTables.fenceAndDie(layout.catalogLog());
        assertLost();
    }

    /** A directory takes a block, an empty file none: on a full disk the fence is made and the directory is not. */
    @Test
    void aMaintainerWithoutRoomForItsDirectoryTakesItsFenceBack() {
        FaultyFileStore disk = new FaultyFileStore(store);
        TableLayout full = new TableLayout(disk, LogTables.ROOT, LogTables.TABLE_ID);
        disk.inject(Fault.on(call -> call.operation() == StoreOperation.CREATE_DIRECTORY
                        && call.path().startsWith(full.temporary())
                        && !call.path().equals(full.temporary()))
                .sticky()
                .full());
        List<Long> before = full.catalogLog().epochs();
        assertThatThrownBy(() -> CatalogLog.open(full, LogTables.CLOCK)).isInstanceOf(StorageFullException.class);
        assertThat(full.catalogLog().epochs()).isEqualTo(before);
        TableLayout reader = new TableLayout(disk, LogTables.ROOT, LogTables.TABLE_ID);
        assertThat(Catalog.read(reader).state().segments()).isEmpty();
    }

    @Test
    void aFenceIsTakenBackWhenWhatFollowsItFails() {
        List<Long> before = layout.catalogLog().epochs();
        EpochLog.fence(layout.catalogLog(), LogTables.CLOCK).close();
        assertThat(layout.catalogLog().epochs()).isEqualTo(before);
    }

    private void assertLost() {
        assertThatThrownBy(() -> Catalog.read(layout))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("--rebuild-catalog");
        assertThatThrownBy(() -> CatalogLog.open(layout, LogTables.CLOCK))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("--rebuild-catalog");
    }

    /** Else a maintainer would go on from an older catalog, and delete files that it does not name. */
    @Test
    void aCatalogThatEndsBeforeWhatItsOwnerPublishedIsRefused() {
        LogPosition before;
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            before = Catalog.read(layout).logPosition();
            catalog.commit(new CatalogChange(List.of(), List.of(), List.of(entry("p=1/a.q", false))));
        }
        Path log = layout.catalogLog().fileOf(before.epoch());
        LogTables.overwrite(store, log, LogTables.bytesOf(store, log), (int) before.lengthBytes());
        assertThat(new LogAudit(layout).catalog().damage())
                .hasValueSatisfying(damage -> assertThat(damage).hasMessageContaining("the owner published"));
        assertLost();
        assertThat(layout.catalogLog().highestEpoch())
                .as("who is refused leaves no fence for readers to wait for")
                .isEqualTo(before.epoch());

        store.delete(layout.catalog().resolve(PositionPage.FILE_NAME));
        assertThat(Catalog.read(layout).state().segments())
                .as("without it nobody can tell")
                .isEmpty();
    }

    @Test
    void aRewriteReplacesItsInputs() {
        SegmentEntry hot = entry("p=1/a.q", false);
        SegmentEntry cold = entry("p=1/b.q.zst", true);
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            catalog.commit(new CatalogChange(List.of(), List.of(), List.of(hot)));
            catalog.commit(new CatalogChange(List.of(), List.of(hot.path()), List.of(cold)));
        }
        assertThat(Catalog.read(layout).state().segments()).containsExactly(cold);
    }

    @Test
    void goingOnFromAnEarlierReadGivesWhatReadingAllGives() {
        Randomized.forAll(20, random -> {
            CatalogSnapshot known = Catalog.read(layout);
            Map<CatalogState, List<Object>> seen = new HashMap<>();
            for (int owner = 0; owner < 4; owner++) {
                try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
                    for (int commits = random.nextInt(6); commits > 0; commits--) {
                        catalog.commit(randomChange(random));
                        known = random.nextBoolean() ? Catalog.readAgain(layout, known) : known;
                        seen.put(known.state(), described(known.state()));
                        if (random.nextBoolean()) {
                            seen.put(catalog.state(), described(catalog.state()));
                        }
                    }
                    assertThat(described(catalog.state()))
                            .isEqualTo(described(Catalog.read(layout).state()));
                }
                known = Catalog.readAgain(layout, known);
                assertThat(described(known.state()))
                        .isEqualTo(described(Catalog.read(layout).state()));
            }
            seen.forEach((state, before) -> assertThat(described(state)).isEqualTo(before));
        });
    }

    private static CatalogChange randomChange(RandomGenerator random) {
        List<Removal> removals = List.of(
                new Removal("h" + random.nextInt(3), List.of(new Removal.ContextLimit(1, random.nextInt(9))), 0, 1));
        List<String> gone = List.of("p=1/" + random.nextInt(8) + ".q");
        List<SegmentEntry> added = List.of(entry("p=1/" + random.nextInt(8) + ".q", random.nextBoolean()));
        return new CatalogChange(removals, gone, added, Map.of("lane" + random.nextInt(2), 1L + random.nextInt(5)));
    }

    private static List<Object> described(CatalogState state) {
        return List.of(
                state.nextNumber(), List.copyOf(state.segments()), List.copyOf(state.removals()), state.expired());
    }

    @Test
    void removalsOfOneSegmentAddUp() {
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            catalog.commit(removal("h.q", 0, new Removal.ContextLimit(1, 10)));
            catalog.commit(removal("h.q", 0, new Removal.ContextLimit(2, 5), new Removal.ContextLimit(1, 20)));
            catalog.commit(removal("h.q", 512));
        }
        Removal removal = Catalog.read(layout).state().removal("h.q").orElseThrow();
        assertThat(removal.contexts())
                .containsExactlyInAnyOrder(new Removal.ContextLimit(1, 20), new Removal.ContextLimit(2, 5));
        assertThat(removal.records()).isEqualTo(3);
        assertThat(removal.covers(new LaneSegment("h.q", 0, 512, 1, true))).isTrue();
        assertThat(removal.covers(new LaneSegment("h.q", 0, 520, 1, true))).isFalse();
    }

    @Test
    void outputNamesAreNeverUsedTwice() {
        String first;
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            first = catalog.nextOutputName();
            assertThat(catalog.nextOutputName()).isNotEqualTo(first);
        }
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            assertThat(catalog.nextOutputName()).isNotEqualTo(first);
        }
    }

    @Test
    void aZombieCanNeitherCommitNorPublishItsOutputs() {
        layout.createDirectories(List.of(layout.root().resolve("p=1")));
        CatalogLog zombie = CatalogLog.open(layout, LogTables.CLOCK);
        Path output = create(zombie.temporary().resolve("out.q"));
        String name = "p=1/" + zombie.nextOutputName() + ".q";
        create(layout.resolve(name));
        CatalogLog successor = CatalogLog.open(layout, LogTables.CLOCK);
        assertThat(store.exists(output)).isFalse();
        assertThat(store.exists(layout.resolve(name))).isFalse();
        assertThatThrownBy(() -> store.rename(output, layout.resolve(name))).hasMessageContaining("out.q");
        assertThat(zombie.isFenced()).isTrue();
        assertThatThrownBy(() -> zombie.commit(new CatalogChange(List.of(), List.of(), List.of())))
                .isInstanceOf(WriterFencedException.class);
        zombie.close();
        successor.close();
    }

    @Test
    void whoPausesLeavesNothingAndResumesOnlyAsLongAsNobodyCame() {
        try (CatalogLog paused = CatalogLog.open(layout, LogTables.CLOCK)) {
            paused.pause();
            paused.pause();
            assertThat(store.list(layout.temporary())).isEmpty();
            assertThat(paused.resume()).isTrue();
            Path output = create(paused.temporary().resolve("out.q"));
            paused.pause();
            assertThat(store.exists(output)).as("a rewrite is under way").isTrue();
            store.delete(output);
            paused.pause();
            CatalogLog.open(layout, LogTables.CLOCK).close();
            assertThat(paused.resume()).isFalse();
            assertThat(store.list(layout.temporary())).isEmpty();
        }
    }

    @Test
    void aDirectoryThatCannotBeDeletedStaysAndIsUsedAgain() {
        FaultyFileStore faulty = new FaultyFileStore(store);
        faulty.inject(Fault.on(
                call -> call.operation() == StoreOperation.DELETE && call.path().startsWith(layout.temporary())));
        try (CatalogLog paused = CatalogLog.open(layout.through(faulty), LogTables.CLOCK)) {
            paused.pause();
            assertThat(store.isDirectory(paused.temporary())).isTrue();
            assertThat(paused.resume()).isTrue();
            store.delete(create(paused.temporary().resolve("out.q")));
        }
        CatalogLog.open(layout, LogTables.CLOCK).close();
        assertThat(store.list(layout.temporary())).isEmpty();
    }

    @Test
    void aMarkerOfAZombieIsDeletedOrHasNoDirectoryToComeFrom() {
        CatalogLog zombie = CatalogLog.open(layout, LogTables.CLOCK);
        List<ExpiredRange> ranges = List.of(ExpiredRange.upTo("p=1", "main~1", 5, 5));
        ForwardingFileStore hooked = new ForwardingFileStore(store);
        hooked.runBeforeOnce(
                call -> call.operation() == StoreOperation.RENAME && call.path().equals(zombie.temporary()),
                () -> writeMarker(zombie, ranges));
        try (CatalogLog successor = CatalogLog.open(layout.through(hooked), LogTables.CLOCK)) {
            assertThat(ExpiryMarkers.read(layout)).isEmpty();
            assertThatThrownBy(() -> writeMarker(zombie, ranges)).isInstanceOf(NotFoundException.class);
            writeMarker(successor, ranges);
            assertThat(ExpiryMarkers.read(layout)).isEqualTo(ranges);
        }
        zombie.close();
    }

    private void writeMarker(CatalogLog catalog, List<ExpiredRange> ranges) {
        Path place = ExpiryMarkers.place(layout, catalog.nextOutputName());
        ExpiryMarkers.write(layout, place, catalog.temporary(), ranges, LogTables.CLOCK);
    }

    /** It has not looked for a higher epoch since its base, and must not judge about one. */
    @Test
    void whoTidiesUpLeavesItsSuccessorsDirectoryAlone() {
        ForwardingFileStore hooked = new ForwardingFileStore(store);
        List<CatalogLog> successors = new ArrayList<>();
        hooked.runBeforeOnce(
                call -> call.operation() == StoreOperation.LIST && call.path().equals(layout.temporary()), () -> {
                    successors.add(CatalogLog.open(layout, LogTables.CLOCK));
                });
        CatalogLog.open(layout.through(hooked), LogTables.CLOCK).close();
        try (CatalogLog successor = successors.get(0)) {
            assertThat(store.list(successor.temporary())).isEmpty();
            assertThat(successor.isFenced()).isFalse();
        }
        assertThat(store.list(layout.temporary())).isEmpty();
    }

    /** It has not seen the directory, which is made anew in this moment. */
    @Test
    void whoResumesWhileASuccessorTidiesUpIsOver() {
        ForwardingFileStore hooked = new ForwardingFileStore(store);
        try (CatalogLog resuming = CatalogLog.open(layout.through(hooked), LogTables.CLOCK)) {
            resuming.pause();
            hooked.runBeforeOnce(
                    StoreCall.is(StoreOperation.CREATE_DIRECTORY),
                    () -> CatalogLog.open(layout, LogTables.CLOCK).close());
            assertThat(resuming.resume()).isFalse();
        }
        assertThat(store.list(layout.temporary())).isEmpty();
    }

    @Test
    void aPredecessorThatTidiesUpAtTheSameMomentIsNoFailure() {
        CatalogLog predecessor = CatalogLog.open(layout, LogTables.CLOCK);
        ForwardingFileStore hooked = new ForwardingFileStore(store);
        hooked.runBeforeOnce(
                call -> call.operation() == StoreOperation.RENAME && call.path().equals(predecessor.temporary()),
                predecessor::close);
        TableLayout same = new TableLayout(hooked, layout.root(), layout.tableId());
        try (CatalogLog successor = CatalogLog.open(same, LogTables.CLOCK)) {
            assertThat(store.list(layout.temporary()))
                    .containsExactly(successor.temporary().getFileName().toString());
        }
        assertThat(store.list(layout.temporary())).isEmpty();
    }

    @Test
    void visibleOutputsOfADeadMaintainerStay() {
        layout.createDirectories(List.of(layout.root().resolve("p=1")));
        CatalogLog dead = CatalogLog.open(layout, LogTables.CLOCK);
        String name = "p=1/" + dead.nextOutputName() + ".q";
        create(layout.resolve(name));
        dead.commit(new CatalogChange(List.of(), List.of(), List.of(entry(name, false))));
        create(dead.temporary().resolve("half.q"));
        CatalogLog.open(layout, LogTables.CLOCK).close();
        assertThat(store.exists(layout.resolve(name))).isTrue();
        assertThat(store.list(layout.temporary())).isEmpty();
        dead.close();
    }

    @Test
    void aMaintainerDoesNotWaitForAWriterThatWaitsForIt() {
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            String gone = "_table/hot/" + LogTables.MAIN.lane() + ".0.q";
            catalog.commit(removal(gone, 8, new Removal.ContextLimit(0, 1)));
        }
        try (LaneLog lane = LogTables.open(layout)) {
            lane.commit(LogTables.commitTo(layout, lane, 10));
        }
        ForwardingFileStore watched = new ForwardingFileStore(store);
        // The writer stands between its fence and its base: it is about to read the catalog.
        watched.runBeforeOnce(
                call -> call.operation() == StoreOperation.LIST
                        && call.path().equals(layout.catalog())
                        && layout.laneLog(LogTables.MAIN.lane()).highestEpoch() == 2,
                () -> CatalogLog.openForgetting(layout, LogTables.CLOCK).close());
        TableLayout watchedLayout = new TableLayout(watched, LogTables.ROOT, LogTables.TABLE_ID);
        try (PoliteLock held = new Lanes(layout, LogTables.CLOCK)
                        .tryLock(LogTables.MAIN.lane())
                        .orElseThrow();
                LaneLog opened = LogTables.open(watchedLayout)) {
            assertThat(opened.epoch()).isEqualTo(2);
            assertThat(opened.isFenced()).isFalse();
        }
        assertThat(Catalog.read(layout).state().removals()).hasSize(1);

        CatalogLog.openForgetting(layout, LogTables.CLOCK).close();

        assertThat(Catalog.read(layout).state().removals()).isEmpty();
    }

    private Path create(Path file) {
        store.createExclusively(file).orElseThrow().close();
        return file;
    }

    private static CatalogChange removal(String path, long completeBytes, Removal.ContextLimit... limits) {
        return new CatalogChange(
                List.of(new Removal(path, List.of(limits), completeBytes, limits.length)), List.of(), List.of());
    }

    private static SegmentEntry entry(String path, boolean cold) {
        return entry(path, cold, "p=1", "main~1");
    }

    private static SegmentEntry entry(String path, boolean cold, String partition, String lane) {
        return new SegmentEntry(
                path, partition, cold, 100, 400, 7, -5, 9, 11, 12, List.of(new LaneRange(lane, 3, 12, 7)));
    }
}
