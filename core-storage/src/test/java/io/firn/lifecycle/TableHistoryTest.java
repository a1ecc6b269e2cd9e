package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.ClosedException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Everything that can be done to a table is done to one, in any order: writers with rollbacks, attempts of a sink and
 * their rollback, every verb of the lifecycle, copies into other partitions, rebuilds of lost logs; and any of it may be
 * cut off at any operation. Nothing is lost, twice, out of order or back from the dead.
 */
class TableHistoryTest {
    private static final int ROUNDS = 4;

    @Test
    void processesAreKilledAtAnyOperation() {
        Randomized.forAll(8, random -> {
            CrashFileStore machine = WrittenTable.machine();
            TableHistory history = new TableHistory(machine, random);
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    FileStore others = WrittenTable.withoutLocks(machine);
                    KillableProcess process = new KillableProcess(others);
                    process.killAfter(random.nextInt(1500));
                    process.run(() -> live(process, others, history, random));
                    history.killed(others);
                    history.look(others);
                }
                history.end(WrittenTable.withoutLocks(machine));
            } catch (RuntimeException | Error failed) {
                throw history.failure(failed);
            }
        });
    }

    @Test
    void theMachineLosesPowerAtAnyOperation() {
        Randomized.forAll(8, random -> {
            CrashFileStore machine = WrittenTable.machine();
            TableHistory history = new TableHistory(machine, random);
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    machine.crashAt(1 + random.nextInt(900));
                    FileStore store = WrittenTable.withoutLocks(machine);
                    try {
                        live(new ForwardingFileStore(store), store, history, random);
                    } catch (SimulatedCrash | ClosedException powerFailed) {
                        assertThat(machine.isDown()).isTrue();
                    }
                    machine = machine.crash(random);
                    history.restarted(machine);
                    history.look(machine);
                }
                history.end(machine);
            } catch (RuntimeException | Error failed) {
                throw history.failure(failed);
            }
        });
    }

    private static void live(
            ForwardingFileStore process, FileStore others, TableHistory history, RandomGenerator random) {
        boolean[] busy = new boolean[1];
        int rate = 50 + random.nextInt(400);
        process.runBefore(StoreCall.any(), () -> {
            boolean killed = process instanceof KillableProcess killable && killable.isKilled();
            if (!busy[0] && !killed && random.nextInt(rate) == 0) {
                busy[0] = true;
                history.event(others);
                busy[0] = false;
            }
        });
        for (int steps = 3 + random.nextInt(10); steps > 0; steps--) {
            try {
                history.step(process);
                history.follow(others);
            } catch (WriterFencedException overtaken) {
                assertThat(overtaken).hasMessageContaining("poch");
            }
        }
    }
}
