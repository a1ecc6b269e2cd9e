package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.StoreFile;
import io.firn.testing.InMemoryFileStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AttemptCommitsTest {
    private final InMemoryFileStore store = new InMemoryFileStore();
    private final TableLayout layout = LogTables.create(store);
    private final LaneIdentity attempt = new LaneIdentity("sink/0/a1", Map.of("sink", "s"));

    @Test
    void aPreparedCommitIsInvisibleUntilSomebodyCommitsIt() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        PendingCommit first = prepared(1, 10);
        assertThat(state().records()).isZero();
        AttemptCommits.commit(layout, first, LogTables.CLOCK);
        assertThat(state()).isEqualTo(first.state());
    }

    @Test
    void repeatedAndLateCommitsChangeNothing() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        PendingCommit first = prepared(1, 10);
        PendingCommit second = prepared(2, 20);
        AttemptCommits.commit(layout, second, LogTables.CLOCK);
        AttemptCommits.commit(layout, first, LogTables.CLOCK);
        AttemptCommits.commit(layout, second, LogTables.CLOCK);
        assertThat(state()).isEqualTo(second.state());
    }

    @Test
    void theLaneOfAnotherWriterIsNoAttempt() {
        LogTables.open(layout, attempt).close();
        AttemptFiles files = new AttemptFiles(layout, attempt.lane());
        assertThatThrownBy(files::read).isInstanceOf(NotFoundException.class).hasMessageContaining("attempt");
        assertThat(AttemptCommits.progress(layout, attempt.writer()).lane()).isEmpty();
        AttemptCommits.retire(layout, new PendingCommit.RetiredAttempt(attempt.writer(), 1), LogTables.CLOCK);
        assertThat(files.names()).noneMatch(name -> name.endsWith(".retired"));
    }

    @Test
    void aCommitNeverJudgesByFilesOnceItIsDone() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        PendingCommit first = prepared(1, 10);
        AttemptCommits.commit(layout, first, LogTables.CLOCK);
        store.delete(layout.resolve(first.state().segments().get(0).path()));
        AttemptCommits.commit(layout, first, LogTables.CLOCK);
        assertThat(state().records()).isEqualTo(10);
    }

    @Test
    void aMissingSegmentThatNothingReplacedIsRefused() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        PendingCommit first = prepared(1, 10);
        store.delete(layout.resolve(first.state().segments().get(0).path()));
        assertThatThrownBy(() -> AttemptCommits.commit(layout, first, LogTables.CLOCK))
                .isInstanceOf(CorruptDataException.class);
        assertThat(state().records()).isZero();
    }

    @Test
    void aSegmentThatWasSettledMeanwhileIsNotMissing() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        AttemptCommits.commit(layout, prepared(1, 10), LogTables.CLOCK);
        PendingCommit second = prepared(2, 20);
        String path = second.state().segments().get(0).path();
        try (CatalogLog catalog = CatalogLog.open(layout, LogTables.CLOCK)) {
            catalog.commit(new CatalogChange(List.of(new Removal(path, List.of(), 20, 20)), List.of(), List.of()));
        }
        store.delete(layout.resolve(path));
        AttemptCommits.commit(layout, second, LogTables.CLOCK);
        assertThat(state().records()).isEqualTo(20);
    }

    @Test
    void aRetiredAttemptIsSealedAndItsLateCommitsAreDone() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        AttemptCommits.commit(layout, prepared(1, 10), LogTables.CLOCK);
        LaneIdentity restored = new LaneIdentity("sink/0/a2", Map.of());
        AttemptCommits.begin(layout, restored, LogTables.CLOCK);
        PendingCommit next = new PendingCommit(
                LogTables.TABLE_ID,
                restored,
                1,
                LaneState.EMPTY,
                List.of(new PendingCommit.RetiredAttempt(attempt.writer(), 1)));
        AttemptCommits.commit(layout, next, LogTables.CLOCK);
        AttemptCommits.commit(layout, next, LogTables.CLOCK);
        assertThat(state().segments()).hasSize(1).allMatch(LaneSegment::rolled);
        AttemptCommits.commit(layout, prepared(1, 10), LogTables.CLOCK);
        assertThat(state().records()).isEqualTo(10);
    }

    @Test
    void aWithdrawnAttemptStaysAsItIsWhateverIsCommittedLater() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        AttemptCommits.commit(layout, prepared(1, 10), LogTables.CLOCK);
        LaneSnapshot before =
                new Lanes(layout, LogTables.CLOCK).read(attempt.lane()).orElseThrow();
        assertThat(AttemptCommits.withdrawal(layout, attempt.lane())).isEmpty();
        AttemptCommits.withdraw(layout, Withdrawal.from(attempt.lane(), 4), LogTables.CLOCK);
        AttemptCommits.commit(layout, prepared(2, 20), LogTables.CLOCK);
        assertThat(state().records()).isEqualTo(10);
        assertThat(state().segments()).hasSize(1).allMatch(LaneSegment::rolled);
        assertThat(new Lanes(layout, LogTables.CLOCK).isUnchanged(before)).isFalse();
        assertThat(AttemptCommits.unfinished(layout, new Lanes(layout, LogTables.CLOCK).readAll()))
                .isEmpty();
        new AttemptFiles(layout, attempt.lane()).publishCommit(prepared(3, 30), LogTables.CLOCK);
        assertThat(state().records()).as("a commit that was under way").isEqualTo(10);
    }

    @Test
    void theWithdrawalThatTakesMostCounts() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        AttemptCommits.commit(layout, prepared(1, 10), LogTables.CLOCK);
        for (Withdrawal withdrawal : List.of(
                Withdrawal.from(attempt.lane(), 4),
                Withdrawal.from(attempt.lane(), 7),
                Withdrawal.from(attempt.lane(), 0),
                Withdrawal.from(attempt.lane(), 0))) {
            AttemptCommits.withdraw(layout, withdrawal, LogTables.CLOCK);
        }
        assertThat(AttemptCommits.withdrawal(layout, attempt.lane())).contains(Withdrawal.from(attempt.lane(), 0));
        AttemptCommits.withdraw(layout, Withdrawal.whole(attempt.lane()), LogTables.CLOCK);
        assertThat(AttemptCommits.withdrawal(layout, attempt.lane())).contains(Withdrawal.whole(attempt.lane()));
        assertThat(state().records()).isEqualTo(10);
        assertThat(store.list(layout.lane(attempt.lane())))
                .contains("00000000000000000005.withdrawn", "00000000000000000000.withdrawn");
    }

    @Test
    void namesAreUsedOnceAndTablesAreToldApart() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        assertThatThrownBy(() -> AttemptCommits.begin(layout, attempt, LogTables.CLOCK))
                .isInstanceOf(ConfigException.class);
        PendingCommit foreign = new PendingCommit(new UUID(1, 2), attempt, 1, LaneState.EMPTY, List.of());
        assertThatThrownBy(() -> AttemptCommits.commit(layout, foreign, LogTables.CLOCK))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("point the job at the table");
    }

    @Test
    void reportsAttemptsThatNeverCommitted() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        List<LaneSnapshot> lanes = new Lanes(layout, LogTables.CLOCK).readAll();
        assertThat(AttemptCommits.unfinished(layout, lanes)).containsOnlyKeys(attempt.writer());
        AttemptCommits.commit(layout, prepared(1, 10), LogTables.CLOCK);
        assertThat(AttemptCommits.unfinished(layout, lanes)).isEmpty();
    }

    @Test
    void travelsInCheckpoints() {
        AttemptCommits.begin(layout, attempt, LogTables.CLOCK);
        PendingCommit commit = new PendingCommit(
                LogTables.TABLE_ID,
                attempt,
                7,
                prepared(7, 10).state(),
                List.of(new PendingCommit.RetiredAttempt("old", 3)));
        assertThat(PendingCommit.fromBytes(commit.toBytes())).isEqualTo(commit);
    }

    private PendingCommit prepared(long number, long records) {
        String path = "_table/hot/" + attempt.lane() + ".q";
        try (StoreFile file =
                store.createExclusively(layout.resolve(path)).orElseGet(() -> store.openWrite(layout.resolve(path)))) {
            file.write(ByteBuffer.allocate((int) records), 0);
            file.force();
        }
        LaneCommit commit =
                new LaneCommit(records, List.of(new LaneSegment(path, 0, records, records, false)), List.of());
        return new PendingCommit(LogTables.TABLE_ID, attempt, number, LaneState.EMPTY.plus(commit), List.of());
    }

    private LaneState state() {
        return new Lanes(layout, LogTables.CLOCK)
                .read(attempt.lane())
                .orElseThrow()
                .state();
    }
}
