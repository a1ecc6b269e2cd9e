package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.Fault;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks that die, freeze and wake up, partitions that move, forces that fail and disks that fill up, in random order:
 * at the end each series is what the log says, with the last value of each time.
 */
class SeriesTaskRandomTest {
    private static final int ROUNDS = 4;
    private static final int STEPS = 50;
    private static final int PARTITIONS = 2;

    @TempDir
    Path directory;

    @Test
    void seriesEqualTheLogWhateverHappens() {
        AtomicInteger round = new AtomicInteger();
        Randomized.forAll(
                ROUNDS * (TestProfile.isStress() ? 100 : 1),
                random -> new Round(directory.resolve("archive-" + round.incrementAndGet()), random).run());
    }

    private static final class Round {
        private final RandomGenerator random;
        private final Map<String, Map<Long, Double>> model = new TreeMap<>();
        private final TaskRig rig;
        private final List<SinkTaskHarness> owners = new ArrayList<>();
        private final List<SinkTaskHarness> zombies = new ArrayList<>();

        Round(Path root, RandomGenerator random) {
            this.random = random;
            SourceLog log = new SourceLog("t", PARTITIONS);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                int count = 200 + random.nextInt(400);
                for (int i = 0; i < count; i++) {
                    int host = random.nextInt(4);
                    long timestampMs = random.nextInt(90);
                    long gap = random.nextInt(10) == 0 ? 1 + random.nextInt(3) : 0;
                    log.append(
                            partition,
                            log.endOffset(partition) + gap,
                            SeriesDump.record("t", partition, host, timestampMs, i));
                    SeriesDump.apply(model, partition, host, timestampMs, i);
                }
            }
            this.rig = new TaskRig(root, log)
                    .with("record.format", "series")
                    .with("series.labels", SeriesDump.LABELS)
                    .with("series.value", "value.load")
                    .with("series.segment.size", "128KiB")
                    .with("series.head.max.samples", "150");
            rig.partitions().forEach(partition -> owners.add(newOwner(partition)));
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
            assertThat(SeriesDump.read(rig.tablePath())).isEqualTo(model);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(SeriesDump.positions(rig.tablePath()))
                        .containsEntry("t-" + partition, rig.log().endOffset(partition));
            }
        }

        private void step() {
            int partition = random.nextInt(PARTITIONS);
            rig.advance(Duration.ofMillis(random.nextInt(700)));
            switch (random.nextInt(12)) {
                case 0 -> freshOwner(partition); // the process dies: nothing is closed
                case 1 -> {
                    owners.get(partition).revoke(owners.get(partition).assignment());
                    freshOwner(partition);
                }
                case 2 -> {
                    zombies.add(owners.get(partition));
                    freshOwner(partition);
                }
                case 3 ->
                    rig.store()
                            .inject(Fault.on(call -> call.operation().isMutating())
                                    .nth(1 + random.nextInt(20)));
                case 4 -> rig.store().limitSpace(random.nextInt(100_000));
                case 5 -> rig.store().heal();
                case 6 -> rig.groupOffsets().clear();
                case 7 -> zombies.forEach(this::zombieStep);
                default -> owners.forEach(this::ownerStep);
            }
        }

        private void ownerStep(SinkTaskHarness owner) {
            int partition = owners.indexOf(owner);
            try {
                owner.iterate(1 + random.nextInt(60));
            } catch (ConnectException failed) {
                rig.store().heal();
                freshOwner(partition);
            }
        }

        /** A frozen task that wakes up: whatever it does, its store belongs to somebody else. */
        private void zombieStep(SinkTaskHarness zombie) {
            try {
                zombie.iterate(1 + random.nextInt(40));
                zombie.commitAll();
            } catch (ConnectException fenced) {
                assertThat(fenced).hasMessageContaining("archiv");
            }
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
