package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.TopicFeed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the worker in the middle of a replay, and a transaction that the broker aborts under a living task: no
 * record is lost, none comes twice.
 */
@Tag("containers")
class SourceCrashIT {
    private static final int RECORDS = 30_000;
    private static final int FEED_BATCH = 10_000;
    private static final String RATE = "replay.rate.records";
    private static final List<Integer> KILL_AT = List.of(2_000, 6_000);
    private static final int ABORT_AT = 8_000;
    private static final int FAST_AT = 10_000;

    @Test
    void targetEqualsTheArchiveAfterKillsAndAbortedTransactions(@TempDir Path directory) throws Exception {
        try (SourceWorld world = SourceWorld.startWithFastFailover(directory)) {
            world.createTopic("t", 3);
            try (TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
                Random random = new Random(11);
                for (int sent = 0; sent < RECORDS; sent += FEED_BATCH) {
                    feed.sendRandom(random, "t", 3, FEED_BATCH);
                }
            }
            ArchiveFixture.archiveTopic(
                    world.archive(), "dt:date=timestamp", world.broker().bootstrapServers(), "t");
            world.createTopic("t-out", 3);
            Map<String, String> config = world.config("t", "t-out");
            config.put("poll.max.records", "100");
            config.put(RATE, "1500");
            world.rest().create("killed", config);
            List<Integer> atKill = new ArrayList<>();
            for (int killAt : KILL_AT) {
                world.awaitReplayedThoughAborted("killed", killAt);
                world.worker().kill();
                atKill.add(world.dump("t-out").records().size());
                world.killAndRestartWorker();
            }
            world.awaitReplayedThoughAborted("killed", ABORT_AT);
            world.abortOpenTransactions("killed");
            world.awaitReplayedThoughAborted("killed", FAST_AT);
            config.remove(RATE);
            world.rest().putConfig("killed", config);
            world.awaitReplayedThoughAborted("killed", RECORDS);

            assertThat(atKill).isSorted().last().isNotEqualTo(RECORDS);
            assertThat(world.dump("t").differencesInContent(world.dump("t-out")))
                    .isEmpty();
        }
    }
}
