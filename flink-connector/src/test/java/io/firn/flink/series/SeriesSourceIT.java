package io.firn.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.flink.testing.Restarts;
import io.firn.flink.testing.TestClusters;
import io.firn.series.Labels;
import io.firn.series.SeriesBatch;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesStoreOptions;
import io.firn.series.SeriesType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that read series while their store is open for writing, and change its files meanwhile. */
class SeriesSourceIT {
    private static final int FAILURES = 3;
    private static final int HOSTS = 5;
    private static final int TIMES = 6_000;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(4);

    @TempDir
    Path root;

    private SeriesStore store;

    @BeforeEach
    void write() {
        store = SeriesStore.open(
                root.resolve("metrics"), SeriesStoreOptions.fromProperties(Map.of("commit.every", "flush")));
        for (int block = 0; block < 4; block++) {
            SeriesBatch batch = new SeriesBatch();
            for (int host = 0; host < HOSTS; host++) {
                for (int at = block * TIMES / 4; at < (block + 1) * TIMES / 4; at++) {
                    batch.add(series(host), SeriesType.GAUGE, at, host + at * 0.25);
                }
            }
            store.write(batch);
            store.flush();
            if (block < 3) {
                store.cut();
            }
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Labels series(int host) {
        return Labels.of("__name__", "load", "host", "h" + host);
    }

    private FirnSeriesSource.Builder<Row> source() {
        return FirnSeriesSource.builder(SeriesMapper.rows())
                .path(root.toString())
                .table("metrics")
                .splitSamples(2_500);
    }

    private static List<String> expected(int firstHost, int endHost, int from, int to) {
        List<String> rows = new ArrayList<>();
        for (int host = firstHost; host < endHost; host++) {
            for (int at = from; at < to; at++) {
                rows.add("h" + host + " " + at + " " + (host + at * 0.25));
            }
        }
        return rows;
    }

    private static DataStream<String> stream(StreamExecutionEnvironment job, FirnSeriesSource<Row> source) {
        return job.fromSource(source, WatermarkStrategy.noWatermarks(), "series")
                .uid("series")
                .map(row -> ((Map<?, ?>) row.getField(0)).get("host") + " " + row.getField(1) + " " + row.getField(2));
    }

    private static StreamExecutionEnvironment environment(int parallelism) {
        Configuration configuration = new Configuration();
        configuration.addAll(Restarts.atOnce());
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        job.setParallelism(parallelism);
        job.enableCheckpointing(50);
        return job;
    }

    private static List<String> collect(FirnSeriesSource<Row> source, int parallelism) throws Exception {
        List<String> rows = new ArrayList<>();
        try (CloseableIterator<String> results =
                stream(environment(parallelism), source).executeAndCollect()) {
            results.forEachRemaining(rows::add);
        }
        return rows;
    }

    /** In any order; AssertJ's own comparison takes a time that grows with the square of the rows. */
    private static void assertSameRows(List<String> rows, List<String> expected) {
        assertThat(rows.stream().sorted().toList())
                .isEqualTo(expected.stream().sorted().toList());
    }

    @Test
    void everySampleOfTheSelectionComesOnce() throws Exception {
        assertSameRows(collect(source().build(), 3), expected(0, HOSTS, 0, TIMES));
        FirnSeriesSource<Row> some = source().select("load{host=~\"h1|h2\"}")
                .from(Instant.ofEpochMilli(1_000))
                .to(Instant.ofEpochMilli(5_001))
                .build();
        assertSameRows(collect(some, 2), expected(1, 3, 1_000, 5_001));
        assertThat(collect(source().select("nothing").build(), 2)).isEmpty();
    }

    @Test
    void samplesOfTheLowestAndTheHighestTimestampCome() throws Exception {
        for (long timestamp : List.of(Long.MIN_VALUE, Long.MAX_VALUE)) {
            String name = timestamp < 0 ? "lowest" : "highest";
            try (SeriesStore end = SeriesStore.open(root.resolve(name))) {
                end.write(new SeriesBatch().add(series(7), SeriesType.GAUGE, timestamp, 1));
            }
            assertThat(collect(source().table(name).build(), 2)).containsExactly("h7 " + timestamp + " 1.0");
            assertThat(collect(source().table(name).to(Instant.EPOCH).build(), 2))
                    .hasSize(timestamp < 0 ? 1 : 0);
            assertThat(collect(source().table(name).from(Instant.EPOCH).build(), 2))
                    .hasSize(timestamp < 0 ? 0 : 1);
        }
    }

    @Test
    void nothingIsMissingAndNothingTwiceAfterFailuresAndMaintenance() throws Exception {
        List<String> rows = new ArrayList<>();
        FailingMap.FAILURES_LEFT.set(FAILURES);
        try (CloseableIterator<String> results =
                stream(environment(2), source().build()).map(new FailingMap()).executeAndCollect()) {
            while (results.hasNext()) {
                rows.add(results.next());
                if (rows.size() == 3_000) {
                    store.compact();
                    store.compress();
                }
            }
        }
        assertSameRows(rows, expected(0, HOSTS, 0, TIMES));
        // a slow machine may be through before there was a checkpoint for each of them
        assertThat(FailingMap.FAILURES_LEFT).hasValueLessThan(FAILURES);
    }

    /**
     * Fails when a few hundred elements came since a checkpoint was completed, a number of times. Until then it is
     * slow, so that a checkpoint is completed before the last element.
     */
    private static final class FailingMap implements MapFunction<String, String>, CheckpointListener {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();
        private static final long PAUSE_NS = 1_000_000;

        private boolean checkpointed;
        private int elements;

        @Override
        public String map(String element) {
            if (!checkpointed) {
                LockSupport.parkNanos(PAUSE_NS);
            } else if (++elements > 300 && FAILURES_LEFT.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw new IllegalStateException("a failure that the test wants");
            }
            return element;
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) {
            checkpointed = true;
        }
    }
}
