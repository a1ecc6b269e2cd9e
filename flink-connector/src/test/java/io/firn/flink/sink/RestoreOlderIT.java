package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firn.error.ConfigException;
import io.firn.flink.testing.FailurePoint;
import io.firn.flink.testing.NumberJob;
import io.firn.lifecycle.TableVerifier;
import io.firn.table.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job goes on after a savepoint, settles and compresses, and is restored from that savepoint nevertheless. */
class RestoreOlderIT {
    private static final long NUMBERS = 8_000;
    private static final double PER_SECOND = 2_500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(4)
            .build());

    @TempDir
    Path directory;

    private SinkTable table;

    @BeforeEach
    void begin() {
        FailurePoint.reset();
        table = new SinkTable(directory.resolve("archive"));
    }

    @Test
    void appendWritesAgainWhatCameAfterTheSavepoint() throws Exception {
        String savepoint = savepointAndGoOn(job().inParallel(2));
        job().from(savepoint).into(sink(RestoreOlder.APPEND), directory).execute();
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
        restored.configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "disable"));
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
        job().inParallel(parallelism)
                .from(savepoint)
                .into(sink(RestoreOlder.ROLLBACK), directory)
                .execute();
        assertEachOnce();
    }

    @Test
    void rollbackTakesBackLaterJobsTooAlsoWhenTheyHadMoreSubtasks() throws Exception {
        String savepoint = savepointAndGoOn(job().inParallel(2));
        String later = savepointAndGoOn(job().inParallel(4).from(savepoint));
        job().inParallel(3)
                .from(savepoint)
                .into(sink(RestoreOlder.ROLLBACK), directory)
                .execute();
        assertEachOnce();
        StreamExecutionEnvironment refused = job().from(later).into(sink(RestoreOlder.APPEND), directory);
        refused.configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "disable"));
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
        job().from(savepoint)
                .into(new FailingSink<>(sink(RestoreOlder.ROLLBACK)), directory)
                .execute();
        assertEachOnce();
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
        int before = committed();
        await().atMost(PATIENCE).until(() -> committed() > before + 800);
        String savepoint = client.triggerSavepoint(
                        directory.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        int then = committed();
        await().atMost(PATIENCE).until(() -> committed() > then + 500);
        FailurePoint.MAP.failAt(1);
        await().atMost(PATIENCE).until(() -> committed() > then + 1_500 && settled() > 0);
        client.cancel().get();
        await().atMost(PATIENCE).until(() -> client.getJobStatus().get() == JobStatus.CANCELED);
        return savepoint;
    }

    private static NumberJob job() {
        return NumberJob.of(NUMBERS, PER_SECOND).checkpointEvery(100);
    }

    private FirnSink<Long> sink(RestoreOlder restoreOlder) {
        return table.sink()
                .restoreOlder(restoreOlder)
                .option("settle.min.bytes", "0")
                .option("hot.roll.ms", "200")
                .option("compression.policy", "immediate")
                .lifecycle(LifecycleSettings.defaults())
                .build();
    }

    private int committed() {
        return table.exists() ? table.numbers().length : 0;
    }

    private int settled() {
        try (Table open = table.open()) {
            return open.contents().segments().size();
        }
    }
}
