package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firn.flink.source.FirnRecordDeserializer;
import io.firn.flink.source.FirnSource;
import io.firn.flink.testing.NumberJob;
import io.firn.flink.testing.TestClusters;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.metrics.scope.ScopeFormat;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The metrics in the groups {@code firn}, as a reporter of a cluster gets them. */
class OwnMetricsIT extends SinkTableFixture {
    private static final double PER_SECOND = 3_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final InMemoryReporter REPORTER = InMemoryReporter.create();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(1, 4, REPORTER.addToConfiguration(new Configuration()));

    @Test
    void writersCommittersAndTheLifecycleOfASink() throws Exception {
        FirnSinkBuilder<Long> sink = table.sink()
                .option("compression.policy", "immediate")
                .option("settle.min.bytes", "0")
                .option("hot.roll.ms", "100")
                .lifecycle(LifecycleSettings.defaults());
        JobClient job = running(sink);

        await().atMost(PATIENCE).until(() -> sum(job, "commits") >= 4 && sum(job, "bytesAfter") > 0);
        assertThat(values(job, "prepareTimeMs")).as("of two writers").hasSize(2);
        assertThat(values(job, "commitTimeMs")).as("of two committers").hasSize(2);
        assertThat(sum(job, "unpreparedRecords")).isNotNegative();
        assertThat(sum(job, "settledSegments")).isPositive();
        assertThat(sum(job, "settledRecords")).isBetween(1L, (long) table.committed());
        assertThat(sum(job, "bytesAfter")).isLessThan(sum(job, "bytesBefore"));
        assertThat(sum(job, "lifecycleFailures")).isZero();
        end(job);
    }

    @Test
    void withoutExactlyOnceTheWritersCommit() throws Exception {
        JobClient job = running(table.sink().deliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE));
        await().atMost(PATIENCE).until(() -> sum(job, "commits") >= 4);
        assertThat(table.committed()).isPositive();
        end(job);
    }

    @Test
    void splitsThatASourceReads() throws Exception {
        NumberJob.of(100, PER_SECOND).into(table.sink().build(), directory).execute();
        StreamExecutionEnvironment reading = StreamExecutionEnvironment.getExecutionEnvironment();
        reading.setParallelism(1);
        reading.fromSource(
                        FirnSource.<String>builder()
                                .path(directory.resolve("archive").toString())
                                .table(SinkTable.NAME)
                                .deserializer(FirnRecordDeserializer.valueOnly(new SimpleStringSchema()))
                                .unbounded()
                                .build(),
                        WatermarkStrategy.noWatermarks(),
                        "archive")
                .sinkTo(new DiscardingSink<>());
        JobClient job = reading.executeAsync();
        JobClient writing = running(table.sink());
        await().atMost(PATIENCE).until(() -> sum(job, "openSplits") >= 2);
        end(writing);
        end(job);
    }

    private JobClient running(FirnSinkBuilder<Long> sink) throws Exception {
        return NumberJob.of(Long.MAX_VALUE, PER_SECOND)
                .checkpointEvery(50)
                .into(sink.build(), directory)
                .executeAsync();
    }

    /** A job that is only asked to end may still write into the directory that is deleted behind the test. */
    private static void end(JobClient job) throws Exception {
        job.cancel().get();
        await().atMost(PATIENCE).until(() -> job.getJobStatus().get().isTerminalState());
    }

    private static long sum(JobClient job, String name) {
        return values(job, name).stream().mapToLong(Long::longValue).sum();
    }

    /** The values of all subtasks that have a metric. */
    private static List<Long> values(JobClient job, String name) {
        String id = job.getJobID().toString();
        return REPORTER.getMetricsByGroup().entrySet().stream()
                .filter(group -> group.getKey().getMetricIdentifier(name).endsWith(".firn." + name)
                        && id.equals(group.getKey().getAllVariables().get(ScopeFormat.SCOPE_JOB_ID)))
                .flatMap(group -> Stream.ofNullable(group.getValue().get(name)))
                .map(OwnMetricsIT::value)
                .toList();
    }

    private static long value(Metric metric) {
        return metric instanceof Counter counter
                ? counter.getCount()
                : ((Number) ((Gauge<?>) metric).getValue()).longValue();
    }
}
