package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.testing.Fault;
import io.firn.testing.Randomized;
import io.firn.testing.StoreCall;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks that die, freeze and wake up, partitions that move, forces that fail and disks that fill up, in random order:
 * the archive equals the log at the end, every record once.
 */
class FirnSinkTaskRandomTest {
    private static final int ROUNDS = 12;
    private static final int STEPS = 60;
    private static final int PARTITIONS = 3;

    @TempDir
    Path directory;

    @Test
    void archiveEqualsTheLogWhateverHappens() {
        int factor = TestProfile.isStress() ? 100 : 1;
        AtomicInteger round = new AtomicInteger();
        AtomicInteger faults = new AtomicInteger();
        AtomicInteger moved = new AtomicInteger();
        Randomized.forAll(
                ROUNDS * factor,
                random -> new Round(directory.resolve("archive-" + round.incrementAndGet()), random, faults, moved)
                        .run());
        assertThat(faults.get()).isPositive();
        assertThat(moved.get()).isPositive();
    }

    /** One archive from the first record to the comparison. */
    private static final class Round {
        private final RandomGenerator random;
        private final AtomicInteger faults;
        private final AtomicInteger moved;
        private final TaskRig rig;
        private final List<SinkTaskHarness> owners = new ArrayList<>();
        private final List<SinkTaskHarness> zombies = new ArrayList<>();

        Round(Path root, RandomGenerator random, AtomicInteger faults, AtomicInteger moved) {
            this.random = random;
            this.faults = faults;
            this.moved = moved;
            SourceLog log = new SourceLog("t", PARTITIONS)
                    .fill(new SplittableRandom(random.nextLong()), 100 + random.nextInt(200));
            this.rig = new TaskRig(root, log)
                    .with("segment.size", "65536")
                    .with("commit.interval.ms", "1000")
                    .with("record.format", random.nextInt(3) == 0 ? "structured" : "raw");
            for (TopicPartition partition : rig.partitions()) {
                owners.add(newOwner(partition));
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            rig.store().heal();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                rig.drain(freshOwner(partition));
            }
            zombies.forEach(this::zombieStep);
            rig.assertArchiveEqualsLog();
        }

        private void step() {
            int partition = random.nextInt(PARTITIONS);
            rig.advance(Duration.ofMillis(random.nextInt(700)));
            switch (random.nextInt(14)) {
                case 0 -> kill(partition);
                case 1 -> move(partition);
                case 2 -> freeze(partition);
                case 3 -> lose(partition);
                case 4 -> inject();
                case 5 -> rig.store().limitSpace(random.nextInt(100_000));
                case 6 -> rig.store().heal();
                case 7 -> rig.groupOffsets().clear();
                case 8 -> maintain();
                case 9 -> zombies.forEach(this::zombieStep);
                default -> owners.forEach(this::ownerStep);
            }
        }

        /** The lifecycle works on the same files, and may fail; readers and writers must not notice. */
        private void maintain() {
            try {
                LifecycleRequest request =
                        random.nextBoolean() ? LifecycleRequest.settleAll() : LifecycleRequest.compressAll();
                moved.addAndGet((int) rig.maintain(request).settledRecords());
            } catch (FirnException failed) {
                rig.store().heal();
            }
        }

        private void inject() {
            faults.incrementAndGet();
            rig.store().inject(Fault.on(this::isChange).nth(1 + random.nextInt(20)));
        }

        private boolean isChange(StoreCall call) {
            return call.operation().isMutating();
        }

        private void ownerStep(SinkTaskHarness owner) {
            int partition = owners.indexOf(owner);
            try {
                owner.iterate(1 + random.nextInt(40));
            } catch (ConnectException failed) {
                rig.store().heal();
                kill(partition);
            }
        }

        /** A frozen task that wakes up: whatever it does, its lane belongs to somebody else. */
        private void zombieStep(SinkTaskHarness zombie) {
            try {
                zombie.iterate(1 + random.nextInt(40));
                zombie.commitAll();
            } catch (ConnectException fenced) {
                assertThat(fenced).hasMessageContaining("archiv");
            }
        }

        /** The process dies: nothing is closed, nothing is committed. */
        private void kill(int partition) {
            freshOwner(partition);
        }

        /** The task is stopped by a signal and goes on later, after its successor has opened the lane. */
        private void freeze(int partition) {
            zombies.add(owners.get(partition));
            freshOwner(partition);
        }

        private void move(int partition) {
            SinkTaskHarness owner = owners.get(partition);
            owner.revoke(owner.assignment());
            freshOwner(partition);
        }

        private void lose(int partition) {
            SinkTaskHarness owner = owners.get(partition);
            owner.lose(owner.assignment());
            freshOwner(partition);
        }

        private SinkTaskHarness freshOwner(int partition) {
            SinkTaskHarness fresh = newOwner(rig.partitions().get(partition));
            owners.set(partition, fresh);
            return fresh;
        }

        private SinkTaskHarness newOwner(TopicPartition partition) {
            while (true) {
                try {
                    SinkTaskHarness owner = rig.task();
                    owner.assign(List.of(partition));
                    return owner;
                } catch (ConnectException failed) {
                    rig.store().heal();
                }
            }
        }
    }
}
