package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.table.RestoredAttempt;
import io.firn.table.Table;
import io.firn.testing.CrashFileStore;
import io.firn.testing.SimulatedCrash;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A power loss before each operation of a rollback: what belongs to the savepoint is there once, what came later is there
 * once or gone, and the next start of the job takes the rest back.
 */
class SinkRollbackCrashTest {
    @Test
    void aPowerLossBeforeEachOperation() {
        SinkHistory counted = SinkHistory.play();
        long before = counted.machine().mutationCount();
        rollBack(counted, counted.machine());
        long operations = counted.machine().mutationCount() - before;
        assertThat(operations).isGreaterThan(60);
        int half = 0;
        for (long operation = 1; operation <= operations; operation++) {
            half += crashAt(operation) ? 1 : 0;
        }
        assertThat(half).as("power losses that left a part").isPositive();
    }

    /** Returns whether a part was taken back. */
    private static boolean crashAt(long operation) {
        SinkHistory history = SinkHistory.play();
        history.machine().crashAt(operation);
        try {
            rollBack(history, history.machine());
        } catch (SimulatedCrash | ClosedException powerFailed) {
            assertThat(history.machine().isDown()).isTrue();
        }
        CrashFileStore restarted = history.machine().crash(new SplittableRandom(operation));
        long[] seen = SinkJob.numbers(restarted);
        assertThat(seen)
                .as("after a power loss before operation %s", operation)
                .doesNotHaveDuplicates()
                .contains(SinkHistory.KEPT);
        assertThat(Arrays.stream(seen).boxed())
                .isSubsetOf(Arrays.stream(SinkHistory.ALL).boxed().toList());
        if (!Arrays.equals(seen, SinkHistory.ALL)) {
            assertThatThrownBy(() -> goOnFromTheLatest(history, restarted))
                    .as("records of the latest checkpoint are gone")
                    .isInstanceOf(ConfigException.class);
        }
        if (operation % 2 == 0) {
            WrittenTable.maintain(restarted, LifecycleRequest.settleAll());
            assertThat(SinkJob.numbers(restarted)).isEqualTo(seen);
        }
        rollBack(history, restarted);
        assertThat(SinkJob.numbers(restarted)).isEqualTo(SinkHistory.KEPT);
        goOn(history, restarted);
        return !Arrays.equals(seen, SinkHistory.ALL) && !Arrays.equals(seen, SinkHistory.KEPT);
    }

    private static void rollBack(SinkHistory history, CrashFileStore machine) {
        try (SinkJob job = SinkJob.start(machine, "third")) {
            job.rollBack(history.savepoint());
        }
    }

    private static void goOnFromTheLatest(SinkHistory history, CrashFileStore machine) {
        try (SinkJob job = SinkJob.start(machine, "third")) {
            job.attempts().requireRestorable(history.latest());
        }
    }

    private static void goOn(SinkHistory history, CrashFileStore machine) {
        try (SinkJob job =
                SinkJob.start(machine, "third").subtask(history.savepoint().toArray(RestoredAttempt[]::new))) {
            job.write(0, 15, 35).write(0, 115, 125).checkpoint(3);
        }
        WrittenTable.maintain(machine, LifecycleRequest.compressAll());
        assertThat(SinkJob.numbers(machine)).isEqualTo(SinkHistory.ALL);
        try (Table table = WrittenTable.open(machine)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            assertThat(TableOrphans.find(table).orphans()).isEmpty();
        }
    }
}
