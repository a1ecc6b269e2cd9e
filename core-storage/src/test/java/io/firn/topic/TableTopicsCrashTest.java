package io.firn.topic;

import static io.firn.topic.TableTopicsTest.DIRECTORY;
import static io.firn.topic.TableTopicsTest.TABLE;
import static io.firn.topic.TableTopicsTest.in;
import static io.firn.topic.TableTopicsTest.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.testing.BrokenForce;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableTopicsCrashTest {
    private static final int MUTATION_SEEDS = 5_000;

    @Test
    void whatWasKeptSurvivesAnyPowerLoss() {
        Randomized.forAll(400, random -> crashes(random, store -> store));
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenPromiseIsCaught(BrokenForce broken) {
        assertThat(BrokenForce.isCaught(
                        MUTATION_SEEDS, random -> crashes(random, store -> broken.of(store, DIRECTORY))))
                .isTrue();
    }

    /** Two objects as two tasks that capture one topic; the power fails anywhere. */
    private static void crashes(RandomGenerator random, UnaryOperator<FileStore> promises) {
        CrashFileStore store = new CrashFileStore();
        store.createDirectory(TABLE);
        store.forceDirectory(Path.of("/"));
        FileStore seen = promises.apply(store);
        List<TableTopics> tasks = List.of(new TableTopics(seen, DIRECTORY), new TableTopics(seen, DIRECTORY));
        Set<Integer> possible = new HashSet<>(Set.of(0));
        store.crashAt(1 + random.nextInt(40));
        try {
            for (int round = 0; round < 20; round++) {
                if (random.nextInt(10) == 0) {
                    store.failNextForce(StoreCall.is(StoreOperation.FORCE));
                }
                int partitions = 1 + random.nextInt(4);
                possible.add(partitions);
                try {
                    tasks.get(random.nextInt(2)).keep(topic(round, partitions));
                    possible.retainAll(Set.of(partitions));
                } catch (StorageIoException failedForce) {
                    assertThat(failedForce).hasMessageContaining("force");
                }
                store.writeBack(random);
            }
        } catch (SimulatedCrash crash) {
            assertThat(crash).isNotNull();
        }
        TableTopics after = in(store.crash(random));
        assertThat(after.damages()).isEmpty();
        assertThat(after.all()).allMatch(found -> possible.contains(found.partitions()));
        assertThat(after.all().isEmpty() && !possible.contains(0)).isFalse();
    }
}
