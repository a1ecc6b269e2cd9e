package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firn.flink.testing.FailurePoint;
import io.firn.flink.testing.NumberJob;
import io.firn.flink.testing.TestClusters;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.table.PartitionInfo;
import io.firn.table.Table;
import java.time.Duration;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifecycleOnCheckpointIT extends SinkTableFixture {
    private static final long NUMBERS = 3_000;
    private static final double PER_SECOND = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(2, 4);

    @Test
    void segmentsAreColdWhileTheJobRuns() throws Exception {
        JobClient job = NumberJob.of(Long.MAX_VALUE, PER_SECOND)
                .checkpointEvery(50)
                .into(compressing("").build(), directory)
                .executeAsync();
        await().atMost(PATIENCE).until(() -> coldSegments() > 0);
        job.cancel().get();
        long[] numbers = table.numbers();
        assertThat(numbers).isNotEmpty().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(
            value = RuntimeExecutionMode.class,
            names = {"BATCH", "STREAMING"})
    void aBoundedJobSettlesBeforeItEnds(RuntimeExecutionMode mode) throws Exception {
        StreamExecutionEnvironment job = NumberJob.of(NUMBERS, PER_SECOND)
                .checkpointEvery(100)
                .into(compressing("lifecycle").build(), directory);
        job.setRuntimeMode(mode);
        job.execute();
        try (Table opened = table.open()) {
            long hot = opened.contents().hot().records();
            assertThat(hot).isLessThan(mode == RuntimeExecutionMode.BATCH ? 1 : NUMBERS);
            try (LifecycleManager next = LifecycleManager.open(opened, LifecycleOptions.defaults())) {
                assertThat(next.run(LifecycleRequest.due()).errors()).isEmpty();
            }
            assertThat(opened.contents().hot().segments()).isZero();
            assertThat(opened.contents().partitions()).hasSize(10).allMatch(info -> info.hotSegments() == 0);
        }
        table.assertHoldsEachOnce(NUMBERS);
        table.assertNothingIsLeftOver();
    }

    @Test
    void aCommitThatIsRepeatedAfterItsSegmentsWereRewrittenChangesNothing() throws Exception {
        FailurePoint.AFTER_COMMIT.failAt(4);
        NumberJob.of(NUMBERS, PER_SECOND)
                .checkpointEvery(100)
                .into(new FailingSink<>(compressing("").build()), directory)
                .execute();
        assertThat(FailurePoint.AFTER_COMMIT.failures()).isEqualTo(1);
        table.assertHoldsEachOnce(NUMBERS);
        table.assertNothingIsLeftOver();
    }

    @Test
    void whatAJobWithoutLifecycleLeavesHotIsFoundByTheNextLook() throws Exception {
        NumberJob.of(NUMBERS, NUMBERS)
                .into(table.sink().option("compression.policy", "immediate").build(), directory)
                .execute();
        assertThat(coldSegments()).isZero();
        try (Table opened = table.open();
                LifecycleManager manager = LifecycleManager.open(opened, LifecycleOptions.defaults())) {
            assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
        }
        assertThat(coldSegments()).isEqualTo(10);
        table.assertHoldsEachOnce(NUMBERS);
    }

    private FirnSinkBuilder<Long> compressing(String slotSharingGroup) {
        return table.sink()
                .option("compression.policy", "immediate")
                .option("settle.min.bytes", "0")
                .option("hot.roll.ms", "100")
                .lifecycle(LifecycleSettings.defaults().withSlotSharingGroup(slotSharingGroup));
    }

    private int coldSegments() {
        if (!table.exists()) {
            return 0;
        }
        try (Table opened = table.open()) {
            return opened.contents().partitions().stream()
                    .mapToInt(PartitionInfo::coldSegments)
                    .sum();
        }
    }
}
