package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.series.codec.CodecCounters;
import io.firn.series.codec.TimestampCodec;
import io.firn.series.codec.ValueCodec;
import io.firn.testing.InMemoryFileStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Codecs in a store at work: exact, small, chosen as configured, and what they cost. */
class CompressionIT {
    private static final int SAMPLES = 5000;
    private static final double[] AWKWARD = {
        0.0,
        -0.0,
        Double.NaN,
        Double.longBitsToDouble(0x7ff0000000000001L),
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MAX_VALUE,
        0.1
    };

    @TempDir
    private Path directory;

    /** Kinds of values, each made for another codec. */
    private static List<LongToDoubleFunction> kinds() {
        SplittableRandom random = new SplittableRandom(4);
        return List.of(
                at -> 42.5,
                at -> (double) Math.floorDiv(at, 100L),
                at -> (double) (at % 7),
                at -> Math.round(Math.sin(at / 50.0) * 1000) / 10.0,
                at -> at * 1000.0 + 3,
                Math::sin,
                at -> AWKWARD[(int) Math.floorMod(at, (long) AWKWARD.length)],
                at -> Double.longBitsToDouble(random.nextLong()));
    }

    private static SeriesModel writeKinds(SeriesStore store) {
        SeriesModel model = new SeriesModel();
        List<LongToDoubleFunction> kinds = kinds();
        for (int i = 0; i < kinds.size(); i++) {
            SeriesBatch batch = StoreDirectory.batch(i, -SAMPLES / 2, SAMPLES, kinds.get(i));
            model.write(batch);
            store.write(batch);
        }
        store.write(new SeriesBatch()
                .add(StoreFixture.series(0), SeriesType.GAUGE, Long.MIN_VALUE, 1)
                .add(StoreFixture.series(0), SeriesType.GAUGE, Long.MAX_VALUE - 1, 2));
        model.write(new SeriesBatch()
                .add(StoreFixture.series(0), SeriesType.GAUGE, Long.MIN_VALUE, 1)
                .add(StoreFixture.series(0), SeriesType.GAUGE, Long.MAX_VALUE - 1, 2));
        store.cut();
        return model;
    }

    // --- accuracy

    @ParameterizedTest
    @EnumSource
    void everyBitOfEveryKindComesBackWithEveryPairOfCodecs(ValueCodec values) {
        for (TimestampCodec timestamps : TimestampCodec.values()) {
            StoreFixture files = new StoreFixture(new InMemoryFileStore())
                    .with("codec.values", values.name())
                    .with("codec.timestamps", timestamps.name());
            List<String> expected;
            try (SeriesStore store = files.open()) {
                expected = writeKinds(store).all();
                assertThat(SeriesModel.all(store)).isEqualTo(expected);
            }
            try (SeriesStore store = files.open()) {
                assertThat(SeriesModel.all(store)).isEqualTo(expected);
                store.compress();
                assertThat(SeriesModel.all(store)).isEqualTo(expected);
            }
        }
    }

    @Test
    void labelsOfAnyTextComeBackAndEachTextIsStoredOnce() {
        StoreDirectory files = new StoreDirectory(directory);
        List<Labels> all = new ArrayList<>();
        SeriesBatch batch = new SeriesBatch();
        String shared = "das gleiche, überall: 同じ 🙂".repeat(20);
        for (int i = 0; i < 2000; i++) {
            Labels labels = Labels.of("s", "n" + i, "gemeinsam", shared, "模式" + i % 5, "値 " + i % 13);
            all.add(labels);
            batch.add(labels, SeriesType.COUNTER, i, i);
        }
        try (SeriesStore store = files.open()) {
            store.write(batch);
            store.cut();
        }
        try (SeriesStore store = files.open()) {
            store.forgetIndexes();
            for (Labels labels : List.of(all.get(0), all.get(777), all.get(1999))) {
                try (SeriesCursor cursor =
                        store.select(LabelMatcher.equal("s", labels.get("s").orElseThrow()))) {
                    assertThat(cursor.next()).isTrue();
                    assertThat(cursor.labels()).isEqualTo(labels);
                }
            }
            assertThat(store.labelValues("gemeinsam")).containsExactly(shared);
            assertThat(store.labelValues("模式3")).hasSize(13);
            assertThat(store.seriesCount()).isEqualTo(2000);
            long stored = store.stats().tier(SeriesTier.WARM).encodedBytes();
            assertThat(stored)
                    .as("a dictionary: the shared text alone would be %d bytes in each series", shared.length())
                    .isLessThan(2000L * shared.length() / 2);
        }
    }

    // --- ratio

    @Test
    void countersAndGaugesTakeLessThanHalf() {
        try (SeriesStore store = new StoreDirectory(directory).open()) {
            SplittableRandom random = new SplittableRandom(1);
            SeriesBatch batch = new SeriesBatch();
            for (int series = 0; series < 20; series++) {
                long[] counter = {0};
                StoreDirectory.add(batch, series, 0, SAMPLES, at -> counter[0] += random.nextInt(100));
                double[] gauge = {50};
                StoreDirectory.add(batch, 100 + series, 0, SAMPLES, at -> {
                    gauge[0] += random.nextInt(-20, 21) / 100.0;
                    return Math.round(gauge[0] * 100) / 100.0;
                });
            }
            store.write(batch);
            store.cut();
            SeriesStats.Tier warm = store.stats().tier(SeriesTier.WARM);
            double part = (double) warm.encodedBytes() / warm.rawBytes();
            System.out.printf(
                    "counters and two-decimal gauges, regular timestamps, with labels and index: %.1f %% of 16 bytes%n",
                    100 * part);
            assertThat(part).isLessThan(0.5);
        }
    }

    // --- choice

    @Test
    void adaptiveTakesTheFittingCodecAndAConfiguredOneIsTaken() {
        try (SeriesStore store = new StoreDirectory(directory.resolve("adaptive")).open()) {
            writeKinds(store);
            assertThat(store.stats().codecs().keySet())
                    .contains("values.constant", "values.decimal", "values.raw", "timestamps.stride");
        }
        try (SeriesStore store = new StoreDirectory(directory.resolve("fixed"))
                .with("codec.values", "gorilla", "codec.timestamps", "delta_of_delta")
                .open()) {
            writeKinds(store);
            assertThat(store.stats().codecs()).containsKey("values.gorilla").doesNotContainKey("values.decimal");
            assertThat(store.stats().codecs())
                    .containsKey("timestamps.delta_of_delta")
                    .doesNotContainKey("timestamps.stride");
        }
    }

    @Test
    void chunksBelowTheThresholdStayRaw() {
        for (int samples : new int[] {63, 64}) {
            StoreDirectory files = new StoreDirectory(directory.resolve("n" + samples))
                    .with("codec.threshold.bytes", Integer.toString(64 * 16));
            try (SeriesStore store = files.open()) {
                store.write(StoreDirectory.batch(1, 0, samples, at -> 5));
                store.cut();
                String expected = samples < 64 ? "values.raw" : "values.constant";
                assertThat(store.stats().codecs()).containsKey(expected);
                assertThat(StoreDirectory.read(store, 1)).isEqualTo(samples);
            }
        }
    }

    // --- cost

    @Test
    void whatEachCodecDidAndTookIsCounted() {
        try (SeriesStore store = new StoreDirectory(directory).open()) {
            writeKinds(store);
            Map<String, CodecCounters> codecs = store.stats().codecs();
            codecs.forEach((name, counters) -> {
                assertThat(counters.chunks()).as(name).isPositive();
                assertThat(counters.rawBytes()).as(name).isPositive();
                assertThat(counters.encodeNs()).as(name).isPositive();
                System.out.printf(
                        Locale.ROOT,
                        "%s: ratio %.3f, %.1f ns a value with the choice%n",
                        name,
                        counters.ratio(),
                        8.0 * counters.encodeNs() / counters.rawBytes());
            });
            long chunks = codecs.entrySet().stream()
                    .filter(codec -> codec.getKey().startsWith("values."))
                    .mapToLong(codec -> codec.getValue().chunks())
                    .sum();
            assertThat(chunks).isEqualTo(store.stats().tier(SeriesTier.WARM).chunks());
            assertThat(store.stats().latency("cut").count()).isEqualTo(1);
        }
    }
}
