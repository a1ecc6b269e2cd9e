package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.fs.PoliteLock;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaneLogTest {
    private final InMemoryFileStore store = new InMemoryFileStore();
    private final TableLayout layout = LogTables.create(store);

    @Test
    void startsEmptyAndKeepsItsIdentity() {
        try (LaneLog lane = LogTables.open(layout)) {
            assertThat(lane.epoch()).isEqualTo(1);
            assertThat(lane.state()).isEqualTo(LaneState.EMPTY);
        }
        LaneSnapshot snapshot =
                new Lanes(layout, LogTables.CLOCK).read(LogTables.MAIN.lane()).orElseThrow();
        assertThat(snapshot.identity()).isEqualTo(LogTables.MAIN);
    }

    @Test
    void readersSeeACommitAndASuccessorStartsFromIt() {
        try (LaneLog lane = LogTables.open(layout)) {
            lane.commit(LogTables.commitTo(layout, lane, 10));
            lane.commit(LogTables.commitTo(layout, lane, 25));
            assertThat(LogTables.read(layout)).isEqualTo(lane.state());
        }
        try (LaneLog successor = LogTables.open(layout)) {
            assertThat(successor.epoch()).isEqualTo(2);
            assertThat(successor.state().position()).isEqualTo(25);
            assertThat(successor.state().records()).isEqualTo(25);
            assertThat(successor.state().commitNumber()).isEqualTo(2);
            assertThat(successor.state().segments()).allMatch(LaneSegment::rolled);
        }
    }

    @Test
    void whoseLogIsTakenAwayAcknowledgesNothing() {
        try (LaneLog lane = LogTables.open(layout)) {
            lane.commit(LogTables.commitTo(layout, lane, 10));
        }
        try (LaneLog lane = LogTables.open(layout)) {
            LogDirectory directory = lane.directory();
            LaneCommit commit = LogTables.commitTo(layout, lane, 25);
            directory.delete(lane.epoch());
            assertThat(lane.isFenced()).isTrue();
            assertThatThrownBy(() -> lane.commit(commit))
                    .isInstanceOf(WriterFencedException.class)
                    .hasMessageContaining("its log is gone");
            LogTables.fenceAndDie(directory); // somebody who opens the lane begins at 1
            assertThat(lane.isFenced()).isTrue();
        }
    }

    /** An owner that takes a full disk's log over and has no room for its base must not keep readers waiting. */
    @Test
    void whoFindsNoSpaceForItsBaseLeavesTheLogReadable() {
        FaultyFileStore disk = new FaultyFileStore(store);
        TableLayout full = new TableLayout(disk, LogTables.ROOT, LogTables.TABLE_ID);
        try (LaneLog lane = LogTables.open(full)) {
            lane.commit(LogTables.commitTo(full, lane, 10));
        }
        disk.limitSpace(100);
        assertThatThrownBy(() -> LogTables.open(full)).isInstanceOf(StorageFullException.class);
        disk.limitSpace(10);
        assertThatThrownBy(() -> LogTables.open(full)).isInstanceOf(StorageFullException.class);
        LogDirectory directory = full.laneLog(LogTables.MAIN.lane());
        assertThat(directory.readTrusted().undecided()).isFalse();
        assertThat(directory.epochs()).containsExactly(1L);
        assertThat(directory.isAbandoned(2))
                .as("the next owner has this number")
                .isFalse();
        disk.heal();
        try (LaneLog successor = LogTables.open(full)) {
            assertThat(successor.epoch()).isEqualTo(2);
            assertThat(successor.state().position()).isEqualTo(10);
        }
    }

    /** An owner that lives, but failed to open its log again, must not keep readers of its process waiting. */
    @Test
    void whoFailsToOpenItsLogSaysThatNobodyNeedsToWait() {
        FaultyFileStore disk = new FaultyFileStore(store);
        TableLayout layout = new TableLayout(disk, LogTables.ROOT, LogTables.TABLE_ID);
        try (LaneLog lane = LogTables.open(layout)) {
            lane.commit(LogTables.commitTo(layout, lane, 10));
        }
        Path lane = layout.lane(LogTables.MAIN.lane());
        Path second = lane.resolve(LogFormat.fileName(2));
        disk.inject(Fault.on(
                call -> call.operation() == StoreOperation.WRITE && call.path().equals(second)));
        try (PoliteLock held = disk.tryLock(lane.resolve(OwnerLock.FIRST)).orElseThrow()) {
            assertThatThrownBy(() -> LogTables.open(layout)).isInstanceOf(StorageIoException.class);
            disk.heal();
            LogDirectory directory = layout.laneLog(LogTables.MAIN.lane());
            assertThat(directory.readTrusted().undecided()).isTrue();
            assertThat(directory.isAbandoned(2)).isTrue();
            assertThat(layout.through(store).laneLog(LogTables.MAIN.lane()).isAbandoned(2))
                    .isTrue();
            assertThat(LogTables.read(layout).position()).isEqualTo(10);
            assertThat(directory.highestEpoch()).isEqualTo(3);
            assertThat(directory.isAbandoned(3)).isFalse();
            assertThat(directory.isAbandoned(2)).as("deleted with its file").isFalse();
            assertThat(held).isNotNull();
        }
    }

    @Test
    void theFirstOwnerThatFindsNoSpaceKeepsItsEpoch() {
        FaultyFileStore disk = new FaultyFileStore(store);
        TableLayout full = new TableLayout(disk, LogTables.ROOT, LogTables.TABLE_ID);
        disk.limitSpace(10);
        assertThatThrownBy(() -> LogTables.open(full)).isInstanceOf(StorageFullException.class);
        assertThat(LogTables.read(full)).isEqualTo(LaneState.EMPTY);
        disk.heal();
        try (LaneLog second = LogTables.open(full)) {
            assertThat(second.epoch()).isEqualTo(2);
        }
    }

    @Test
    void countsGapsAndKeepsTheLatest() {
        try (LaneLog lane = LogTables.open(layout)) {
            for (int i = 0; i < LaneState.MAX_RECENT_GAPS + 10; i++) {
                lane.commit(new LaneCommit(10L * i, List.of(), List.of(new Gap(10L * i, 10L * i + 3))));
            }
        }
        LaneState state = LogTables.read(layout);
        assertThat(state.gapCount()).isEqualTo(LaneState.MAX_RECENT_GAPS + 10);
        assertThat(state.gapSequences()).isEqualTo(3L * (LaneState.MAX_RECENT_GAPS + 10));
        assertThat(state.recentGaps()).hasSize(LaneState.MAX_RECENT_GAPS);
        assertThat(state.recentGaps().get(0)).isEqualTo(new Gap(100, 103));
    }

    @Test
    void fencesItsPredecessorBeforeAndAfterItsAppend() {
        LaneLog zombie = LogTables.open(layout);
        zombie.commit(LogTables.commitTo(layout, zombie, 5));
        LaneLog successor = LogTables.open(layout);
        assertThatThrownBy(() -> zombie.commit(new LaneCommit(9, List.of(), List.of())))
                .isInstanceOf(WriterFencedException.class)
                .hasMessageContaining("epoch 2 was opened by host");
        assertThat(LogTables.read(layout).position()).isEqualTo(5);
        successor.commit(LogTables.commitTo(layout, successor, 7));
        assertThat(LogTables.read(layout).position()).isEqualTo(7);
        zombie.close();
        successor.close();
    }

    @Test
    void deletesOlderLogsOnceItsBaseIsDurable() {
        LogTables.open(layout).close();
        LogTables.open(layout).close();
        assertThat(store.list(layout.lane(LogTables.MAIN.lane())))
                .contains(LogFormat.fileName(2))
                .doesNotContain(LogFormat.fileName(1));
    }

    @Test
    void anOwnerThatDiedBetweenFenceAndBaseIsHelped() {
        try (LaneLog lane = LogTables.open(layout)) {
            lane.commit(LogTables.commitTo(layout, lane, 5));
        }
        LogTables.fenceAndDie(layout.laneLog(LogTables.MAIN.lane()));
        assertThat(LogTables.read(layout).position()).isEqualTo(5);
        try (LaneLog lane = LogTables.open(layout)) {
            assertThat(lane.state().position()).isEqualTo(5);
        }
    }

    @Test
    void aLaneThatWasNeverBegunIsEmpty() {
        layout.createDirectories(List.of(layout.lane(LogTables.MAIN.lane())));
        assertThat(LogTables.read(layout)).isEqualTo(LaneState.EMPTY);
        LogTables.fenceAndDie(layout.laneLog(LogTables.MAIN.lane()));
        assertThat(LogTables.read(layout)).isEqualTo(LaneState.EMPTY);
    }

    @Test
    void aLostBaseIsRefusedByReadersAndOwners() {
        LogTables.open(layout).close();
        LogTables.open(layout).close();
        Path log = layout.lane(LogTables.MAIN.lane()).resolve(LogFormat.fileName(2));
        byte[] content = LogTables.bytesOf(store, log);
        content[LogFormat.HEADER_BYTES + 30] ^= 1;
        LogTables.overwrite(store, log, content, content.length);
        assertThatThrownBy(() -> LogTables.read(layout)).isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> LogTables.open(layout)).isInstanceOf(CorruptDataException.class);
    }

    @Test
    void cutAnywhereItYieldsAnExactPrefixOrAnError() {
        byte[] content = threeCommits();
        Path log = layout.lane(LogTables.MAIN.lane()).resolve(LogFormat.fileName(1));
        store.delete(layout.lane(LogTables.MAIN.lane()).resolve(PositionPage.FILE_NAME));
        long lastPosition = 0;
        for (int length = 0; length <= content.length; length++) {
            LogTables.overwrite(store, log, content, length);
            long position = LogTables.read(layout).position();
            assertThat(position).isIn(0L, 1L, 2L, 3L).isGreaterThanOrEqualTo(lastPosition);
            lastPosition = position;
        }
        assertThat(lastPosition).isEqualTo(3);
    }

    @Test
    void cutBelowWhatItsOwnerPublishedItIsDamaged() {
        byte[] content = threeCommits();
        Path log = layout.lane(LogTables.MAIN.lane()).resolve(LogFormat.fileName(1));
        for (int length = 0; length < content.length; length++) {
            LogTables.overwrite(store, log, content, length);
            assertThatThrownBy(() -> LogTables.read(layout))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(log.toString());
        }
    }

    @Test
    void everyFlippedBitIsAnError() {
        byte[] content = threeCommits();
        Path log = layout.lane(LogTables.MAIN.lane()).resolve(LogFormat.fileName(1));
        for (int bit = 0; bit < content.length * Byte.SIZE; bit++) {
            content[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            LogTables.overwrite(store, log, content, content.length);
            assertThat(positionOrDamage()).as("bit %d", bit).isEqualTo(-1);
            content[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
    }

    @Test
    void aLogOfAnotherTableIsRefused() {
        LogTables.open(layout).close();
        TableLayout other = new TableLayout(store, layout.root(), new java.util.UUID(1, 2));
        assertThatThrownBy(() -> LogTables.read(other))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("copied from elsewhere");
    }

    @Test
    void aMissingSegmentIsRefusedAndTheLogStaysReadable() {
        try (LaneLog lane = LogTables.open(layout)) {
            lane.commit(LogTables.commitTo(layout, lane, 5));
            store.delete(layout.resolve(lane.state().segments().get(0).path()));
        }
        assertThatThrownBy(() -> LogTables.open(layout))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("no such file");
        assertThat(LogTables.read(layout).position()).isEqualTo(5);
        assertThat(LogTables.read(layout).segments()).hasSize(1);
    }

    @Test
    void aSegmentThatTheCatalogReplacedIsDropped() {
        try (LaneLog lane = LogTables.open(layout)) {
            lane.commit(LogTables.commitTo(layout, lane, 5));
            String path = lane.state().segments().get(0).path();
            try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
                catalog.commit(new CatalogChange(List.of(new Removal(path, List.of(), 5, 5)), List.of(), List.of()));
            }
            store.delete(layout.resolve(path));
        }
        try (LaneLog successor = LogTables.open(layout)) {
            assertThat(successor.state().segments()).isEmpty();
            assertThat(successor.state().position()).isEqualTo(5);
        }
    }

    @Test
    void twoNamesWithOneDirectoryAreToldApart() {
        LogTables.open(layout).close();
        LogDirectory directory = layout.laneLog(LogTables.MAIN.lane());
        LogContent content = directory.read(1).orElseThrow();
        assertThat(LaneCodec.identity(content).writer()).isEqualTo("main");
        store.rename(layout.lane(LogTables.MAIN.lane()), layout.lane(new LaneIdentity("other", Map.of()).lane()));
        assertThatThrownBy(() -> LogTables.open(layout, new LaneIdentity("other", Map.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("main");
    }

    private byte[] threeCommits() {
        try (LaneLog lane = LogTables.open(layout)) {
            for (long position = 1; position <= 3; position++) {
                lane.commit(LogTables.commitTo(layout, lane, position));
            }
        }
        return LogTables.bytesOf(store, layout.lane(LogTables.MAIN.lane()).resolve(LogFormat.fileName(1)));
    }

    private long positionOrDamage() {
        try {
            return LogTables.read(layout).position();
        } catch (CorruptDataException damage) {
            assertThat(damage.path()).contains("main~");
            return -1;
        }
    }
}
