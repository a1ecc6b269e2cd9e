package io.firn.flink.sink;

import static org.awaitility.Awaitility.await;

import io.firn.flink.testing.NumberJob;
import io.firn.flink.testing.Savepoints;
import io.firn.flink.testing.TestClusters;
import io.firn.table.Table;
import java.time.Duration;
import java.util.Set;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.test.junit5.InjectClusterClient;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The adaptive scheduler gives a running job more subtasks; later the job is restored from a savepoint before that. */
@Timeout(300)
class RescaledInPlaceIT extends SinkTableFixture {
    private static final long NUMBERS = 16_000;
    private static final double PER_SECOND = 1_600;
    private static final double RESTORED_PER_SECOND = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(1, 4, adaptive());

    private static Configuration adaptive() {
        Configuration adaptive = new Configuration();
        adaptive.setString("jobmanager.scheduler", "adaptive");
        // long enough for a checkpoint between two changes, else the scheduler may only restart
        adaptive.setString("jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling", "2 s");
        adaptive.setString("jobmanager.adaptive-scheduler.executing.resource-stabilization-timeout", "500 ms");
        adaptive.setString("jobmanager.adaptive-scheduler.submission.resource-stabilization-timeout", "10 ms");
        return adaptive;
    }

    @Test
    void rollbackTakesBackWhatTheAddedSubtasksWrote(
            @InjectMiniCluster MiniCluster cluster, @InjectClusterClient RestClusterClient<?> client) throws Exception {
        JobClient job = job().into(sink(), directory).executeAsync();
        await().atMost(PATIENCE).until(() -> table.committed() > 500);
        String savepoint = Savepoints.take(job, directory);
        client.updateJobResourceRequirements(job.getJobID(), inParallel(4, cluster, job))
                .get();
        await().atMost(PATIENCE).until(() -> committedBy(2) > 0 && committedBy(3) > 0);
        job.cancel().get();
        await().atMost(PATIENCE).until(() -> job.getJobStatus().get() == JobStatus.CANCELED);

        job().atRate(RESTORED_PER_SECOND)
                .from(savepoint)
                .into(sink(), directory)
                .execute();

        table.assertHoldsEachOnce(NUMBERS);
        table.assertNothingIsLeftOver();
    }

    private static JobResourceRequirements inParallel(int subtasks, MiniCluster cluster, JobClient job)
            throws Exception {
        JobResourceRequirements.Builder requirements = JobResourceRequirements.newBuilder();
        cluster.getExecutionGraph(job.getJobID())
                .get()
                .getAllVertices()
                .keySet()
                .forEach(vertex -> requirements.setParallelismForJobVertex(vertex, 1, subtasks));
        return requirements.build();
    }

    private static NumberJob job() {
        return NumberJob.of(NUMBERS, PER_SECOND).sharedOut().checkpointEvery(50);
    }

    private FirnSink<Long> sink() {
        return table.sink().restoreOlder(RestoreOlder.ROLLBACK).build();
    }

    /** How many records attempts of a subtask have committed. */
    private long committedBy(int subtask) {
        try (Table open = table.open()) {
            return open.laneChanges(Set.of()).added().stream()
                    .filter(lane -> lane.writer().startsWith(SinkTable.SINK_ID + "-" + subtask + "-"))
                    .mapToLong(lane -> lane.position())
                    .sum();
        }
    }
}
