package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.series.KilledSeriesStore.Phase;
import io.firn.table.TableEnvironment;
import io.firn.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads a store that another process has open: one that writes, deletes and maintains it until it is killed. */
class SeriesReaderIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    /** Retention may remove the others at any time. */
    private static final List<LabelMatcher> PRESENT = List.of(KilledSteps.ANY, KilledSteps.PRESENT);

    private static final int FREEZES = 4;
    private static final int STEPS_BETWEEN = 6;

    @TempDir
    private Path directory;

    private ForkedJvm writer(Path path, long firstStep) {
        return ForkedJvm.of(KilledSeriesStore.class, directory)
                .arguments(path, Phase.NONE, 1, firstStep)
                .start();
    }

    private static void awaitStep(ForkedJvm writer, long step) {
        writer.awaitLine((KilledSeriesStore.DONE + step)::equals, TIMEOUT);
    }

    private static long lastStep(ForkedJvm writer) {
        List<String> lines = writer.lines();
        return Long.parseLong(lines.get(lines.size() - 1).substring(KilledSeriesStore.DONE.length()));
    }

    /** The model after so many more steps. */
    private static long apply(SeriesModel model, long next, long last) {
        long step = next;
        for (; step <= last; step++) {
            KilledSteps.apply(model, step);
        }
        return step;
    }

    private static List<String> read(SeriesReader reader) {
        return SeriesModel.lines(reader.select(PRESENT, TimeRange.ALL));
    }

    /** The same samples, for a model. */
    private static SeriesBatch batchOf(SeriesReader reader) {
        SeriesBatch batch = new SeriesBatch();
        try (SeriesCursor cursor = reader.select(PRESENT, TimeRange.ALL)) {
            while (cursor.next()) {
                SampleCursor samples = cursor.samples();
                while (samples.next()) {
                    batch.add(cursor.labels(), cursor.type(), samples.timestamp(), samples.value());
                }
            }
        }
        return batch;
    }

    // --- beside a process

    @Test
    void showsWhatAnotherProcessHasCommittedWhereverThatIsAtWork() {
        Path path = directory.resolve("store");
        SeriesModel model = new SeriesModel();
        long next = 0;
        try (ForkedJvm writer = writer(path, 0)) {
            awaitStep(writer, 0);
            try (SeriesReader stays = SeriesReader.open(path)) {
                for (int freeze = 1; freeze <= FREEZES; freeze++) {
                    awaitStep(writer, (long) freeze * STEPS_BETWEEN);
                    assertThat(read(stays))
                            .extracting(SeriesReaderIT::withoutValue)
                            .as("while it writes")
                            .doesNotHaveDuplicates();
                    writer.stop();
                    next = apply(model, next, lastStep(writer));
                    List<String> seen = read(stays);
                    assertThat(seen).as("after step %d", next - 1).isIn(withAndWithout(model, next));
                    assertSameByANewReader(path, stays, seen);
                    writer.resume();
                }
                writer.kill();
                next = apply(model, next, lastStep(writer));
                List<String> seen = read(stays);
                assertThat(seen).as("of the killed process").isIn(withAndWithout(model, next));
                try (SeriesStore store =
                        SeriesStore.open(path, KilledSeriesStore.options(TableEnvironment.system(), false))) {
                    assertThat(SeriesModel.select(store, PRESENT, TimeRange.ALL))
                            .as("its successor has the same")
                            .isEqualTo(seen);
                    store.delete(List.of(KilledSteps.ANY), TimeRange.ALL);
                    store.compact();
                    assertThat(read(stays)).isEmpty();
                    assertThat(stays.labelNames()).isEmpty();
                }
            }
        }
    }

    private static String withoutValue(String line) {
        return line.substring(0, line.lastIndexOf(' '));
    }

    /** What is committed after the last acknowledged step: the one that is under way may count already. */
    private static List<List<String>> withAndWithout(SeriesModel model, long underWay) {
        SeriesModel with = model.copy();
        KilledSteps.apply(with, underWay);
        return List.of(model.select(PRESENT, TimeRange.ALL), with.select(PRESENT, TimeRange.ALL));
    }

    private static void assertSameByANewReader(Path path, SeriesReader stays, List<String> seen) {
        try (SeriesReader fresh = SeriesReader.open(path)) {
            assertThat(read(fresh)).isEqualTo(seen);
            assertThat(fresh.labelNames()).isEqualTo(stays.labelNames()).containsExactly("g", "s");
            assertThat(fresh.labelValues("g")).isEqualTo(stays.labelValues("g")).contains("g0", "g1", "g2");
            assertThat(fresh.seriesCount()).isEqualTo(stays.seriesCount());
            SeriesContents contents = fresh.contents();
            assertThat(contents.headSamples() + contents.blockSamples()).isGreaterThanOrEqualTo(seen.size());
            assertThat(contents).isEqualTo(stays.contents());
            assertThat(contents.maxTimestamp()).isBetween(1_000_000L, 1_002_000L);
        }
    }

    // --- beside maintenance

    /** Of 12 blocks, more than a cursor keeps open, with two chunks of each series; the last stop is behind a series. */
    @ParameterizedTest
    @ValueSource(ints = {1, 6_000, 14_400})
    void aSelectionThatIsLeftOpenGoesOnWhenItsBlocksAreReplacedAndRemoved(int stop) {
        StoreDirectory files = new StoreDirectory(directory.resolve("store"));
        SeriesModel model = new SeriesModel();
        try (SeriesStore store = files.open()) {
            for (int block = 0; block < 12; block++) {
                SeriesBatch batch = new SeriesBatch();
                for (int series = 0; series < 3; series++) {
                    StoreDirectory.add(batch, series, block * 1_200L, 1_200, Math::sin);
                }
                model.write(batch);
                store.write(batch);
                store.cut();
            }
            List<String> expected = model.all();
            try (SeriesReader reader = SeriesReader.open(files.path());
                    SeriesCursor cursor = reader.select(StoreDirectory.ALL, TimeRange.ALL)) {
                List<String> seen = SeriesModel.lines(cursor, stop, () -> {
                    store.compress();
                    store.decompress();
                    store.write(StoreDirectory.batch(99, stop, 1, at -> at));
                    store.compact();
                    store.delete(List.of(LabelMatcher.equal("s", "n99")), TimeRange.ALL);
                    store.compact();
                });
                assertThat(seen).isEqualTo(expected);
            }
        }
    }

    @Test
    void damageIsToldWithItsFileAndNotTakenForMaintenance() throws IOException {
        StoreDirectory files = new StoreDirectory(directory.resolve("store"));
        try (SeriesStore store = files.open()) {
            StoreDirectory.writeNoise(store, 8, 1_000);
        }
        ObjectPoolIT.damage(files.path().resolve("chunks"));
        try (SeriesReader reader = SeriesReader.open(files.path())) {
            assertThatThrownBy(() -> SeriesModel.lines(reader.select(StoreDirectory.ALL, TimeRange.ALL)))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("chunks");
            assertThat(reader.seriesCount()).as("the index is sound").isEqualTo(8);
        }
    }

    // --- many stores

    @Test
    void theStoresOfADirectoryAreOneAlsoWhileProcessesWriteThem() throws IOException {
        Path topic = directory.resolve("topic");
        try (ForkedJvm first = writer(topic.resolve("2"), 0);
                ForkedJvm second = writer(topic.resolve("10"), 100)) {
            awaitStep(first, 3);
            awaitStep(second, 103);
            List.of(first, second).forEach(ForkedJvm::stop);
            try (SeriesReader all = SeriesReader.open(topic);
                    SeriesReader one = SeriesReader.open(topic.resolve("2"));
                    SeriesReader other = SeriesReader.open(topic.resolve("10"))) {
                assertThat(all.stores()).containsExactly(topic.resolve("2"), topic.resolve("10"));
                SeriesModel merged = new SeriesModel();
                merged.write(batchOf(one));
                merged.write(batchOf(other));
                assertThat(read(all))
                        .as("of one timestamp the later store counts, and 10 is later than 2")
                        .isEqualTo(merged.all())
                        .hasSizeLessThan(read(one).size() + read(other).size());
                assertThat(all.contents().stores()).isEqualTo(2);
                assertThat(all.contents().headSamples())
                        .isEqualTo(
                                one.contents().headSamples() + other.contents().headSamples());
                assertThat(all.labelValues("s")).containsAll(one.labelValues("s"));
            }
        }
    }

    @Test
    void storesThatDoNotFitTogetherOrAreNoneAreRefused() {
        assertThatThrownBy(() -> SeriesReader.open(directory.resolve("nowhere")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("No series store at");
        new StoreDirectory(directory.resolve("a"))
                .with("timestamp.unit", "s")
                .open()
                .close();
        new StoreDirectory(directory.resolve("b"))
                .with("timestamp.unit", "ns")
                .open()
                .close();
        assertThatThrownBy(() -> SeriesReader.open(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("read each by itself");
        SeriesReader reader = SeriesReader.open(directory.resolve("a"));
        assertThat(reader.timestampUnit()).isEqualTo(TimestampUnit.SECONDS);
        assertThatThrownBy(() -> reader.select(LabelMatcher.notEqual("s", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("absent label");
        reader.close();
        assertThatThrownBy(reader::labelNames).isInstanceOf(ClosedException.class);
    }
}
