package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/series.md shows, on a real disk. */
class SeriesExampleTest {
    @Test
    void writeSelectAndCleanUp(@TempDir Path directory) {
        SeriesStoreOptions options = SeriesStoreOptions.fromProperties(Map.of("retention", "30d"));
        try (SeriesStore store = SeriesStore.open(directory.resolve("metrics"), options)) {
            Labels cpu = Labels.of("__name__", "cpu_seconds_total", "host", "a", "mode", "idle");
            SeriesBatch batch = new SeriesBatch();
            for (int i = 0; i < 3_600; i++) {
                batch.add(cpu, SeriesType.COUNTER, 1_700_000_000_000L + 1_000L * i, i * 0.25);
            }
            store.write(batch); // durable now

            TimeRange tenMinutes = new TimeRange(1_700_000_000_000L, 1_700_000_600_000L);
            List<LabelMatcher> matchers =
                    List.of(LabelMatcher.equal("__name__", "cpu_seconds_total"), LabelMatcher.regex("host", "a|b"));
            double last = 0;
            long count = 0;
            try (SeriesCursor cursor = store.select(matchers, tenMinutes)) {
                while (cursor.next()) {
                    SampleCursor samples = cursor.samples();
                    while (samples.next()) {
                        last = samples.value();
                        count++;
                    }
                }
            }
            assertThat(count).isEqualTo(600);
            assertThat(last).isEqualTo(599 * 0.25);

            store.delete(List.of(LabelMatcher.equal("host", "a")), tenMinutes);
            store.compact(); // one block, and nothing in it that was deleted
            store.compress();
            store.maintain();
            assertThat(store.labelValues("mode")).containsExactly("idle");
            assertThat(store.stats().tier(SeriesTier.COLD).samples()).isEqualTo(3_000);
        }
        try (SeriesStore store = SeriesStore.open(directory.resolve("metrics"));
                SeriesCursor cursor = store.select(LabelMatcher.equal("host", "a"))) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.toArrays().size()).isEqualTo(3_000);
        }
    }
}
