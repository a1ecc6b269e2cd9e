package io.firn.series;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything switched on at once, from the first sample to the restart. */
class ComprehensiveSeriesIT {
    private static final int WRITERS = 3;
    private static final int BATCHES = 60;
    private static final int SAMPLES = 200;

    @TempDir
    private Path directory;

    private final AtomicBoolean writing = new AtomicBoolean(true);

    private StoreDirectory files() {
        return new StoreDirectory(directory.resolve("store"))
                .with("background.enabled", "true", "cache.maintenance.interval.ms", "7")
                .with("background.compaction.interval", "11ms", "background.metrics.interval", "13ms")
                .with("background.cleanup.interval", "17ms", "metrics.jmx", "true", "commit.every", "5ms")
                .with("head.max.samples", "4000", "compact.min.blocks", "3", "cold.after", "20ms")
                .with("promote.reads", "50", "retention", "1d", "retention.reference", "newest")
                .with("cache.l1.max.bytes", "256KiB", "cache.prefetch.max.bytes", "1MiB", "cache.promote.after", "1")
                .with("cache.l2.path", directory.resolve("l2").toString(), "cache.l2.max.bytes", "4MiB")
                .with("cache.l3.path", directory.resolve("l3").toString(), "cache.l3.max.bytes", "16MiB");
    }

    private static SeriesBatch batch(int writer, int number) {
        return StoreDirectory.batch(writer, (long) number * SAMPLES, SAMPLES, at -> Math.round(at * 7.3) / 10.0);
    }

    @Test
    void everythingTogetherFromTheFirstSampleToTheRestart() throws Exception {
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = files().open()) {
            writeAndRead(store);
            for (int writer = 0; writer < WRITERS; writer++) {
                for (int i = 0; i < BATCHES; i++) {
                    model.write(batch(writer, i));
                }
            }
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());

            List<LabelMatcher> first = List.of(LabelMatcher.equal("s", "n0"));
            store.delete(first, new TimeRange(1000, 2000));
            model.delete(first, new TimeRange(1000, 2000));
            SeriesBatch correction = StoreDirectory.batch(1, 500, 10, at -> -1);
            store.write(correction);
            model.write(correction);
            store.flush();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());

            await().until(() -> store.stats().tier(SeriesTier.COLD).blocks() > 0);
            await().until(() -> store.stats().background().stream().allMatch(task -> task.runs() > 2));
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertStatistics(store);
        }
        assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("io.firn:*"), null))
                .isEmpty();
        await().until(() -> StoreDirectory.threads("firn-background") == 0);
        afterwards(model);
    }

    private void writeAndRead(SeriesStore store) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int t = 0; t < WRITERS; t++) {
                int writer = t;
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < BATCHES; i++) {
                        store.write(batch(writer, i));
                    }
                }));
            }
            Future<?> reader = threads.submit(() -> {
                int last = 0;
                while (writing.get()) {
                    int now = StoreDirectory.read(store, 0);
                    assertThat(now).isGreaterThanOrEqualTo(last);
                    assertThat(now % SAMPLES).as("batches are whole").isZero();
                    last = now;
                }
            });
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
            writing.set(false);
            reader.get(60, TimeUnit.SECONDS);
        } finally {
            writing.set(false);
            threads.shutdownNow();
        }
    }

    private static void assertStatistics(SeriesStore store) {
        SeriesStats stats = store.stats();
        assertThat(stats.operations().failures())
                .as(stats.operations().lastFailure())
                .isZero();
        assertThat(stats.operations().cuts()).isPositive();
        assertThat(stats.operations().compactions()).isPositive();
        assertThat(stats.metrics().writes()).isEqualTo((long) WRITERS * BATCHES * SAMPLES + 10);
        assertThat(stats.metrics().compressions()).isPositive();
        assertThat(stats.metrics().errorRate()).isZero();
        assertThat(stats.cache().head().hits()).isPositive();
        assertThat(stats.cache().levels().l1().hits()).isPositive();
        assertThat(stats.codecs()).isNotEmpty();
        assertThat(stats.pools().buffers().acquired()).isPositive();
        assertThat(stats.toJson())
                .contains("\"head\"", "\"tiers\"", "\"cache\"", "\"pools\"", "\"background\"", "\"metrics\"")
                .contains("\"codecs\"", "\"reads\"", "\"operations\"", "\"latencies\"", "\"indexCache\"");
    }

    private void afterwards(SeriesModel model) {
        StoreDirectory files = files();
        assertThat(files.damages()).isEmpty();
        try (SeriesStore store = files.open()) {
            store.warm();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.compact();
            store.compress();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.delete(StoreDirectory.ALL, TimeRange.ALL);
            store.compact();
            assertThat(store.expire(Duration.ofMillis(1))).isZero();
            assertThat(store.labelNames()).isEmpty();
        }
        assertThat(files.damages()).isEmpty();
    }
}
