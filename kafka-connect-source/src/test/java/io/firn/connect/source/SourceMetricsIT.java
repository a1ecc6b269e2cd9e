package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.connect.testing.WorkerJmx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real worker shows over JMX of a replay that follows its archive. */
class SourceMetricsIT {
    @TempDir
    Path directory;

    @Test
    void workerShowsWhatTheTasksReplayed() throws IOException {
        try (SourceWorld world = SourceWorld.start(directory);
                WorkerJmx jmx = WorkerJmx.attach(world.workerProcess().pid())) {
            feed(world, 3_000);
            ArchiveFixture.archiveTopic(world.archive(), "dt:date=timestamp", servers(world), "seen");
            world.createTopic("seen-out", 2);
            Map<String, String> config = world.config("seen", "seen-out");
            config.put("restore.mode", "continuous");
            world.rest().create("seen", config);
            world.awaitRecords("seen", "seen-out", 3_000);
            awaitSum(jmx, "caught-up", 2);

            assertThat(jmx.names("kafka.connect:type=plugins,connector=seen,*"))
                    .containsExactlyInAnyOrder(bean(0), bean(1));
            assertThat(sum(jmx, "records-replayed-total")).isEqualTo(3_000);
            assertThat(sum(jmx, "bytes-replayed-total")).isGreaterThan(3_000);
            assertThat(sum(jmx, "lanes")).isEqualTo(2);
            assertThat(sum(jmx, "lanes-done")).isEqualTo(2);
            assertThat(sum(jmx, "progress-ratio")).isEqualTo(2);
            assertThat(sum(jmx, "archive-lag-offsets")).isZero();
            assertThat(sum(jmx, "eta-seconds")).isZero();
            assertThat(sum(jmx, "read-failures-total")).isZero();

            world.rest().delete("seen");
            Waiting.until(
                    "the metrics to go", SourceWorld.TIMEOUT, () -> names(jmx).isEmpty());
        }
    }

    private static void feed(SourceWorld world, int records) {
        world.broker().createTopic("seen", 2, Map.of());
        try (TopicFeed feed = TopicFeed.open(servers(world))) {
            feed.sendRandom(new Random(1), "seen", 2, records);
        }
    }

    private static String servers(SourceWorld world) {
        return world.broker().bootstrapServers();
    }

    private static void awaitSum(WorkerJmx jmx, String metric, double wanted) {
        Waiting.until(
                metric,
                SourceWorld.TIMEOUT,
                () -> sum(jmx, metric) == wanted,
                () -> names(jmx).toString());
    }

    private static double sum(WorkerJmx jmx, String metric) {
        return names(jmx).stream()
                .mapToDouble(name -> jmx.numbers(name).getOrDefault(metric, Double.NaN))
                .sum();
    }

    private static Set<String> names(WorkerJmx jmx) {
        return jmx.names("kafka.connect:type=plugins,connector=seen,*");
    }

    private static String bean(int task) {
        return "kafka.connect:type=plugins,connector=seen,task=" + task;
    }
}
