package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.flink.testing.Savepoints;
import io.firn.flink.testing.TestClusters;
import io.firn.lifecycle.LifecycleRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that fail or stop in the middle, and go on. */
@Timeout(180)
class SourceRestartTest extends ArchivedTableFixture {
    private static final int SLOTS = 3;
    private static final double PER_SECOND = 3000;
    /** Of a job that is to be stopped in the middle. */
    private static final double SLOWLY = 500;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(SLOTS);

    @ParameterizedTest
    @EnumSource(SplitMode.class)
    void nothingIsMissingAndNothingTwiceAfterFailures(SplitMode mode) throws Exception {
        for (String writer : List.of("a", "b", "c", "d")) {
            archived.append(writer, 2500);
        }
        archived.act(LifecycleRequest.settleAll());
        archived.append("a", 500);
        StreamExecutionEnvironment environment = SourceJobs.environment(2, new Configuration());
        List<String> taken = new ArrayList<>();
        try (CloseableIterator<String> results = SourceJobs.stream(environment, source(mode, 2000))
                .map(new SourceJobs.Failing(400, 3))
                .executeAndCollect()) {
            while (taken.size() < 10_500 && results.hasNext()) {
                taken.add(results.next());
                if (taken.size() == 2000) {
                    archived.act(LifecycleRequest.compressAll(), LifecycleRequest.compact());
                }
            }
            if (mode != SplitMode.FOLLOW) {
                assertThat(results.hasNext()).isFalse();
            }
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(archived.content());
        assertThat(SourceJobs.Failing.failuresLeft()).isZero();
        if (mode != SplitMode.RANGES) {
            SourceJobs.assertInOrder(taken);
        }
    }

    @ParameterizedTest
    @EnumSource(SplitMode.class)
    void goesOnFromASavepointAfterEverythingWasCompactedWithMoreSubtasks(SplitMode mode) throws Exception {
        for (String writer : List.of("a", "b", "c")) {
            archived.append(writer, 2000);
        }
        archived.act(LifecycleRequest.settleAll());
        archived.append("b", 700);
        List<String> expected = archived.content();
        String savepoint = runUntil(mode, 2, new Configuration(), SLOWLY, 1500);
        int seenBefore = SourceJobs.SEEN.size();
        assertThat(seenBefore).isBetween(1500, expected.size() - 1);

        archived.act(LifecycleRequest.compressAll(), LifecycleRequest.compact());
        if (mode != SplitMode.FOLLOW) {
            archived.append("a", 100); // a bounded job ends where it was to end when it started
            archived.append("later", 100);
        }
        Configuration restored = Savepoints.restoring(savepoint);
        if (mode == SplitMode.FOLLOW) {
            runUntil(mode, SLOTS, restored, PER_SECOND, expected.size());
        } else {
            StreamExecutionEnvironment environment = SourceJobs.environment(SLOTS, restored);
            SourceJobs.seen(SourceJobs.stream(environment, source(mode, 100_000)))
                    .sinkTo(new DiscardingSink<>());
            environment.execute();
        }
        assertThat(SourceJobs.SEEN).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void followsNewWritersAfterARestartOnceEach() throws Exception {
        archived.append("a", 100);
        String savepoint = runUntil(SplitMode.FOLLOW, 2, new Configuration(), PER_SECOND, 100);
        archived.append("a", 50);
        archived.append("b", 70);
        Configuration restored = Savepoints.restoring(savepoint);
        runUntil(SplitMode.FOLLOW, 1, restored, PER_SECOND, 220);
        assertThat(SourceJobs.SEEN).containsExactlyInAnyOrderElementsOf(archived.content());
    }

    /** Runs a job until it has seen so many elements in all, and stops it with a savepoint. */
    private String runUntil(
            SplitMode mode, int parallelism, Configuration configuration, double perSecond, int elements)
            throws Exception {
        StreamExecutionEnvironment environment = SourceJobs.environment(parallelism, configuration);
        SourceJobs.seen(SourceJobs.stream(environment, source(mode, perSecond))).sinkTo(new DiscardingSink<>());
        JobClient job = environment.executeAsync();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> SourceJobs.SEEN.size() >= elements);
        return Savepoints.stop(job, directory);
    }

    private FirnSource<String> source(SplitMode mode, double recordsPerSecond) {
        FirnSourceBuilder<String> source = archived.source().rateLimit(recordsPerSecond);
        return switch (mode) {
            case RANGES -> source.splitRecords(300).build();
            case ORDERED -> source.ordered().build();
            case FOLLOW ->
                source.unbounded().discoveryInterval(Duration.ofMillis(100)).build();
        };
    }
}
