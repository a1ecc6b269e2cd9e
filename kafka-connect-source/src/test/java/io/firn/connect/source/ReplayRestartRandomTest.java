package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replays whose transactions are aborted at any poll, with another number of tasks and of records in a poll each time,
 * while the archive grows and is settled, compressed and compacted: every record once in each loop, and in order.
 */
class ReplayRestartRandomTest {
    private static final int ROUNDS = 6;
    private static final int STEPS = 60;
    private static final int PARTITIONS = 3;
    private static final List<String> TOPICS = List.of("a", "b");

    @TempDir
    Path directory;

    @Test
    void whatIsCommittedIsEveryRecordOnceInEachLoopAndInOrder() {
        AtomicInteger round = new AtomicInteger();
        Randomized.forAll(ROUNDS * (TestProfile.isStress() ? 100 : 1), random -> {
            new Round(directory.resolve("archive-" + round.incrementAndGet()), random).run();
        });
    }

    /** One replay from its start to the comparison. */
    private static final class Round {
        private final Path root;
        private final RandomGenerator random;
        private final boolean follows;
        private final boolean merged;
        private final int loops;
        private final Map<String, List<String>> archived = new TreeMap<>();
        private final Map<String, Long> offsets = new HashMap<>();
        private final List<String> committed = new ArrayList<>();
        private final Map<String, List<String>> committedByPlace = new TreeMap<>();
        private final List<ReplayRun.Taken> open = new ArrayList<>();
        private Map<Map<String, ?>, Map<String, ?>> stored = Map.of();

        Round(Path root, RandomGenerator random) {
            this.root = root;
            this.random = random;
            this.follows = random.nextBoolean();
            this.merged = random.nextBoolean();
            this.loops = follows ? 1 : 1 + random.nextInt(4);
        }

        void run() {
            TOPICS.forEach(topic -> archive(topic, 0, 10));
            TOPICS.forEach(topic -> archive(topic, 1, 30));
            try (ReplayRun run = ReplayRun.start(root, options())) {
                for (int step = 0; step < STEPS; step++) {
                    step(run);
                }
                open.addAll(run.takeAll());
                commit(run);
            }
            Map<String, List<String>> expected = new TreeMap<>();
            archived.forEach((place, values) -> {
                for (int loop = 0; loop < loops; loop++) {
                    expected.computeIfAbsent(place, any -> new ArrayList<>()).addAll(values);
                }
            });
            assertThat(committedByPlace)
                    .as("follows=%s merged=%s loops=%s", follows, merged, loops)
                    .isEqualTo(expected);
            if (merged && !follows) {
                assertThat(committed).isEqualTo(withoutInterruption());
            }
        }

        private List<String> withoutInterruption() {
            try (ReplayRun run = ReplayRun.start(root, options())) {
                return run.takeAll().stream().map(ReplayRun.Taken::value).toList();
            }
        }

        private String[] options() {
            return new String[] {
                "restore.mode",
                follows ? "continuous" : "bounded",
                "restore.order",
                merged ? "timestamp" : "partition",
                "restore.loop",
                Integer.toString(loops),
                "poll.max.records",
                Integer.toString(1 + random.nextInt(20))
            };
        }

        private void step(ReplayRun run) {
            switch (random.nextInt(12)) {
                case 0, 1 -> restart(run);
                case 2, 3 -> commit(run);
                case 4 -> maintain(LifecycleRequest.settleAll());
                case 5 -> maintain(LifecycleRequest.compressAll());
                case 6 -> maintain(LifecycleRequest.compact());
                case 7 -> {
                    if (follows) {
                        archive(TOPICS.get(random.nextInt(TOPICS.size())), 1, random.nextInt(6));
                    }
                }
                default -> open.addAll(run.poll());
            }
        }

        /** The transaction that is open is aborted. */
        private void restart(ReplayRun run) {
            open.clear();
            run.offsets().clear();
            run.offsets().putAll(stored);
            run.withTasks(1 + random.nextInt(5))
                    .with("poll.max.records", Integer.toString(1 + random.nextInt(20)))
                    .restart();
        }

        private void commit(ReplayRun run) {
            for (ReplayRun.Taken taken : open) {
                committed.add(taken.value());
                committedByPlace
                        .computeIfAbsent(
                                taken.record().topic() + "-" + taken.record().kafkaPartition(),
                                any -> new ArrayList<>())
                        .add(taken.value());
            }
            open.clear();
            stored = Map.copyOf(run.offsets());
        }

        private void archive(String topic, int generation, int count) {
            try (ArchiveFixture archive = ArchiveFixture.open(root, topic, "dt:date=timestamp", topic, generation)) {
                for (int i = 0; i < count; i++) {
                    int partition = random.nextInt(PARTITIONS);
                    String place = topic + "-" + partition;
                    long offset = offsets.merge(place + "/" + generation, 1L + random.nextInt(2), Long::sum);
                    String value = place + "/" + generation + "@" + offset;
                    archive.append(
                            partition,
                            offset,
                            StreamRecord.atMillis(random.nextLong(3 * 86_400_000L))
                                    .value(value.getBytes(StandardCharsets.UTF_8))
                                    .build());
                    archived.computeIfAbsent(place, any -> new ArrayList<>()).add(value);
                }
                archive.seal();
            }
        }

        private void maintain(LifecycleRequest request) {
            try (Table table = Table.open(root.resolve(TOPICS.get(random.nextInt(TOPICS.size()))));
                    LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                lifecycle.run(request);
            }
        }
    }
}
