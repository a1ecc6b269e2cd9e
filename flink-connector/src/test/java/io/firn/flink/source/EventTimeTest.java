package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.flink.testing.TestClusters;
import io.firn.table.TableWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Timestamps, watermarks of each writer, alignment. */
@Timeout(120)
class EventTimeTest extends ArchivedTableFixture {
    private static final int RECORDS = 4000;
    /** Records of the fast writer are so many times as far from each other as those of the slow one. */
    private static final int FAST = 10;
    /** So slow that few pass until the alignment looks at them again. */
    private static final double PER_SECOND = 2000;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(1);

    @Test
    void noRecordIsLateAlthoughWritersAreFarApart() throws Exception {
        append("slow", 1);
        append("fast", FAST);
        List<String> elements =
                run(WatermarkStrategy.<String>forMonotonousTimestamps().withIdleness(Duration.ofMinutes(1)), 1_000_000);
        assertThat(elements).hasSize(2 * RECORDS).noneMatch(element -> element.contains("late"));
    }

    @Test
    void alignmentHoldsTheWriterBackThatIsAheadAndLosesNothing() throws Exception {
        append("slow", 1);
        append("fast", FAST);
        Duration silent = Duration.ofMillis(300);
        long apart = mostApart(
                run(WatermarkStrategy.<String>forMonotonousTimestamps().withIdleness(silent), PER_SECOND));
        List<String> aligned = run(
                WatermarkStrategy.<String>forMonotonousTimestamps()
                        .withIdleness(silent)
                        .withWatermarkAlignment("writers", Duration.ofSeconds(200), Duration.ofMillis(20)),
                PER_SECOND);
        assertThat(aligned).hasSize(2 * RECORDS).doesNotHaveDuplicates();
        assertThat(mostApart(aligned)).isLessThan(apart / 2);
    }

    private void append(String name, int secondsApart) {
        try (TableWriter writer = archived.writer(name, Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                writer.append(ArchivedTable.record(name, (long) i * secondsApart));
            }
            writer.finish();
        }
    }

    /** Follows the table: of a source that has handed out its last split Flink 2.0 forgets the alignment. */
    private List<String> run(WatermarkStrategy<String> watermarks, double rate) throws Exception {
        StreamExecutionEnvironment environment = SourceJobs.environment(1, new Configuration());
        environment.getConfig().setAutoWatermarkInterval(5);
        List<String> elements = new ArrayList<>();
        try (CloseableIterator<String> results = environment
                .fromSource(archived.source().unbounded().rateLimit(rate).build(), watermarks, "firn")
                .process(new Lateness())
                .executeAndCollect()) {
            while (elements.size() < 2 * RECORDS) {
                elements.add(results.next());
            }
        }
        return elements;
    }

    /** How far the fast writer's event time was ahead at most while there were records of the slow one. */
    private static long mostApart(List<String> elements) {
        long fast = 0;
        long slow = 0;
        long most = 0;
        for (String element : elements) {
            long second = Long.parseLong(element.split("[/ ]", -1)[1]);
            if (element.startsWith("fast")) {
                fast = second;
            } else {
                slow = second;
                most = Math.max(most, fast - slow);
            }
        }
        return most;
    }

    /** Marks elements that come behind the watermark. */
    private static final class Lateness extends ProcessFunction<String, String> {
        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(String element, Context context, Collector<String> out) {
            boolean late = context.timestamp() <= context.timerService().currentWatermark();
            out.collect(late ? element + " late" : element);
        }
    }
}
