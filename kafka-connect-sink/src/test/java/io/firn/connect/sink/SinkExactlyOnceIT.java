package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.TestWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.testing.OwnThread;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seeded disturbances of a real worker while records arrive; the oracle is an independent consumer. One archive goes
 * through all rounds, and twenty rounds have the same topics, so that every round also reads what those before left
 * behind. Each form of records has a topic and a connector of its own, and every disturbance meets both.
 */
@Tag("containers")
class SinkExactlyOnceIT {
    private static final int ROUNDS = 12;
    private static final int STRESS_ROUNDS = 200;
    /** Each round compares all of a topic. */
    private static final int ROUNDS_OF_A_TOPIC = 20;

    private static final int PARTITIONS = 4;
    private static final int TASKS = 2;
    private static final int RECORDS_PER_ROUND = 2_000;
    private static final List<ArchivedForm> FORMS = ArchivedForm.all();

    @TempDir
    Path directory;

    private SinkFixture fixture;
    private TestWorker worker;
    private int round;
    private int topics;

    private enum Disturbance {
        KILL_WORKER,
        STOP_WORKER,
        RESTART_TASKS,
        RESET_GROUP,
        FREEZE_WORKER,
        CHANGE_TASK_COUNT
    }

    @BeforeEach
    void start() {
        fixture = new SinkFixture(directory).fastFailover();
        worker = fixture.startWorker();
    }

    @AfterEach
    void stop() {
        worker.close();
        fixture.close();
    }

    @Test
    void archiveEqualsTheTopicAfterEveryDisturbance() {
        int rounds = TestProfile.isStress() ? STRESS_ROUNDS : ROUNDS;
        Map<Disturbance, Integer> counts = new EnumMap<>(Disturbance.class);

        Randomized.forAll(rounds, random -> {
            if (round % ROUNDS_OF_A_TOPIC == 0) {
                beginTopics();
            }
            Disturbance disturbance = Disturbance.values()[round++ % Disturbance.values().length];
            counts.merge(disturbance, 1, Integer::sum);
            round(random, disturbance);
        });

        System.out.println("disturbances survived: " + counts);
        assertThat(counts).containsKey(Disturbance.KILL_WORKER);
    }

    private void beginTopics() {
        if (round > 0) {
            FORMS.forEach(form -> worker.rest().delete(connector(form)));
        }
        topics++;
        for (ArchivedForm form : FORMS) {
            fixture.broker().createTopic(topic(form), PARTITIONS, Map.of());
            fixture.create(worker.rest(), connector(form), config(form, TASKS));
        }
    }

    private String topic(ArchivedForm form) {
        return "rounds-" + form.name() + "-" + topics;
    }

    private String connector(ArchivedForm form) {
        return topic(form) + "-sink";
    }

    /** Segments are sealed, settled and compressed all the time, under the disturbances. */
    private Map<String, String> config(ArchivedForm form, int tasks) {
        Map<String, String> config = fixture.config(topic(form), tasks);
        config.putAll(form.settings());
        config.put("rotate.interval.ms", "1000");
        config.put("compression.policy", "immediate");
        return config;
    }

    private void round(RandomGenerator random, Disturbance disturbance) {
        RandomGenerator records = new SplittableRandom(random.nextLong());
        CompletableFuture<Void> feeding = OwnThread.run(() -> feed(records));
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_500)).toNanos());
        disturb(random, disturbance);
        feeding.join();
        FORMS.forEach(form -> fixture.assertArchiveEqualsTopic(topic(form), form.converters()));
    }

    private void feed(RandomGenerator random) {
        try (TopicFeed feed = fixture.feed()) {
            for (int i = 0; i < 10; i++) {
                for (ArchivedForm form : FORMS) {
                    send(feed, random, form, RECORDS_PER_ROUND / 10);
                }
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private void send(TopicFeed feed, RandomGenerator random, ArchivedForm form, int count) {
        for (int i = 0; i < count; i++) {
            feed.send(form.record(random, topic(form), random.nextInt(PARTITIONS)));
        }
        feed.flush();
    }

    private void disturb(RandomGenerator random, Disturbance disturbance) {
        ConnectRest rest = worker.rest();
        switch (disturbance) {
            case KILL_WORKER -> {
                worker.kill();
                restartWorker();
            }
            case STOP_WORKER -> {
                worker.stop();
                restartWorker();
            }
            case RESTART_TASKS -> FORMS.forEach(form -> rest.restart(connector(form)));
            case RESET_GROUP -> FORMS.forEach(form -> resetGroup(rest, connector(form)));
            case FREEZE_WORKER -> {
                worker.suspend();
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_000)).toNanos());
                worker.resume();
            }
            case CHANGE_TASK_COUNT ->
                FORMS.forEach(form -> rest.putConfig(connector(form), config(form, 1 + random.nextInt(PARTITIONS))));
        }
    }

    /** The group forgets everything: the archive alone says where to go on. */
    private void resetGroup(ConnectRest rest, String connector) {
        rest.stop(connector);
        fixture.forgetGroup(connector);
        rest.resume(connector);
    }

    private void restartWorker() {
        worker.close();
        worker = fixture.startWorker();
    }
}
