package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.ClosedException;
import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Writers, maintainers and readers of a table whose machine loses power at any operation: every committed record stays
 * there once, whatever was being rewritten, and the next run of the lifecycle leaves nothing behind.
 */
class LifecycleCrashTest {
    private static final int SEEDS = 150;
    private static final int ZOMBIE_SEEDS = 80;
    private static final int MUTATION_SEEDS = 3_000;
    private static final int ROUNDS = 3;
    private static final int MOST_OPERATIONS = 400;
    private static final List<LifecycleRequest> REQUESTS = List.of(
            LifecycleRequest.settleAll(),
            LifecycleRequest.compressAll(),
            LifecycleRequest.compressAll(),
            LifecycleRequest.decompressAll(),
            LifecycleRequest.due());

    @Test
    void everyCommittedRecordSurvivesAnyPowerLossOnce() {
        Randomized.forAll(SEEDS, random -> scenario(random, store -> store, false));
    }

    @Test
    void aMaintainerThatWasOvertakenDoesNoHarm() {
        Randomized.forAll(ZOMBIE_SEEDS, random -> scenario(random, store -> store, true));
    }

    @Test
    void aPowerLossBeforeEachOperationOfASmallRun() {
        CrashFileStore counted = WrittenTable.machine();
        WrittenTable untouched = WrittenTable.create(counted);
        long before = counted.mutationCount();
        smallRun(counted, untouched);
        untouched.look(counted);
        long operations = counted.mutationCount() - before;
        System.out.println("power losses, one before each operation: " + operations);
        assertThat(operations).isGreaterThan(200);
        for (long operation = 1; operation <= operations; operation++) {
            crashAt(operation);
        }
    }

    private static void crashAt(long operation) {
        CrashFileStore machine = WrittenTable.machine();
        WrittenTable table = WrittenTable.create(machine);
        machine.crashAt(operation);
        try {
            smallRun(machine, table);
        } catch (SimulatedCrash | ClosedException powerFailed) {
            assertThat(machine.isDown()).isTrue();
        }
        try {
            restart(machine.crash(new SplittableRandom(operation)), table, operation % 2 == 0);
        } catch (AssertionError | FirnException failed) {
            List<StoreCall> calls = machine.mutations();
            throw new AssertionError("after a power loss before " + calls.get(calls.size() - 1), failed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenPromiseIsCaught(BrokenLifecycle mutation) {
        assertThat(isCaught(mutation)).isTrue();
    }

    private static boolean isCaught(BrokenLifecycle mutation) {
        for (long seed = 0; seed < MUTATION_SEEDS; seed++) {
            try {
                scenario(new SplittableRandom(seed), mutation::of, false);
            } catch (AssertionError | FirnException caught) {
                scenario(new SplittableRandom(seed), store -> store, false);
                return true;
            }
        }
        return false;
    }

    private static void smallRun(FileStore store, WrittenTable table) {
        RandomGenerator random = new SplittableRandom(4);
        List<LifecycleRequest> requests =
                List.of(LifecycleRequest.settleAll(), LifecycleRequest.compressAll(), LifecycleRequest.decompressAll());
        for (LifecycleRequest request : requests) {
            table.write(store, random);
            assertThat(WrittenTable.maintain(store, request).errors()).isEmpty();
        }
    }

    private static void scenario(RandomGenerator random, UnaryOperator<FileStore> wrapping, boolean zombie) {
        CrashFileStore machine = WrittenTable.machine();
        WrittenTable table = WrittenTable.create(machine);
        for (int round = 0; round < ROUNDS; round++) {
            machine.crashAt(1 + random.nextInt(MOST_OPERATIONS));
            try {
                live(wrapping.apply(machine), table, random, zombie);
            } catch (SimulatedCrash | ClosedException powerFailed) {
                assertThat(machine.isDown()).isTrue();
            }
            machine = machine.crash(random);
            table.look(machine);
        }
        restart(machine, table, random.nextBoolean());
    }

    /** Writers and maintainers; readers look in between, and a second maintainer may overtake the first. */
    private static void live(FileStore machine, WrittenTable table, RandomGenerator random, boolean zombie) {
        FileStore others = WrittenTable.withoutLocks(machine);
        ForwardingFileStore store = new ForwardingFileStore(machine);
        try (WrittenTable.Follower follower = table.new Follower(others)) {
            store.runBefore(StoreCall.any(), () -> {
                int event = random.nextInt(300);
                if (event < 2) {
                    follower.follow(1 + random.nextInt(60));
                } else if (event == 2) {
                    table.look(others);
                } else if (event == 3 && zombie) {
                    WrittenTable.maintain(others, any(random));
                }
            });
            int steps = 2 + random.nextInt(4);
            for (int step = 0; step < steps; step++) {
                step(store, table, random, zombie);
            }
        }
    }

    private static void step(FileStore store, WrittenTable table, RandomGenerator random, boolean zombie) {
        try {
            table.write(store, random);
            LifecycleStats stats = WrittenTable.maintain(store, any(random));
            if (!zombie) {
                assertThat(stats.errors()).isEmpty();
            }
        } catch (WriterFencedException overtaken) {
            // A reader or the other maintainer helped somebody who had not finished opening.
            assertThat(overtaken).hasMessageContaining("Epoch");
        }
    }

    private static LifecycleRequest any(RandomGenerator random) {
        return REQUESTS.get(random.nextInt(REQUESTS.size()));
    }

    /** Either the writers come back first, or the maintainer. */
    private static void restart(FileStore machine, WrittenTable table, boolean writersFirst) {
        table.look(machine);
        if (writersFirst) {
            recoverTwice(machine, table);
        } else {
            table.converge(machine);
        }
        table.recover(machine);
        table.converge(machine);
        table.assertTidy(machine);
    }

    private static void recoverTwice(FileStore machine, WrittenTable table) {
        table.recover(machine);
        Map<String, ByteBuffer> once = WrittenTable.segmentFiles(machine);
        table.recover(machine);
        assertThat(WrittenTable.segmentFiles(machine)).isEqualTo(once);
        table.look(machine);
    }
}
