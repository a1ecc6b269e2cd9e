package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.table.Table;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.StoreCall;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A run of the lifecycle in which one operation fails, each of them once: it says so, nothing is lost, also when the
 * power fails then, and the next run succeeds.
 */
class LifecycleFaultTest {
    private static final int MOST_CALLS = 1_000;
    private static final int WRITERS = 5;

    /** What fails, and how. */
    enum Failing {
        FORCES,
        /** With a full disk. */
        WRITES,
        CHANGES_OF_NAMES,
        DELETES;

        Fault nth(long number) {
            Fault fault = Fault.on(this::concerns).nth(number);
            return this == WRITES ? fault.full() : fault;
        }

        private boolean concerns(StoreCall call) {
            return switch (call.operation()) {
                case FORCE, FORCE_REGION, FORCE_DIRECTORY -> this == FORCES;
                case WRITE, CREATE, CREATE_DIRECTORY -> this == WRITES;
                case RENAME, TRUNCATE -> this == CHANGES_OF_NAMES;
                case DELETE -> this == DELETES && !isEndOfRun(call);
                default -> false;
            };
        }

        /** A maintainer's directory that stays is no failure of the run, all of whose work is done. */
        private static boolean isEndOfRun(StoreCall call) {
            return call.path().toString().matches(".*/_table/tmp/\\d+");
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneFailingOperationLosesNothingAndTheNextRunSucceeds(Failing failing) {
        int number = 1;
        while (number < MOST_CALLS && failsOnce(failing, number)) {
            number++;
        }
        System.out.println("lifecycle runs with one failure among " + failing + ": " + (number - 1));
        assertThat(number).isBetween(4, MOST_CALLS - 1);
    }

    /** Returns false when the run has fewer such operations. */
    private static boolean failsOnce(Failing failing, int number) {
        CrashFileStore machine = WrittenTable.machine();
        WrittenTable table = WrittenTable.create(machine);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < WRITERS; i++) {
            table.write(machine, random);
        }
        FaultyFileStore faulty = new FaultyFileStore(machine);
        Fault fault = faulty.inject(failing.nth(number));
        try (Table opened = WrittenTable.open(faulty);
                LifecycleManager manager = WrittenTable.manager(opened)) {
            LifecycleStats stats = manager.run(LifecycleRequest.compressAll());
            if (!fault.happened()) {
                assertThat(stats.errors()).isEmpty();
                return false;
            }
            assertThat(stats.errors()).as("call %s of %s", number, failing).isNotEmpty();
            table.look(machine);
            if (number % 2 == 0) {
                assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
                table.look(machine);
            }
        }
        CrashFileStore restarted = machine.crash(random);
        table.look(restarted);
        table.converge(restarted);
        table.recover(restarted);
        table.converge(restarted);
        table.assertTidy(restarted);
        return true;
    }
}
