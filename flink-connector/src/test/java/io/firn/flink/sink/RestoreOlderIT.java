package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firn.error.ConfigException;
import io.firn.flink.testing.FailurePoint;
import io.firn.flink.testing.NumberJob;
import io.firn.flink.testing.Restarts;
import io.firn.flink.testing.Savepoints;
import io.firn.flink.testing.TestClusters;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.table.Table;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job goes on after a savepoint, settles and compresses, and is restored from that savepoint nevertheless. */
class RestoreOlderIT extends SinkTableFixture {
    private static final long NUMBERS = 16_000;
    private static final double PER_SECOND = 1_600;
    private static final double RESTORED_PER_SECOND = 20_000;
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(2, 4);

    @Test
    void appendWritesAgainWhatCameAfterTheSavepoint() throws Exception {
        String savepoint = savepointAndGoOn(job().inParallel(2));
        restored(savepoint).into(sink(RestoreOlder.APPEND), directory).execute();
        long[] numbers = table.numbers();
        assertThat(numbers.length).isGreaterThan((int) NUMBERS);
        assertThat(Arrays.stream(numbers).distinct().toArray())
                .isEqualTo(LongStream.range(0, NUMBERS).toArray());
    }

    @Test
    void failSaysThatTheSavepointIsNotTheLatestAndWritesNothing() throws Exception {
        String savepoint = savepointAndGoOn(job().inParallel(2));
        long[] before = table.numbers();
        StreamExecutionEnvironment restored = job().from(savepoint).into(sink(RestoreOlder.FAIL), directory);
        restored.configure(Restarts.none());
        assertThatThrownBy(restored::execute)
                .satisfies(failed -> assertThat(ExceptionUtils.findThrowable(failed, ConfigException.class)
                                .orElseThrow())
                        .hasMessageContaining("is not the latest of sink '" + SinkTable.SINK_ID + "'")
                        .hasMessageContaining("holds later ones")
                        .hasMessageContaining("restore.older=rollback"));
        assertThat(table.numbers()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void rollbackTakesItBackAndEveryElementIsThereOnce(int parallelism) throws Exception {
        String savepoint = savepointAndGoOn(job().inParallel(2));
        restored(savepoint)
                .inParallel(parallelism)
                .into(sink(RestoreOlder.ROLLBACK), directory)
                .execute();
        assertEachOnce();
    }

    @Test
    void rollbackTakesBackLaterJobsTooAlsoWhenTheyHadMoreSubtasks() throws Exception {
        String savepoint = savepointAndGoOn(job().inParallel(2));
        String later = savepointAndGoOn(job().inParallel(4).from(savepoint));
        restored(savepoint)
                .inParallel(3)
                .into(sink(RestoreOlder.ROLLBACK), directory)
                .execute();
        assertEachOnce();
        StreamExecutionEnvironment refused = job().from(later).into(sink(RestoreOlder.APPEND), directory);
        refused.configure(Restarts.none());
        assertThatThrownBy(refused::execute)
                .satisfies(failed -> assertThat(ExceptionUtils.findThrowable(failed, ConfigException.class)
                                .orElseThrow())
                        .hasMessageContaining("a rollback to an older checkpoint has taken that back"));
    }

    @Test
    void rollbackGoesOnAfterFailuresOfTheRestoredJob() throws Exception {
        String savepoint = savepointAndGoOn(job().inParallel(2));
        FailurePoint.MAP.failAt(10);
        FailurePoint.AFTER_PREPARE.failAt(3);
        FailurePoint.AFTER_COMMIT.failAt(5);
        restored(savepoint)
                .atRate(3_000) // several checkpoints before the last number
                .into(new FailingSink<>(sink(RestoreOlder.ROLLBACK)), directory)
                .execute();
        assertThat(FailurePoint.MAP.failures()).isEqualTo(2); // once before the restore
        assertThat(FailurePoint.AFTER_PREPARE.failures()).isEqualTo(1);
        assertThat(FailurePoint.AFTER_COMMIT.failures()).isEqualTo(1);
        assertEachOnce();
    }

    @Test
    void anotherSinkIdIsRefusedWhereLaterRecordsAreLookedFor() throws Exception {
        JobClient client = job().into(sink(RestoreOlder.FAIL), directory).executeAsync();
        awaitCommits(100);
        String savepoint = Savepoints.stop(client, directory);
        look().until(() -> client.getJobStatus().get() == JobStatus.FINISHED);
        long[] before = table.numbers();
        for (RestoreOlder restoreOlder : List.of(RestoreOlder.FAIL, RestoreOlder.ROLLBACK)) {
            StreamExecutionEnvironment renamed = job().from(savepoint).into(renamed(restoreOlder), directory);
            renamed.configure(Restarts.none());
            assertThatThrownBy(renamed::execute)
                    .satisfies(failed -> assertThat(ExceptionUtils.findThrowable(failed, ConfigException.class)
                                    .orElseThrow())
                            .hasMessageContaining("was written by sink '" + SinkTable.SINK_ID + "'")
                            .hasMessageContaining("this sink is 'renamed'"));
        }
        assertThat(table.numbers()).isEqualTo(before);
        restored(savepoint).into(renamed(RestoreOlder.APPEND), directory).execute();
        table.assertHoldsEachOnce(NUMBERS);
    }

    private FirnSink<Long> renamed(RestoreOlder restoreOlder) {
        return table.sink().sinkId("renamed").restoreOlder(restoreOlder).build();
    }

    private void assertEachOnce() {
        table.assertHoldsEachOnce(NUMBERS);
        try (Table open = table.open()) {
            assertThat(TableVerifier.verify(open).damages()).isEmpty();
        }
        table.assertNothingIsLeftOver();
    }

    /** Takes a savepoint in the middle; later the job fails once, commits more, and is cancelled. */
    private String savepointAndGoOn(NumberJob job) throws Exception {
        JobClient client = job.into(sink(RestoreOlder.ROLLBACK), directory).executeAsync();
        awaitCommits(800);
        String savepoint = Savepoints.take(client, directory);
        awaitCommits(500);
        int failures = FailurePoint.MAP.failures();
        FailurePoint.MAP.failAt(1);
        look().until(() -> FailurePoint.MAP.failures() > failures);
        awaitCommits(1_000);
        look().until(() -> settled() > 0);
        client.cancel().get();
        look().until(() -> client.getJobStatus().get() == JobStatus.CANCELED);
        return savepoint;
    }

    /** Until so many numbers more are committed than now. */
    private void awaitCommits(int more) {
        int now = table.committed();
        look().until(() -> table.committed() > now + more);
    }

    private static ConditionFactory look() {
        return await().pollInterval(LOOK).atMost(PATIENCE);
    }

    private static NumberJob job() {
        return NumberJob.of(NUMBERS, PER_SECOND).checkpointEvery(50);
    }

    /** The rest of the numbers, much faster: nobody has to act in the middle of this job. */
    private static NumberJob restored(String savepoint) {
        return job().atRate(RESTORED_PER_SECOND).checkpointEvery(25).from(savepoint);
    }

    private FirnSink<Long> sink(RestoreOlder restoreOlder) {
        return table.sink()
                .restoreOlder(restoreOlder)
                .option("settle.min.bytes", "0")
                .option("hot.roll.ms", "100")
                .option("compression.policy", "immediate")
                .lifecycle(LifecycleSettings.defaults())
                .build();
    }

    private int settled() {
        try (Table open = table.open()) {
            return open.contents().segments().size();
        }
    }
}
