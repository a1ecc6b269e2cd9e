package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.error.TableLockedException;
import io.firn.error.WriterFencedException;
import io.firn.testing.InMemoryFileStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesStoreTest {
    private static final Labels CPU = Labels.of("__name__", "cpu", "host", "a");
    private static final Labels MEMORY = Labels.of("__name__", "memory", "host", "a");
    private static final LabelMatcher HOST = LabelMatcher.equal("host", "a");

    private final StoreFixture fixture = new StoreFixture(new InMemoryFileStore());

    private static SeriesBatch batch(Labels labels, long from, int count) {
        SeriesBatch batch = new SeriesBatch();
        for (int i = 0; i < count; i++) {
            batch.add(labels, SeriesType.GAUGE, from + i, i / 10.0);
        }
        return batch;
    }

    private static long count(SeriesStore store) {
        long count = 0;
        try (SeriesCursor cursor = store.select(HOST)) {
            while (cursor.next()) {
                count += cursor.toArrays().size();
            }
        }
        return count;
    }

    @Test
    void whatWasWrittenIsSelectedAtOnceAndAfterARestart() {
        try (SeriesStore store = fixture.open()) {
            store.write(new SeriesBatch()
                    .add(CPU, SeriesType.COUNTER, 1000, 1.5)
                    .add(MEMORY, SeriesType.GAUGE, 1000, -0.0)
                    .add(CPU, SeriesType.COUNTER, 2000, Double.NaN));
            assertContent(store);
        }
        try (SeriesStore store = fixture.open()) {
            assertContent(store);
        }
    }

    private static void assertContent(SeriesStore store) {
        try (SeriesCursor cursor = store.select(HOST)) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.labels()).isEqualTo(CPU);
            assertThat(cursor.type()).isEqualTo(SeriesType.COUNTER);
            SampleArrays samples = cursor.toArrays();
            assertThat(samples.timestamps()).containsExactly(1000, 2000);
            assertThat(samples.values()).containsExactly(1.5, Double.NaN);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.labels()).isEqualTo(MEMORY);
            assertThat(Double.doubleToRawLongBits(cursor.toArrays().value(0)))
                    .isEqualTo(Double.doubleToRawLongBits(-0.0));
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void aWiderReadAfterASecondBatchSeesBoth() {
        try (SeriesStore store = fixture.open()) {
            store.write(batch(CPU, 0, 10));
            assertThat(SeriesModel.select(store, List.of(HOST), new TimeRange(0, 5)))
                    .hasSize(5);
            store.write(batch(CPU, 10, 10));
            assertThat(count(store)).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 119, 120, 121, 1023, 1024, 1025, 2048, 2049, 5000})
    void everyNumberOfSamplesComesBackFromHeadBlockAndColdBlock(int samples) {
        try (SeriesStore store = fixture.open()) {
            SeriesBatch batch = batch(CPU, -100, samples);
            SeriesModel model = new SeriesModel();
            model.write(batch);
            List<String> expected = model.select(List.of(HOST), TimeRange.ALL);
            store.write(batch);
            assertThat(SeriesModel.select(store, List.of(HOST), TimeRange.ALL)).isEqualTo(expected);
            assertThat(store.cut()).isTrue();
            assertThat(store.stats().head().samples()).isZero();
            assertThat(SeriesModel.select(store, List.of(HOST), TimeRange.ALL)).isEqualTo(expected);
            assertThat(store.compress().errors()).isEmpty();
            assertThat(store.stats().tier(SeriesTier.COLD).blocks()).isEqualTo(1);
            assertThat(SeriesModel.select(store, List.of(HOST), TimeRange.ALL)).isEqualTo(expected);
            assertThat(store.decompress().errors()).isEmpty();
            assertThat(store.stats().tier(SeriesTier.WARM).blocks()).isEqualTo(1);
            assertThat(SeriesModel.select(store, List.of(HOST), TimeRange.ALL)).isEqualTo(expected);
        }
        assertThat(fixture.damages()).isEmpty();
    }

    @Test
    void theLastWriteOfATimestampCountsWhereverTheOthersAre() {
        try (SeriesStore store = fixture.open()) {
            store.write(new SeriesBatch().add(CPU, SeriesType.GAUGE, 5, 1).add(CPU, SeriesType.GAUGE, 5, 2));
            assertThat(SeriesModel.select(store, List.of(HOST), TimeRange.ALL))
                    .singleElement()
                    .asString()
                    .endsWith(Long.toHexString(Double.doubleToRawLongBits(2)));
            store.cut();
            store.write(new SeriesBatch().add(CPU, SeriesType.GAUGE, 5, 3).add(CPU, SeriesType.GAUGE, 1, 0));
            assertThat(SeriesModel.select(store, List.of(HOST), TimeRange.ALL)).hasSize(2);
            store.cut();
            assertThat(SeriesModel.select(store, List.of(HOST), new TimeRange(5, 6)))
                    .singleElement()
                    .asString()
                    .endsWith(Long.toHexString(Double.doubleToRawLongBits(3)));
            assertThat(store.compact()).isEqualTo(1);
            assertThat(SeriesModel.select(store, List.of(HOST), new TimeRange(5, 6)))
                    .singleElement()
                    .asString()
                    .endsWith(Long.toHexString(Double.doubleToRawLongBits(3)));
            assertThat(store.stats().tier(SeriesTier.WARM).samples()).isEqualTo(2);
        }
    }

    @Test
    void labelsAreFoundWhereverTheyAre() {
        try (SeriesStore store = fixture.open()) {
            store.write(batch(CPU, 0, 1));
            store.cut();
            store.write(batch(MEMORY, 0, 1));
            store.write(batch(CPU, 1, 1));
            assertThat(store.labelNames()).containsExactly("__name__", "host");
            assertThat(store.labelValues("__name__")).containsExactly("cpu", "memory");
            assertThat(store.labelValues("nothing")).isEmpty();
            assertThat(store.seriesCount()).isEqualTo(2);
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        SeriesStore store = fixture.with("label.max.count", "2")
                .with("label.value.max.length", "5")
                .with("head.max.series", "2")
                .open();
        try (store) {
            assertThatThrownBy(() -> store.write(new SeriesBatch()))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("no samples");
            assertThatThrownBy(() -> store.write(batch(Labels.of("a", "1", "b", "2", "c", "3"), 0, 1)))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("3 labels")
                    .hasMessageContaining("label.max.count");
            assertThatThrownBy(() -> store.write(batch(Labels.of("a", "123456"), 0, 1)))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("label.value.max.length");
            store.write(batch(Labels.of("a", "1"), 0, 1));
            store.write(batch(Labels.of("a", "2"), 0, 1));
            assertThatThrownBy(() -> store.write(batch(Labels.of("a", "3"), 0, 1)))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("3 series")
                    .hasMessageContaining("head.max.series");
            store.write(batch(Labels.of("a", "2"), 1, 1));
            assertThatThrownBy(() -> store.select(LabelMatcher.notEqual("a", "1")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("absent label");
            assertThatThrownBy(() -> store.select()).isInstanceOf(ConfigException.class);
            assertThatThrownBy(() -> new TimeRange(5, 5)).isInstanceOf(ConfigException.class);
            assertThat(store.stats().operations().failures()).isEqualTo(6);
        }
        assertThatThrownBy(() -> store.write(batch(CPU, 0, 1))).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> store.select(HOST)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(store::stats).isInstanceOf(ClosedException.class);
        store.close();
    }

    @Test
    void aStoreIsOpenOnceUnlessItIsTakenOver() {
        try (SeriesStore store = fixture.open()) {
            store.write(batch(CPU, 0, 3));
            assertThatThrownBy(fixture::open).isInstanceOf(TableLockedException.class);
            try (SeriesStore successor = fixture.with("take.over", "true").open()) {
                assertThatThrownBy(() -> store.write(batch(CPU, 3, 3))).isInstanceOf(WriterFencedException.class);
                assertThatThrownBy(store::cut).isInstanceOf(WriterFencedException.class);
                successor.write(batch(CPU, 6, 3));
                assertThat(count(successor)).isEqualTo(6);
            }
        }
    }

    @Test
    void theUnitOfTimestampsNeverChanges() {
        try (SeriesStore store = fixture.with("timestamp.unit", "us").open()) {
            assertThat(store.timestampUnit()).isEqualTo(TimestampUnit.MICROS);
        }
        assertThatThrownBy(() -> fixture.with("timestamp.unit", "ns").open())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'us'")
                .hasMessageContaining("'ns'");
    }

    @Test
    void theHeadBecomesABlockBySizeAndByAge() {
        try (SeriesStore store = fixture.with("head.max.samples", "100").open()) {
            store.write(batch(CPU, 0, 99));
            assertThat(store.stats().tier(SeriesTier.WARM).blocks()).isZero();
            store.write(batch(CPU, 99, 1));
            assertThat(store.stats().tier(SeriesTier.WARM).blocks()).isEqualTo(1);
            assertThat(store.stats().head().samples()).isZero();
            store.write(batch(CPU, 200, 1));
            fixture.pass(Duration.ofHours(2).minusMillis(1));
            assertThat(store.maintain().cut()).isFalse();
            fixture.pass(Duration.ofMillis(1));
            assertThat(store.maintain().cut()).isTrue();
            assertThat(count(store)).isEqualTo(101);
            assertThat(store.maintain()).isEqualTo(new Maintenance(false, 0, 0, 0, 0));
        }
    }

    @Test
    void theAgeOfTheHeadSurvivesARestart() {
        try (SeriesStore store = fixture.open()) {
            store.write(batch(CPU, 0, 1));
        }
        fixture.pass(Duration.ofHours(2));
        try (SeriesStore store = fixture.open()) {
            assertThat(store.maintain().cut()).isTrue();
        }
    }

    @Test
    void timeAndLabelsSpareReading() {
        try (SeriesStore store = fixture.open()) {
            store.write(batch(CPU, 0, 5000));
            store.cut();
            store.write(batch(MEMORY, 100_000, 5000));
            store.cut();
            assertThat(SeriesModel.select(store, List.of(HOST), new TimeRange(1024, 2048)))
                    .hasSize(1024);
            SeriesStats.Reads reads = store.stats().reads();
            assertThat(reads.blocksSkipped()).isEqualTo(1);
            assertThat(reads.blocksRead()).isEqualTo(1);
            assertThat(reads.chunksRead()).isEqualTo(1);
            assertThat(reads.chunksSkipped()).isEqualTo(4);
            assertThat(reads.bytesSkipped()).isPositive();
            assertThat(SeriesModel.select(store, List.of(LabelMatcher.equal("__name__", "cpu")), TimeRange.ALL))
                    .hasSize(5000);
            assertThat(store.stats().reads().chunksRead()).isEqualTo(6);
        }
    }

    @Test
    void statisticsAreOneJsonObject() {
        try (SeriesStore store = fixture.open()) {
            store.write(batch(CPU, 0, 2000));
            store.cut();
            store.write(batch(CPU, 2000, 10));
            SeriesStats stats = store.stats();
            assertThat(stats.head().samples()).isEqualTo(10);
            assertThat(stats.head().heapBytes()).isPositive();
            assertThat(stats.operations().samples()).isEqualTo(2010);
            assertThat(stats.minTimestamp()).isZero();
            assertThat(stats.maxTimestamp()).isEqualTo(2009);
            assertThat(stats.codecs()).isNotEmpty();
            assertThat(stats.latency("write").count()).isEqualTo(2);
            assertThat(stats.toJson())
                    .startsWith("{\"timestampUnit\":\"ms\"")
                    .contains("\"samples\":2010")
                    .contains("\"WARM\":{\"blocks\":1,\"samples\":2000");
        }
    }
}
