package io.firn.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.WriterFencedException;
import io.firn.flink.testing.FailurePoint;
import io.firn.flink.testing.NumberJob;
import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two sinks of one job into one table. */
class TwoSinksIT {
    private static final long NUMBERS = 500;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
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
    void withOneIdTheJobFailsAndTheMessageNamesBothOperators() {
        StreamExecutionEnvironment job = twoSinks(SinkTable.SINK_ID);
        assertThatThrownBy(job::execute)
                .satisfies(failed -> assertThat(ExceptionUtils.findThrowable(failed, WriterFencedException.class)
                                .orElseThrow())
                        .hasMessageContaining("Sink '" + SinkTable.SINK_ID + "'")
                        .hasMessageContaining("two sinks of one job")
                        .hasMessageContaining("operator"));
    }

    @Test
    void withTwoIdsBothArchiveEveryElement() throws Exception {
        twoSinks("other-sink").execute();
        assertThat(table.numbers()).hasSize(2 * (int) NUMBERS);
        table.assertNothingIsLeftOver();
    }

    /** Numbers from 0 through one sink, the numbers behind them through another one. */
    private StreamExecutionEnvironment twoSinks(String otherId) {
        StreamExecutionEnvironment job = NumberJob.of(NUMBERS, NUMBERS)
                .checkpointEvery(50)
                .into(table.sink().build(), directory);
        job.configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "disable"));
        job.fromSource(
                        new DataGeneratorSource<>(
                                number -> NUMBERS + number,
                                NUMBERS,
                                RateLimiterStrategy.perSecond(NUMBERS),
                                Types.LONG),
                        WatermarkStrategy.<Long>forMonotonousTimestamps()
                                .withTimestampAssigner((number, unused) -> number),
                        "more numbers")
                .sinkTo(table.sink().sinkId(otherId).build());
        return job;
    }
}
