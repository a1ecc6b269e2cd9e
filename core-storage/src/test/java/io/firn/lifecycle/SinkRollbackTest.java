package io.firn.lifecycle;

import static io.firn.lifecycle.SinkHistory.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.lifecycle.rebuild.LostCatalog;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.Catalog;
import io.firn.log.PendingCommit;
import io.firn.log.Withdrawal;
import io.firn.table.RestoredAttempt;
import io.firn.table.Table;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SinkRollbackTest {
    private final SinkHistory history = SinkHistory.play();
    private final CrashFileStore machine = history.machine();

    @Test
    void whatCameAfterTheSavepointGoesWhereverItStands() {
        assertThat(SinkJob.numbers(machine)).isEqualTo(SinkHistory.ALL);
        try (SinkJob job = SinkJob.start(machine, "third")) {
            for (RestoredAttempt state : history.savepoint()) {
                assertThat(job.attempts().isBehind(state)).isTrue();
                assertThat(job.rollBack(List.of(state))).isTrue();
                assertThat(job.attempts().isBehind(state)).isFalse();
                assertThat(job.rollBack(List.of(state))).as("repeated").isFalse();
            }
            assertThat(SinkJob.numbers(machine)).isEqualTo(SinkHistory.KEPT);
            job.subtask(history.savepoint().toArray(RestoredAttempt[]::new))
                    .write(0, 15, 20)
                    .checkpoint(3);
        }
        WrittenTable.maintain(machine, LifecycleRequest.compressAll());
        assertThat(SinkJob.numbers(machine)).isEqualTo(numbers(0, 20, 100, 115, 1000, 1005));
        assertSound();
    }

    @Test
    void aRebuiltCatalogDoesNotBringItBack() {
        rollBackToSavepoint();
        LostCatalog.lose(machine, new SplittableRandom(1));
        RebuildReport report = LostCatalog.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        assertThat(SinkJob.numbers(machine)).isEqualTo(SinkHistory.KEPT);
        try (Table table = WrittenTable.open(machine)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
    }

    @Test
    void readersMeanwhileSeeSomeOfItGoneAndNothingTwice() {
        ForwardingFileStore watched = new ForwardingFileStore(machine);
        List<Integer> seen = new ArrayList<>();
        // Not while the maintainer, which is this thread, opens the catalog: a reader would wait for it.
        watched.runBefore(SinkRollbackTest::replacesData, () -> {
            long[] now = SinkJob.numbers(machine);
            assertThat(now).doesNotHaveDuplicates().contains(SinkHistory.KEPT);
            assertThat(Arrays.stream(now).boxed())
                    .isSubsetOf(Arrays.stream(SinkHistory.ALL).boxed().toList());
            seen.add(now.length);
        });
        try (SinkJob job = SinkJob.start(watched, "third")) {
            assertThat(job.rollBack(history.savepoint())).isTrue();
        }
        assertThat(seen)
                .isSortedAccordingTo(Comparator.reverseOrder())
                .anyMatch(count -> count < SinkHistory.ALL.length && count > SinkHistory.KEPT.length);
    }

    private static boolean replacesData(StoreCall call) {
        boolean replaces = call.operation() == StoreOperation.RENAME || call.operation() == StoreOperation.DELETE;
        return replaces && call.path().getFileName().toString().contains(".q");
    }

    @Test
    void commitsThatComeTooLateAddNothing() {
        List<PendingCommit> late;
        List<RestoredAttempt> savepoint;
        CrashFileStore store = WrittenTable.machine();
        SinkJob.createTable(store);
        try (SinkJob zombie = SinkJob.start(store, "zombie").subtask()) {
            savepoint = zombie.write(0, 0, 5).checkpoint(1);
            zombie.write(0, 5, 10).checkpoint(2);
            late = zombie.write(0, 10, 15).prepare();
            try (SinkJob job = SinkJob.start(store, "new")) {
                assertThat(job.rollBack(savepoint)).isTrue();
                assertThatThrownBy(() -> zombie.attempts().commit(late.get(0)))
                        .isInstanceOf(WriterFencedException.class);
            }
            zombie.table().commit(late.get(0)); // as if the claim had been looked at before the new job came
        }
        assertThat(SinkJob.numbers(store)).isEqualTo(numbers(0, 5));
    }

    @Test
    void aCommitThatIsUnderWayDuringTheRollbackAddsNothing() {
        int operations = 0;
        while (rollsBackBefore(operations)) {
            operations++;
        }
        assertThat(operations).isGreaterThan(10);
    }

    /** False when the commit was done before its {@code when}-th operation. */
    private static boolean rollsBackBefore(int when) {
        CrashFileStore store = WrittenTable.machine();
        SinkJob.createTable(store);
        ForwardingFileStore watched = new ForwardingFileStore(store);
        AtomicInteger calls = new AtomicInteger();
        try (SinkJob zombie = SinkJob.start(watched, "zombie").subtask()) {
            List<RestoredAttempt> savepoint = zombie.write(0, 0, 5).checkpoint(1);
            zombie.write(0, 5, 10).checkpoint(2);
            PendingCommit commit = zombie.write(0, 10, 15).prepare().get(0);
            watched.runBefore(StoreCall.any(), () -> {
                if (calls.getAndIncrement() == when) {
                    try (SinkJob job = SinkJob.start(store, "new")) {
                        job.rollBack(savepoint);
                    }
                }
            });
            zombie.table().commit(commit);
        } catch (FirnException tooLate) {
            assertThat(calls.get()).isGreaterThan(when);
        }
        if (calls.get() > when) {
            assertThat(SinkJob.numbers(store))
                    .as("rolled back before operation %s of the commit", when)
                    .isEqualTo(numbers(0, 5));
        }
        return calls.get() > when;
    }

    @Test
    void aCheckpointThatCountsOnWhatWasTakenBackIsRefused() {
        rollBackToSavepoint();
        try (SinkJob job = SinkJob.start(machine, "fourth")) {
            assertThatThrownBy(() -> job.attempts().requireRestorable(history.latest()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("Checkpoint 6 of sink 'numbers' cannot be restored")
                    .hasMessageContaining("has taken that back from /archive/t")
                    .hasMessageContaining("Restore that older checkpoint");
            RestoredAttempt first = history.savepoint().get(0);
            RestoredAttempt later = new RestoredAttempt(first.writer(), 3, 20, 3, 2);
            assertThatThrownBy(() -> job.attempts().requireRestorable(List.of(later)))
                    .isInstanceOf(ConfigException.class);
            assertThatCode(() -> job.attempts().requireRestorable(history.savepoint()))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void theLatestCheckpointTakesNothingBack() {
        try (SinkJob job = SinkJob.start(machine, "third")) {
            assertThat(job.attempts().isBehind(history.latest().get(0))).isFalse();
            assertThat(job.rollBack(history.latest())).isFalse();
        }
        assertThat(SinkJob.numbers(machine)).isEqualTo(SinkHistory.ALL);
    }

    @Test
    void aRollbackThatWasRolledBackItself() {
        rollBackToSavepoint();
        List<RestoredAttempt> second;
        try (SinkJob job = SinkJob.start(machine, "third")
                .subtask(history.savepoint().get(0))
                .subtask(history.savepoint().get(1))) {
            second = job.write(0, 15, 20).write(1, 115, 120).checkpoint(3);
            job.write(0, 20, 40).checkpoint(4);
        }
        try (SinkJob job = SinkJob.start(machine, "fourth")) {
            assertThat(job.rollBack(second)).isTrue();
        }
        assertThat(SinkJob.numbers(machine)).isEqualTo(numbers(0, 20, 100, 120, 1000, 1005));
        rollBackToSavepoint();
        assertThat(SinkJob.numbers(machine)).isEqualTo(SinkHistory.KEPT);
        assertSound();
    }

    @Test
    void subtasksThatTheSavepointHadNoStateForAreTakenBackWithTheirJob() {
        try (SinkJob job = SinkJob.start(machine, "wider")
                .subtask(history.latest().get(0))
                .subtask()
                .subtask()) {
            job.write(0, 35, 40).write(1, 2000, 2010).write(2, 3000, 3010).checkpoint(7);
        }
        rollBackToSavepoint();
        assertThat(SinkJob.numbers(machine)).isEqualTo(SinkHistory.KEPT);
    }

    @Test
    void aBranchOfAnEarlierCheckpointOfTheSameAttemptGoesToo() {
        RestoredAttempt first = history.savepoint().get(0);
        RestoredAttempt earlier = new RestoredAttempt(first.writer(), 1, 10, 1, 2);
        try (SinkJob job = SinkJob.start(machine, "branch").subtask(earlier)) {
            job.write(0, 10, 13).checkpoint(2);
        }
        rollBackToSavepoint();
        assertThat(SinkJob.numbers(machine)).isEqualTo(SinkHistory.KEPT);
    }

    @Test
    void aSavepointWhoseCommitsNobodyMadeIsGoneBackToAfterTheJobRecoveredFromAnEarlierCheckpoint() {
        CrashFileStore store = WrittenTable.machine();
        SinkJob.createTable(store);
        List<PendingCommit> pending;
        List<RestoredAttempt> savepoint;
        try (SinkJob job = SinkJob.start(store, "first").subtask()) {
            List<RestoredAttempt> checkpoint = job.write(0, 0, 5).checkpoint(6);
            pending = job.write(0, 5, 10).prepare();
            savepoint = job.states(7);
            try (SinkJob recovered = SinkJob.start(store, "first").subtask(checkpoint.get(0))) {
                recovered.write(0, 5, 20).checkpoint(8);
            }
        }
        assertThat(SinkJob.numbers(store)).isEqualTo(numbers(0, 20));
        try (SinkJob job = SinkJob.start(store, "second")) {
            pending.forEach(job.attempts()::commit);
            assertThat(job.rollBack(savepoint)).isTrue();
        }
        assertThat(SinkJob.numbers(store)).isEqualTo(numbers(0, 10));
    }

    @Test
    void subtasksThatDoItAtOnceDoItTogether() throws Exception {
        List<List<RestoredAttempt>> shares =
                history.savepoint().stream().map(List::of).toList();
        CyclicBarrier together = new CyclicBarrier(shares.size());
        ExecutorService pool = Executors.newFixedThreadPool(shares.size());
        try {
            List<Future<?>> subtasks = new ArrayList<>();
            for (List<RestoredAttempt> share : shares) {
                subtasks.add(pool.submit(() -> {
                    together.await();
                    try (SinkJob job = SinkJob.start(machine, "third")) {
                        job.rollBack(share);
                        assertThat(job.attempts()
                                        .notDone(job.attempts().laterThan(share).withdrawals()))
                                .isEmpty();
                    }
                    return null;
                }));
            }
            for (Future<?> subtask : subtasks) {
                subtask.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(SinkJob.numbers(machine)).isEqualTo(SinkHistory.KEPT);
        assertSound();
    }

    @Test
    void aDamagedFileStopsItWithTheReason() {
        try (SinkJob job = SinkJob.start(machine, "third")) {
            List<Withdrawal> later =
                    job.attempts().laterThan(history.savepoint()).withdrawals();
            String file = Catalog.read(job.table().layout()).state().segments().stream()
                    .filter(entry -> later.stream().anyMatch(each -> each.isIn(entry)))
                    .findFirst()
                    .orElseThrow()
                    .path();
            machine.delete(WrittenTable.ROOT.resolve(file));
            assertThatThrownBy(() -> job.rollBack(history.savepoint()))
                    .isInstanceOf(StorageIoException.class)
                    .hasMessageContaining("Cannot take back")
                    .hasMessageContaining(file)
                    .hasMessageContaining("restore.older=append");
        }
    }

    private void rollBackToSavepoint() {
        try (SinkJob job = SinkJob.start(machine, "back-" + machine.mutationCount())) {
            job.rollBack(history.savepoint());
        }
    }

    private void assertSound() {
        try (Table table = WrittenTable.open(machine)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            assertThat(TableOrphans.find(table).orphans()).isEmpty();
        }
    }
}
