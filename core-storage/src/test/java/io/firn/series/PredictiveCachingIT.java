package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cache.PrefetchStats;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guesses of a store: whether reads of series announce the next ones, and what that costs when they do not. */
class PredictiveCachingIT {
    /** Of noise: five series fill a record. */
    private static final int SAMPLES = 1000;

    private static final int IN_RECORD = 5;
    /** Places of series that are read, each in another record. */
    private static final int PLACES = 300;

    private static final int SERIES = PLACES * IN_RECORD;

    @TempDir
    private Path directory;

    private StoreDirectory files(String prefetchBytes) {
        return new StoreDirectory(directory)
                .with("cache.prefetch.max.bytes", prefetchBytes, "cache.l1.max.bytes", "256KiB");
    }

    /** Positions of the series in the block: they stand in the order of their labels. */
    private static final List<Integer> ORDER = StoreDirectory.order(SERIES);

    private SeriesStore filled(String prefetchBytes) {
        SeriesStore store = files(prefetchBytes).open();
        if (store.stats().tier(SeriesTier.WARM).blocks() == 0) {
            StoreDirectory.writeNoise(store, SERIES, SAMPLES);
        }
        return store;
    }

    private static void read(SeriesStore store, int reads, IntUnaryOperator places) {
        IntStream.range(0, reads)
                .map(places)
                .forEach(place -> assertThat(StoreDirectory.read(store, ORDER.get(place * IN_RECORD)))
                        .isEqualTo(SAMPLES));
    }

    private PrefetchStats statsOf(int reads, IntUnaryOperator places) {
        try (SeriesStore store = filled("8MiB")) {
            read(store, reads, places);
            return store.stats().cache().prefetch();
        }
    }

    // --- detection

    @Test
    void seriesThatAreReadInTheirOrderAreLoadedBefore() {
        PrefetchStats stats = statsOf(PLACES, i -> i);
        System.out.printf("sequential: %s coverage %.2f precision %.2f%n", stats, stats.coverage(), stats.precision());
        assertThat(stats.coverage()).isGreaterThan(0.9);
    }

    @Test
    void stepsOfOneSizeAreFound() {
        PrefetchStats stats = statsOf(PLACES / 3, i -> PLACES - 1 - 3 * i);
        System.out.printf("stride: %s coverage %.2f precision %.2f%n", stats, stats.coverage(), stats.precision());
        assertThat(stats.coverage()).isGreaterThan(0.7);
    }

    // --- accuracy

    @Test
    void mostGuessesAreUsed() {
        try (SeriesStore store = filled("8MiB")) {
            store.compress();
            read(store, PLACES, i -> i);
            PrefetchStats stats = store.stats().cache().prefetch();
            assertThat(stats.precision()).as("cold blocks, too").isGreaterThan(0.9);
            assertThat(stats.used()).isGreaterThan(PLACES / 2);
            assertThat(stats.used() + stats.wasted()).isLessThanOrEqualTo(stats.issued());
        }
    }

    // --- confidence

    @Test
    void readsInNoOrderCauseAlmostNoGuess() {
        SplittableRandom random = new SplittableRandom(11);
        int reads = 1500;
        PrefetchStats stats = statsOf(reads, i -> random.nextInt(PLACES));
        System.out.printf("random: %s%n", stats);
        assertThat(stats.issued()).isLessThanOrEqualTo(reads / 50);
    }

    @Test
    void aPatternThatMisleadsIsGivenUp() {
        SplittableRandom random = new SplittableRandom(12);
        int pairs = 200;
        int[] places = random.ints(pairs, 0, PLACES - 1)
                .flatMap(at -> IntStream.of(at, at + 1))
                .toArray();
        try (SeriesStore store = filled("8MiB")) {
            read(store, pairs, i -> places[i]);
            long first = store.stats().cache().prefetch().issued();
            read(store, pairs, i -> places[pairs + i]);
            PrefetchStats stats = store.stats().cache().prefetch();
            System.out.printf("pairs: %s, %d of them issued in the first half%n", stats, first);
            assertThat(first).as("a step announces the next one").isPositive();
            assertThat(stats.issued() - first).isLessThan(first / 2);
        }
    }

    // --- learning

    @Test
    void aNewPatternReplacesTheOldOne() {
        try (SeriesStore store = filled("8MiB")) {
            read(store, 100, i -> i);
            PrefetchStats first = store.stats().cache().prefetch();
            read(store, 80, i -> PLACES - 1 - 2 * i);
            PrefetchStats second = store.stats().cache().prefetch();
            double covered = (double) (second.used() - first.used())
                    / (second.used() - first.used() + second.misses() - first.misses());
            assertThat(covered).isGreaterThan(0.5);
        }
    }

    @Test
    void whatIsRepeatedIsLearned() {
        int[] round = {10, 200, 55, 120, 33, 270, 81, 140, 5, 99};
        try (SeriesStore store = filled("8MiB")) {
            read(store, 60, i -> round[i % round.length]);
            PrefetchStats first = store.stats().cache().prefetch();
            read(store, 100, i -> round[i % round.length]);
            PrefetchStats second = store.stats().cache().prefetch();
            long asked = second.used() - first.used() + second.misses() - first.misses();
            assertThat(asked).as("ten records are more than memory holds").isPositive();
            assertThat((double) (second.used() - first.used()) / asked).isGreaterThan(0.7);
        }
    }

    // --- switch

    @Test
    void offNothingIsGuessed() {
        try (SeriesStore store = filled("0")) {
            read(store, 50, i -> i);
            assertThat(store.stats().cache().prefetch()).isEqualTo(PrefetchStats.NONE);
        }
        assertThat(StoreDirectory.threads("firn-prefetch")).isZero();
    }
}
