package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.PeerWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers share the tasks of a replay, and one of them is killed, frozen until others have its tasks, and stopped: the
 * transactions that it comes back with count for nothing.
 */
class SourceGroupIT {
    private static final int ROUNDS = 3;
    private static final int STRESS_ROUNDS = 60;
    private static final int PARTITIONS = 6;
    private static final int TASKS = 3;
    private static final int RECORDS = 10_000;
    private static final int DISTURBED_WITHIN = 5_000;

    @TempDir
    Path directory;

    private SourceWorld world;
    private PeerWorker second;
    private int round;

    private enum Disturbance {
        KILL_WORKER,
        FREEZE_WORKER,
        STOP_WORKER,
        RESTART_TASKS,
        CHANGE_TASK_COUNT,
        PAUSE
    }

    @BeforeEach
    void start() throws Exception {
        world = SourceWorld.startWithFastFailover(directory);
        second = new PeerWorker(world::startAnotherWorker);
    }

    @AfterEach
    void stop() {
        second.close();
        world.close();
    }

    @Test
    void targetEqualsTheArchiveAfterEveryDisturbance() throws Exception {
        String servers = world.broker().bootstrapServers();
        world.createTopic("t", PARTITIONS);
        try (TopicFeed feed = TopicFeed.open(servers)) {
            feed.sendRandom(new Random(11), "t", PARTITIONS, RECORDS);
        }
        ArchiveFixture.archiveTopic(world.archive(), "dt:date=timestamp", servers, "t");

        Randomized.forAll(TestProfile.isStress() ? STRESS_ROUNDS : ROUNDS, this::round);
    }

    private void round(RandomGenerator random) {
        String replay = "replay-" + round;
        world.createTopic(replay, PARTITIONS);
        world.rest().create(replay, config(replay, TASKS));
        world.awaitReplayedThoughAborted(replay, 1 + random.nextInt(DISTURBED_WITHIN));
        int tasks = disturb(Disturbance.values()[round++ % Disturbance.values().length], replay, random);
        Map<String, String> unlimited = config(replay, tasks);
        unlimited.remove("replay.rate.records");
        world.rest().putConfig(replay, unlimited);
        world.awaitReplayedThoughAborted(replay, RECORDS);
        assertThat(world.dump("t").differencesInContent(world.dump(replay))).isEmpty();
        world.deleteWithStatus(replay);
    }

    private Map<String, String> config(String replay, int tasks) {
        Map<String, String> config = world.config("t", replay);
        config.put("tasks.max", Integer.toString(tasks));
        config.put("poll.max.records", "100");
        config.put("replay.rate.records", "1500");
        // nobody reads behind what a dead worker leaves open
        config.put("producer.override.transaction.timeout.ms", "10000");
        return config;
    }

    private int disturb(Disturbance disturbance, String replay, RandomGenerator random) {
        int tasks = TASKS;
        switch (disturbance) {
            case KILL_WORKER -> second.killAndReplace();
            case STOP_WORKER -> second.stopAndReplace();
            case FREEZE_WORKER -> second.freeze(Duration.ofMillis(random.nextInt(12_000)));
            case RESTART_TASKS -> world.rest().restart(replay);
            case CHANGE_TASK_COUNT -> tasks = 1 + random.nextInt(PARTITIONS);
            case PAUSE -> {
                world.rest().pause(replay);
                world.rest().resume(replay);
            }
        }
        return tasks;
    }
}
