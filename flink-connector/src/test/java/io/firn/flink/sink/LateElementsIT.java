package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firn.flink.testing.FailurePoint;
import io.firn.flink.testing.NumberJob;
import io.firn.flink.testing.TestClusters;
import io.firn.partition.PartitionFilter;
import io.firn.record.StreamRecord;
import io.firn.table.PartitionSummary;
import io.firn.table.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Elements of earlier partitions than the newest one of their subtask. */
class LateElementsIT extends SinkTableFixture {
    private static final long NUMBERS = 6_000;
    private static final double PER_SECOND = 1_600;
    private static final long IN_TIME = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(1);

    @Test
    void areLateAlsoAfterARestart() throws Exception {
        JobClient job = NumberJob.of(NUMBERS, PER_SECOND)
                .inParallel(1)
                .checkpointEvery(50)
                .into(
                        table.sink()
                                .serializer(new BackADay())
                                .partitionFields("dt:date=timestamp")
                                .option("late.data.policy", "route")
                                .build(),
                        directory)
                .executeAsync();
        await().atMost(PATIENCE).until(() -> table.committed() > IN_TIME);
        FailurePoint.MAP.failAt(1);
        job.getJobExecutionResult().get();
        assertThat(FailurePoint.MAP.failures()).isEqualTo(1);
        assertThat(recordsByPartition())
                .isEqualTo(Map.of("dt=2001-01-02", IN_TIME, "dt=__HIVE_DEFAULT_PARTITION__", NUMBERS - IN_TIME));
    }

    private Map<String, Long> recordsByPartition() {
        try (Table open = table.open()) {
            return open.summarize(PartitionFilter.all()).stream()
                    .collect(Collectors.toMap(partition -> partition.values().toPath(), PartitionSummary::records));
        }
    }

    /** The first numbers are of a day, all others of the day before. */
    private static final class BackADay implements FirnRecordSerializer<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public StreamRecord serialize(Long number, @Nullable Long timestampMs) {
            Instant day = Instant.parse(number < IN_TIME ? "2001-01-02T00:00:00Z" : "2001-01-01T00:00:00Z");
            return StreamRecord.atMillis(day.toEpochMilli())
                    .value(number.toString().getBytes(StandardCharsets.UTF_8))
                    .build();
        }
    }
}
