package io.firn.connect.sink;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.PeerWorker;
import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.testing.OwnThread;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers whose tasks hand partitions over one by one while they keep the others (cooperative rebalances). Records
 * arrive meanwhile, partitions are added, and one worker is killed, frozen and stopped.
 */
class SinkGroupIT {
    private static final int STRESS_ROUNDS = 120;
    private static final int TASKS = 3;
    private static final int RECORDS_PER_ROUND = 2_000;

    @TempDir
    Path directory;

    private SinkFixture fixture;
    private TestWorker first;
    private PeerWorker second;
    private int partitions = 4;
    private int round;

    private enum Disturbance {
        KILL_WORKER,
        FREEZE_WORKER,
        ADD_PARTITION,
        STOP_WORKER,
        CHANGE_TASK_COUNT,
        PAUSE
    }

    @BeforeEach
    void start() {
        fixture = new SinkFixture(directory).fastFailover();
        first = fixture.startWorker();
        second = new PeerWorker(fixture::startWorker);
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        fixture.close();
    }

    @Test
    void archiveEqualsTheTopicAfterEveryDisturbance() {
        fixture.broker().createTopic("t", partitions, Map.of());
        fixture.create(first.rest(), "t", config(TASKS));

        Randomized.forAll(TestProfile.isStress() ? STRESS_ROUNDS : Disturbance.values().length, this::round);
    }

    private Map<String, String> config(int tasks) {
        Map<String, String> config = fixture.config("t", tasks);
        config.put("consumer.override.partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        config.put("consumer.override.metadata.max.age.ms", "500");
        return config;
    }

    private void round(RandomGenerator random) {
        RandomGenerator records = new SplittableRandom(random.nextLong());
        int present = partitions;
        CompletableFuture<Void> feeding = OwnThread.run(() -> feed(records, present));
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_500)).toNanos());
        disturb(Disturbance.values()[round++ % Disturbance.values().length], random);
        feeding.join();
        fixture.assertArchiveEqualsTopic("t");
    }

    private void feed(RandomGenerator random, int present) {
        try (TopicFeed feed = fixture.feed()) {
            for (int i = 0; i < 10; i++) {
                feed.sendRandom(random, "t", present, RECORDS_PER_ROUND / 10);
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private void disturb(Disturbance disturbance, RandomGenerator random) {
        ConnectRest rest = first.rest();
        switch (disturbance) {
            case KILL_WORKER -> second.killAndReplace();
            case STOP_WORKER -> second.stopAndReplace();
            case FREEZE_WORKER -> second.freeze(Duration.ofMillis(random.nextInt(8_000)));
            case ADD_PARTITION -> {
                NewPartitions more = NewPartitions.increaseTo(++partitions);
                fixture.broker()
                        .call(admin -> admin.createPartitions(Map.of("t", more)).all());
            }
            case CHANGE_TASK_COUNT -> rest.putConfig("t", config(1 + random.nextInt(TASKS + 1)));
            case PAUSE -> {
                rest.pause("t");
                rest.resume("t");
            }
        }
    }
}
