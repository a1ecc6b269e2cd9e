package io.firn.series;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.WriterFencedException;
import io.firn.task.BackgroundOptions;
import io.firn.task.TaskStats;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that maintains itself: which tasks run, what they do, what they show, and that nothing of them stays. */
class BackgroundProcessingIT {
    private final MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();

    @TempDir
    private Path directory;

    @AfterEach
    void nothingStays() throws Exception {
        await().untilAsserted(() ->
                assertThat(StoreDirectory.threads("firn-background")).isZero());
        assertThat(jmx.queryNames(new ObjectName("io.firn:type=SeriesStore,*"), null))
                .isEmpty();
    }

    private StoreDirectory quick() {
        return new StoreDirectory(directory)
                .with("background.enabled", "true", "cache.maintenance.interval.ms", "5")
                .with("background.compaction.interval", "5ms", "background.metrics.interval", "5ms")
                .with("background.cleanup.interval", "5ms");
    }

    private static Map<String, TaskStats> tasks(SeriesStore store) {
        return store.stats().background().stream().collect(Collectors.toMap(TaskStats::name, Function.identity()));
    }

    // --- scheduling

    @Test
    void fourTasksRunEachByItsInterval() {
        try (SeriesStore store =
                quick().with("background.cleanup.interval", "1h").open()) {
            await().until(() -> tasks(store).values().stream()
                    .filter(task -> !task.name().equals("cleanup"))
                    .allMatch(task -> task.runs() > 3));
            assertThat(tasks(store))
                    .containsOnlyKeys("cache_maintenance", "block_compaction", "metrics_collection", "cleanup");
            assertThat(tasks(store).values())
                    .as("not before an hour")
                    .anyMatch(task -> task.name().equals("cleanup") && task.runs() == 0);
            assertThat(tasks(store).values()).allMatch(task -> task.failures() == 0);
        }
    }

    @Test
    void switchedOffNoThreadExistsAndTheIntervalsOfTheDesignAreTheDefaults() {
        try (SeriesStore store = new StoreDirectory(directory).open()) {
            assertThat(StoreDirectory.threads("firn-background")).isZero();
            assertThat(tasks(store).values()).allMatch(task -> task.runs() == 0);
        }
        SeriesStoreOptions defaults = SeriesStoreOptions.defaults();
        assertThat(defaults.backgroundOptions()).isEqualTo(BackgroundOptions.defaults());
    }

    // --- work

    @Test
    void theBackgroundCutsCompactsAndMakesCold() {
        StoreDirectory files = quick().with("block.duration", "1ms", "compact.min.blocks", "3", "cold.after", "1ms");
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = files.open()) {
            for (int i = 0; i < 6; i++) {
                SeriesBatch batch = StoreDirectory.batch(1, i * 100L, 100, at -> at);
                model.write(batch);
                store.write(batch);
            }
            await().until(() -> store.stats().head().samples() == 0
                    && store.stats().tier(SeriesTier.COLD).blocks() > 0
                    && store.stats().tier(SeriesTier.WARM).blocks() == 0);
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(store.stats().operations().failures()).isZero();
        }
        assertThat(files.damages()).isEmpty();
    }

    @Test
    void aTaskThatFailsDisturbsNoOther() throws IOException {
        StoreDirectory files = quick();
        try (SeriesStore store = files.with("background.enabled", "false").open()) {
            for (int i = 0; i < 4; i++) {
                StoreDirectory.writeNoise(store, 4, 1000);
            }
        }
        ObjectPoolIT.damage(directory.resolve("chunks"));
        try (SeriesStore store = files.with("background.enabled", "true").open()) {
            await().until(() -> store.stats().operations().failures() > 2);
            assertThat(store.stats().operations().lastFailure()).contains("chunks");
            Map<String, TaskStats> before = tasks(store);
            await().until(() -> tasks(store).values().stream()
                    .allMatch(task ->
                            task.runs() > before.getOrDefault(task.name(), task).runs() + 2));
            store.write(StoreDirectory.batch(9, 0, 10, at -> at));
            assertThat(StoreDirectory.read(store, 9)).isEqualTo(10);
        }
    }

    // --- metrics

    @Test
    void metricsAreShownByJmxAndRefreshedByTheirTask() throws Exception {
        try (SeriesStore store = quick().with("metrics.jmx", "true").open()) {
            ObjectName gauges = only("io.firn:type=SeriesStore,*");
            ObjectName operations = only("io.firn:type=Operations,*");
            assertThat(gauges.getKeyProperty("owner"))
                    .contains(directory.getFileName().toString());
            store.write(StoreDirectory.batch(1, 0, 100, at -> at));
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(100);
            await().untilAsserted(() ->
                    assertThat(jmx.getAttribute(gauges, "HeadSamples")).isEqualTo(100L));
            store.cut();
            await().untilAsserted(() ->
                    assertThat(jmx.getAttribute(gauges, "WarmBlocks")).isEqualTo(1));
            assertThat(jmx.getAttribute(operations, "Writes")).isEqualTo(100L);
            assertThat(jmx.getAttribute(operations, "Reads")).isEqualTo(100L);
            assertThat((Long) jmx.getAttribute(operations, "WriteP99Ns")).isPositive();
            assertThat((Long) jmx.getAttribute(operations, "ReadP50Ns")).isPositive();
            assertThat(jmx.getAttribute(operations, "ErrorRate")).isEqualTo(0.0);
            assertThat(jmx.getAttribute(operations, "HitRatio")).isEqualTo(0.0);
            assertThat(StoreDirectory.read(store, 1)).as("now from the block").isEqualTo(100);
            assertThat(jmx.getAttribute(operations, "CacheHits")).isEqualTo(1L);
            assertThat(jmx.getAttribute(operations, "HitRatio")).isEqualTo(1.0);
            // as a console shows them
            for (ObjectName bean : List.of(gauges, operations)) {
                for (var attribute : jmx.getMBeanInfo(bean).getAttributes()) {
                    assertThat(jmx.getAttribute(bean, attribute.getName()))
                            .as(attribute.getName())
                            .isNotNull();
                }
            }
            assertThat((String) jmx.getAttribute(gauges, "Json")).contains("\"background\":[{");
        }
    }

    private ObjectName only(String pattern) throws Exception {
        return jmx.queryNames(new ObjectName(pattern), null).iterator().next();
    }

    @Test
    void withoutMetricsNothingIsTimedAndWithoutABackgroundJmxShowsThePresent() throws Exception {
        StoreDirectory files = new StoreDirectory(directory).with("metrics.enabled", "false", "metrics.jmx", "true");
        try (SeriesStore store = files.open()) {
            store.write(StoreDirectory.batch(1, 0, 100, at -> at));
            StoreDirectory.read(store, 1);
            assertThat(store.stats().metrics().operations()).isZero();
            assertThat(store.stats().latency("write").count()).isZero();
            assertThat(store.metrics().isEnabled()).isFalse();
            assertThat(jmx.getAttribute(only("io.firn:type=SeriesStore,*"), "HeadSamples"))
                    .isEqualTo(100L);
        }
    }

    @Test
    void storesOfOneDirectoryHaveBeansOfTheirOwn() throws Exception {
        StoreDirectory files = new StoreDirectory(directory).with("metrics.jmx", "true");
        try (SeriesStore fenced = files.open();
                SeriesStore owner = files.with("take.over", "true").open()) {
            owner.write(StoreDirectory.batch(1, 0, 100, at -> at));
            ObjectName second = only("io.firn:type=Operations,instance=2,*");
            assertThat(jmx.getAttribute(second, "Writes")).isEqualTo(100L);
            assertThat(jmx.getAttribute(only("io.firn:type=Operations,instance=1,*"), "Writes"))
                    .isEqualTo(0L);
            assertThatThrownBy(() -> fenced.write(StoreDirectory.batch(1, 0, 1, at -> at)))
                    .isInstanceOf(WriterFencedException.class);
            jmx.unregisterMBean(second); // as somebody may who tidies up; closing takes no harm
        }
    }

    // --- clean-up

    @Test
    void cleanupRemovesWhatHasExpired() {
        StoreDirectory files = quick().with("retention", "1s", "retention.reference", "newest")
                .with("background.compaction.interval", "1h");
        try (SeriesStore store = files.open()) {
            store.write(StoreDirectory.batch(1, 0, 100, at -> at));
            store.cut();
            store.write(StoreDirectory.batch(1, 10_000, 100, at -> at));
            await().until(() -> store.stats().operations().expiredBlocks() == 1);
            await().until(() -> store.stats().blocksToRemove() == 0);
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(100);
        }
    }

    @Test
    void closingInTheMiddleOfWorkLosesNothingAndLeavesNothing() {
        StoreDirectory files = quick().with("compact.min.blocks", "2", "block.duration", "1ms", "cold.after", "1ms");
        SeriesModel model = new SeriesModel();
        for (int round = 0; round < 8; round++) {
            try (SeriesStore store = files.open()) {
                for (int i = 0; i < 3; i++) {
                    SeriesBatch batch = StoreDirectory.batch(i, round * 5000L, 5000, Math::sin);
                    model.write(batch);
                    store.write(batch);
                }
            }
        }
        try (SeriesStore store = files.with("background.enabled", "false").open()) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        }
        assertThat(files.damages()).isEmpty();
    }

    @Test
    void aCompactionThatRunsWhenTheStoreIsClosedLeavesNoTrace() {
        StoreState state = new StoreState(new Head(0));
        StoppableSeries series = new StoppableSeries(
                new MergedSeries(List.of(new Head(0).selectAll().source(TimeRange.ALL))), state);
        assertThat(series.next()).isFalse();
        state.stop();
        assertThatThrownBy(series::next).isInstanceOf(ClosedException.class).hasMessageContaining("no trace");
    }
}
