package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Owners, successors, zombies and readers of one lane, with a power loss at any operation: nothing that was acknowledged
 * or seen is lost, withdrawn, torn or there twice. And without one of the rules it is.
 */
class LaneLogCrashTest {
    private static final int SEEDS = 8_000;
    private static final int MUTATION_SEEDS = 20_000;

    @Test
    void nothingAcknowledgedOrSeenIsEverLost() {
        Randomized.forAll(SEEDS, random -> scenario(random, store -> store));
    }

    /** The first owner stalls behind the creation of its log, the second one meets a power loss: nothing existed yet. */
    @Test
    void aNewLaneOpensAgainWhateverItsFirstOwnersLost() {
        for (int operation = 1; operation <= 10; operation++) {
            for (int seed = 0; seed < 40; seed++) {
                CrashFileStore machine = new CrashFileStore();
                TableLayout layout = LogTables.create(machine);
                Path lane = layout.lane(LogTables.MAIN.lane());
                layout.createDirectories(List.of(lane));
                machine.createExclusively(lane.resolve("00000000000000000001.log"))
                        .orElseThrow()
                        .close();
                machine.crashAt(operation);
                try {
                    LogTables.open(layout).close();
                } catch (SimulatedCrash powerFailed) {
                    assertThat(machine.isDown()).isTrue();
                }
                CrashFileStore after = machine.crash(new SplittableRandom(seed));
                LogTables.open(new TableLayout(after, LogTables.ROOT, LogTables.TABLE_ID))
                        .close();
            }
        }
    }

    /** One rule of the protocol left out. */
    enum Mutation {
        NO_DATA_FORCE,
        NO_LOG_FORCE,
        NO_LANE_DIRECTORY_FORCE,
        NO_HOT_DIRECTORY_FORCE;

        boolean leavesOut(StoreCall call) {
            String path = call.path().toString();
            boolean file = call.operation() == StoreOperation.FORCE;
            boolean directory = call.operation() == StoreOperation.FORCE_DIRECTORY;
            return switch (this) {
                case NO_DATA_FORCE -> file && path.endsWith(".q");
                case NO_LOG_FORCE -> file && path.endsWith(".log");
                case NO_LANE_DIRECTORY_FORCE -> directory && path.contains("~");
                case NO_HOT_DIRECTORY_FORCE -> directory && path.endsWith("hot");
            };
        }

        FileStore of(FileStore store) {
            return new ForwardingFileStore(store) {
                @Override
                protected boolean ignores(StoreCall call) {
                    return leavesOut(call);
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutOneOfTheForcesItIsCaught(Mutation mutation) {
        assertThat(isCaught(mutation::of)).isTrue();
    }

    private static boolean isCaught(Function<FileStore, FileStore> mutation) {
        for (long seed = 0; seed < MUTATION_SEEDS; seed++) {
            try {
                scenario(new SplittableRandom(seed), mutation);
            } catch (AssertionError | RuntimeException caught) {
                return true;
            }
        }
        return false;
    }

    private static void scenario(RandomGenerator random, Function<FileStore, FileStore> actorStore) {
        CrashFileStore machine = new CrashFileStore();
        LogTables.create(machine);
        LaneHistory history = new LaneHistory();
        for (int round = 0; round < 3; round++) {
            machine.crashAt(1 + random.nextInt(60));
            try {
                live(machine, history, random, actorStore);
            } catch (SimulatedCrash powerFailed) {
                assertThat(machine.isDown()).isTrue();
            }
            machine = machine.crash(random);
            history.check(machine);
        }
    }

    /** Two owners: the second one runs in the middle of the first, which goes on as a zombie afterwards. */
    private static void live(
            CrashFileStore machine,
            LaneHistory history,
            RandomGenerator random,
            Function<FileStore, FileStore> actorStore) {
        ForwardingFileStore first = new ForwardingFileStore(actorStore.apply(machine));
        int stallAt = random.nextInt(80);
        int[] calls = {0};
        first.runBefore(StoreCall.any(), () -> {
            if (++calls[0] == stallAt) {
                LaneHistory.tolerate(() -> run(actorStore.apply(machine), history, random));
            }
            if (random.nextInt(20) == 0) {
                LaneHistory.tolerate(() -> history.lookAtAll(actorStore.apply(machine)));
            }
        });
        LaneHistory.tolerate(() -> run(first, history, random));
        LaneHistory.tolerate(() -> run(actorStore.apply(machine), history, random));
    }

    private static void run(FileStore store, LaneHistory history, RandomGenerator random) {
        try (LaneHistory.Owner owner = history.new Owner(store)) {
            int commits = random.nextInt(4);
            for (int i = 0; i < commits; i++) {
                owner.commit();
                if (random.nextInt(3) == 0) {
                    history.look(store);
                }
            }
        }
    }
}
