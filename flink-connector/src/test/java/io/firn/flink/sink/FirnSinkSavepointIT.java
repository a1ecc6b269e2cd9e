package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firn.error.WriterFencedException;
import io.firn.flink.testing.NumberJob;
import io.firn.flink.testing.Restarts;
import io.firn.flink.testing.Savepoints;
import io.firn.flink.testing.TestClusters;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FirnSinkSavepointIT extends SinkTableFixture {
    private static final long NUMBERS = 6_000;
    private static final double PER_SECOND = 600;
    /** Of a job in whose middle nobody has to act. */
    private static final double REST_PER_SECOND = 30_000;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(2, 4);

    @Test
    void aJobGoesOnFromASavepointWithMoreAndWithFewerSubtasks() throws Exception {
        NumberJob job = NumberJob.of(NUMBERS, PER_SECOND).checkpointEvery(100);
        String first = stopWithSavepoint(job.inParallel(2), 500);
        String second = stopWithSavepoint(job.inParallel(4).from(first), 2_500);
        job.inParallel(1)
                .atRate(REST_PER_SECOND)
                .from(second)
                .into(table.sink().build(), directory)
                .execute();
        table.assertHoldsEachOnce(NUMBERS);
        table.assertNothingIsLeftOver();
    }

    @Test
    void theLaterOfTwoJobsWithOneSinkIdTakesOverAndTheOtherSaysWhoHasIt() throws Exception {
        StreamExecutionEnvironment earlier = NumberJob.of(Long.MAX_VALUE, PER_SECOND)
                .checkpointEvery(50)
                .into(table.sink().build(), directory);
        earlier.configure(Restarts.none());
        JobClient first = earlier.executeAsync("the earlier job");
        await().atMost(PATIENCE).until(() -> table.committed() > 100);
        NumberJob.of(100, PER_SECOND).into(table.sink().build(), directory).execute("the later job");
        assertThatThrownBy(() -> first.getJobExecutionResult().get())
                .isInstanceOf(ExecutionException.class)
                .satisfies(failed -> assertThat(ExceptionUtils.findThrowable(failed, WriterFencedException.class)
                                .orElseThrow())
                        .hasMessageContaining("'the later job'")
                        .hasMessageContaining("'the earlier job'")
                        .hasMessageContaining(SinkTable.SINK_ID));
    }

    private String stopWithSavepoint(NumberJob job, long afterRecords) throws Exception {
        JobClient client = job.into(table.sink().build(), directory).executeAsync();
        await().atMost(PATIENCE).until(() -> table.committed() > afterRecords);
        return Savepoints.stop(client, directory);
    }
}
