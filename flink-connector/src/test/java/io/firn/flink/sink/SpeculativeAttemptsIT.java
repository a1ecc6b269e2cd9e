package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.flink.testing.TestClusters;
import io.firn.table.Table;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.BatchExecutionOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.SlowTaskDetectorOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SpeculativeAttemptsIT extends SinkTableFixture {
    private static final long NUMBERS = 1_000;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(2, 4, speculative());

    private static Configuration speculative() {
        return new Configuration()
                .set(BatchExecutionOptions.SPECULATIVE_ENABLED, true)
                .set(BatchExecutionOptions.BLOCK_SLOW_NODE_DURATION, Duration.ZERO)
                .set(SlowTaskDetectorOptions.CHECK_INTERVAL, Duration.ofMillis(50))
                .set(SlowTaskDetectorOptions.EXECUTION_TIME_BASELINE_LOWER_BOUND, Duration.ofMillis(200))
                .set(SlowTaskDetectorOptions.EXECUTION_TIME_BASELINE_RATIO, 0.5);
    }

    @Test
    void twoAttemptsOfOneSubtaskAtOnceArchiveItsElementsOnce() throws Exception {
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment();
        job.setRuntimeMode(RuntimeExecutionMode.BATCH);
        job.setParallelism(2);
        job.fromSource(
                        new DataGeneratorSource<>(number -> number, NUMBERS, Types.LONG),
                        WatermarkStrategy.<Long>forMonotonousTimestamps()
                                .withTimestampAssigner((number, unused) -> number),
                        "numbers")
                .rebalance()
                .map(new FirstAttemptHangs())
                .returns(Types.LONG)
                .setParallelism(2) // else the batch scheduler takes one
                .sinkTo(table.sink().build())
                .setParallelism(2);
        job.execute();
        assertThat(FirstAttemptHangs.ATTEMPTS).contains("0/0", "0/1");
        table.assertHoldsEachOnce(NUMBERS);
        table.assertNothingIsLeftOver();
        try (Table opened = table.open()) {
            assertThat(opened.lanes()).hasSizeGreaterThan(2);
        }
    }

    /** The first attempt of the first subtask stops in the middle until it is cancelled. */
    private static final class FirstAttemptHangs extends RichMapFunction<Long, Long> {
        private static final long serialVersionUID = 1L;
        private static final Set<String> ATTEMPTS = ConcurrentHashMap.newKeySet();

        @Override
        public Long map(Long number) throws InterruptedException {
            int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
            ATTEMPTS.add(subtask + "/" + attempt);
            if (subtask == 0 && attempt == 0 && number > NUMBERS / 2) {
                new CountDownLatch(1).await();
            }
            return number;
        }
    }
}
