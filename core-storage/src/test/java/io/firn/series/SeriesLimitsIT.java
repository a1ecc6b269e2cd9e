package io.firn.series;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.testing.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store takes and what it refuses, and that refusing changes nothing; times in each unit; marks. */
class SeriesLimitsIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private StoreDirectory files() {
        return new StoreDirectory(directory.resolve("store"));
    }

    // --- refused

    private static Map<String, Supplier<SeriesBatch>> badBatches() {
        Labels good = StoreFixture.series(1);
        Map<String, Supplier<SeriesBatch>> bad = new LinkedHashMap<>();
        bad.put("no samples", SeriesBatch::new);
        bad.put("at most 3 are allowed", () -> one(Labels.of("s", "1", "b", "2", "c", "3", "d", "4")));
        bad.put("label.value.max.length", () -> one(Labels.of("s", "x".repeat(41))));
        bad.put("label.name.max.length", () -> one(Labels.of("s", "x", "n".repeat(21), "y")));
        bad.put("head.max.series", () -> one(Labels.of("s", "one too many")));
        bad.put("stands twice", () -> one(Labels.of("s", "1", "s", "2")));
        bad.put("is empty", () -> one(Labels.of("s", "")));
        bad.put("a value for each name", () -> one(Labels.of("s")));
        bad.put("surrogate", () -> one(Labels.of("s", "\ud800")));
        bad.put("timestamps and", () -> new SeriesBatch().add(good, SeriesType.GAUGE, new long[2], new double[1]));
        bad.put("The name of a mark", () -> one(good).mark("", 1));
        return bad;
    }

    private static SeriesBatch one(Labels labels) {
        return new SeriesBatch().add(labels, SeriesType.GAUGE, 1, 1);
    }

    @Test
    void aBatchThatIsRefusedLeavesNothingOfItself() {
        StoreDirectory files = files().with("label.max.count", "3", "label.value.max.length", "40")
                .with("label.name.max.length", "20", "head.max.series", "2");
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = files.open()) {
            for (int series = 1; series <= 2; series++) {
                SeriesBatch batch = StoreDirectory.batch(series, 0, 10, at -> at);
                store.write(batch);
                model.write(batch);
            }
            badBatches()
                    .forEach((why, batch) -> assertThatThrownBy(() -> {
                                // what is good stands before what is not
                                SeriesBatch all = StoreDirectory.batch(1, 100, 10, at -> at);
                                SeriesBatch wrong = batch.get();
                                store.write(wrong.size() == 0 ? wrong : all.addAll(wrong));
                            })
                            .as(why)
                            .isInstanceOf(InvalidRecordException.class)
                            .hasMessageContaining(why));
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(store.stats().metrics().errors()).isPositive();
        }
        try (SeriesStore store = files.open()) {
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            store.cut();
            store.write(one(Labels.of("s", "one too many")));
            assertThat(store.seriesCount())
                    .as("the limit is of a head, which has ended")
                    .isEqualTo(3);
        }
    }

    @Test
    void aSelectionThatCannotChooseAndAStoreThatIsClosedAreTold() {
        SeriesStore store = files().open();
        store.write(one(Labels.of("s", "a")));
        assertThatThrownBy(() -> store.select(LabelMatcher.notEqual("s", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("s!=\"x\"");
        assertThatThrownBy(() -> LabelMatcher.regex("s", "(")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> LabelMatcher.equal("", "x")).isInstanceOf(ConfigException.class);
        assertThat(store.labelValues("nowhere")).isEmpty();
        store.close();
        store.close();
        assertThatThrownBy(() -> store.write(one(Labels.of("s", "a"))))
                .isInstanceOf(ClosedException.class)
                .hasMessageContaining("open it again");
    }

    @Test
    void optionsThatMakeNoSenseAreToldWithTheirName() {
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("timestamp.unit", "minutes");
        bad.put("commit.every", "-1s");
        bad.put("block.duration", "0s");
        bad.put("head.max.samples", "many");
        bad.put("compact.min.blocks", "1");
        bad.put("retention.reference", "oldest");
        bad.put("codec.values", "zip");
        bad.put("metrics.jmx", "perhaps");
        bad.put("cache.enabled", "perhaps");
        bad.put("cache.l1.max.bytes", "much");
        bad.put("no.such.option", "1");
        bad.forEach((option, text) -> assertThatThrownBy(() -> SeriesStoreOptions.fromProperties(Map.of(option, text)))
                .as(option)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(option));
    }

    // --- units

    @ParameterizedTest
    @EnumSource
    void aStoreKeepsItsUnitAndMeasuresAgeInIt(TimestampUnit unit) {
        StoreDirectory files =
                files().with("timestamp.unit", unit.text(), "retention", "1h", "retention.reference", "clock");
        long now = unit.ofMillis(System.currentTimeMillis());
        long day = Duration.ofDays(1).toNanos() / unit.nanos();
        try (SeriesStore store = files.open()) {
            assertThat(store.timestampUnit()).isEqualTo(unit);
            store.write(StoreDirectory.batch(1, now - day, 10, at -> 1));
            store.cut();
            store.write(StoreDirectory.batch(1, now, 10, at -> 2));
            store.cut();
            assertThat(store.maintain().expired()).isEqualTo(1);
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(10);
        }
        TimestampUnit other = unit == TimestampUnit.NANOS ? TimestampUnit.SECONDS : TimestampUnit.NANOS;
        assertThatThrownBy(() -> files.with("timestamp.unit", other.text()).open())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the unit never changes");
    }

    // --- marks

    @Test
    void aSourceThatIsCopiedByProcessesThatAreKilledIsThereOnce() {
        Path path = directory.resolve("marked");
        List<Long> first = copyUntilKilled(path, 300, 1, 0);
        long acknowledged = first.get(first.size() - 1);
        List<Long> second = copyUntilKilled(path, 41, 2, acknowledged);
        long begin = second.get(0) - 41;
        long marked = second.get(second.size() - 1);
        assertThat(begin).as("nothing that was acknowledged is copied again").isIn(acknowledged, acknowledged + 300);
        try (SeriesStore store = SeriesStore.open(path, MarkingSeriesStore.options());
                SeriesReader reader = SeriesReader.open(path)) {
            long position = Optional.ofNullable(store.marks().get(MarkingSeriesStore.MARK))
                    .orElseThrow();
            assertThat(position).as("acknowledged, or under way").isIn(marked, marked + 41);
            assertThat(reader.marks()).isEqualTo(Map.of("marked", store.marks()));
            assertCopied(store, begin, position);
            store.write(MarkingSeriesStore.batch(position, 50, 3));
            store.write(new SeriesBatch().mark("other", 5));
            store.cut();
            await().until(() -> store.stats().tier(SeriesTier.WARM).blocks() == 0);
            store.delete(StoreDirectory.ALL, new TimeRange(0, position));
            store.compact();
            assertThat(store.marks()).isEqualTo(Map.of(MarkingSeriesStore.MARK, position + 50, "other", 5L));
            assertThat(reader.marks().get("marked")).isEqualTo(store.marks());
        }
        try (SeriesStore store = SeriesStore.open(path, MarkingSeriesStore.options())) {
            assertThat(store.marks()).as("marks outlive their samples").containsKeys(MarkingSeriesStore.MARK, "other");
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(50);
        }
    }

    /** Lets a process copy 1,000 samples at least; returns the marks that it has acknowledged, ascending. */
    private List<Long> copyUntilKilled(Path path, int samples, int run, long from) {
        try (ForkedJvm copying = ForkedJvm.of(MarkingSeriesStore.class, directory)
                .arguments(path, samples, run)
                .start()) {
            copying.awaitLine(line -> markOf(line) > from + 1_000, TIMEOUT);
            copying.kill();
            return copying.lines().stream().map(SeriesLimitsIT::markOf).toList();
        }
    }

    private static long markOf(String line) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }

    /** Each sample has the value of the run that has copied it. */
    private static void assertCopied(SeriesStore store, long beginOfSecond, long position) {
        try (SeriesCursor cursor = store.select(LabelMatcher.equal("s", "n1"))) {
            assertThat(cursor.next()).isTrue();
            SampleCursor samples = cursor.samples();
            for (long at = 0; at < position; at++) {
                assertThat(samples.next()).isTrue();
                assertThat(samples.timestamp()).isEqualTo(at);
                assertThat(samples.value()).isEqualTo(MarkingSeriesStore.value(at, at < beginOfSecond ? 1 : 2));
            }
            assertThat(samples.next()).isFalse();
        }
    }
}
