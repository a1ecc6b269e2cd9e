package io.firn.series;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheOptions;
import io.firn.cache.CacheStats;
import io.firn.cache.LevelStats;
import io.firn.error.ConfigException;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache of a store at work: what is a hit, what moves between the levels, what is forgotten. */
class CacheHierarchyIT {
    /** Of noise, so that four series fill a record of 32 KiB. */
    private static final int SAMPLES = 1000;

    @TempDir
    private Path directory;

    private StoreDirectory memory(String bytes) {
        return new StoreDirectory(directory.resolve("store")).with("cache.l1.max.bytes", bytes);
    }

    private StoreDirectory levels(String memory, String fast, String large) {
        return memory(memory)
                .with("cache.l2.path", directory.resolve("fast").toString())
                .with("cache.l2.max.bytes", fast)
                .with("cache.l3.path", directory.resolve("large").toString())
                .with("cache.l3.max.bytes", large)
                .with("cache.promote.after", "1");
    }

    private static CacheStats levels(SeriesStore store) {
        return store.stats().cache().levels();
    }

    // --- hits and misses

    @Test
    void whatWasWrittenIsReadFromMemoryBeforeAndAfterItIsABlock() {
        try (SeriesStore store = memory("8MiB").open()) {
            store.write(StoreDirectory.batch(1, 0, SAMPLES, Math::sin));
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(SAMPLES);
            LevelStats head = store.stats().cache().head();
            assertThat(head.hits()).as("the head is the level above all").isEqualTo(1);
            assertThat(head.misses()).isZero();
            assertThat(head.entries()).isEqualTo(1);
            assertThat(head.bytes()).isPositive();

            store.cut();
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(SAMPLES);
            assertThat(store.stats().cache().head().hits()).isEqualTo(1);
            assertThat(store.stats().cache().head().misses()).isEqualTo(1);
            assertThat(levels(store).l1().hits()).as("a new block is in memory").isEqualTo(1);
            assertThat(levels(store).loads()).isZero();
            assertThat(store.stats().metrics().cacheHits()).isEqualTo(1);
            assertThat(store.stats().metrics().cacheMisses()).isZero();
        }
    }

    @Test
    void theFirstReadAfterARestartLoadsAndTheNextOnesHitWarmAndCold() {
        try (SeriesStore store = memory("8MiB").open()) {
            StoreDirectory.writeNoise(store, 16, SAMPLES);
        }
        try (SeriesStore store = memory("8MiB").open()) {
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(SAMPLES);
            assertThat(levels(store).loads()).isEqualTo(1);
            assertThat(store.stats().metrics().cacheMisses()).isEqualTo(1);
            for (int i = 0; i < 10; i++) {
                assertThat(StoreDirectory.read(store, 1)).isEqualTo(SAMPLES);
            }
            store.compress();
            assertThat(store.stats().tier(SeriesTier.COLD).blocks()).isEqualTo(1);
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(SAMPLES);
            assertThat(levels(store).loads()).as("from the cold file").isEqualTo(2);
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(SAMPLES);
            assertThat(levels(store).loads()).isEqualTo(2);
            assertThat(levels(store).l1().hits()).isEqualTo(11);
            store.decompress();
            assertThat(store.stats().tier(SeriesTier.COLD).blocks()).isZero();
            assertThat(StoreDirectory.read(store, 1)).isEqualTo(SAMPLES);
            assertThat(levels(store).loads())
                    .as("a block that gets warm again is put into memory")
                    .isEqualTo(2);
        }
    }

    @Test
    void offNothingIsKeptAndARunningScanPassesIt() {
        try (SeriesStore store = memory("8MiB").with("cache.enabled", "false").open()) {
            StoreDirectory.writeNoise(store, 8, SAMPLES);
            StoreDirectory.read(store, 1);
            StoreDirectory.read(store, 1);
            assertThat(levels(store).l1().hits() + levels(store).l1().misses()).isZero();
        }
        try (SeriesStore store = memory("128KiB").with("cache.enabled", "true").open()) {
            assertThat(SeriesModel.all(store)).hasSize(8 * SAMPLES);
            assertThat(levels(store).l1().hits() + levels(store).l1().misses())
                    .as("more than a quarter of the memory is read past it")
                    .isZero();
        }
    }

    // --- eviction

    @Test
    void everyLevelStaysWithinItsBytes() {
        StoreDirectory files = levels("256KiB", "1MiB", "2MiB");
        try (SeriesStore store = files.open()) {
            StoreDirectory.writeNoise(store, 600, SAMPLES);
            for (int i = 0; i < 600; i++) {
                StoreDirectory.read(store, i);
                assertThat(levels(store).l1().bytes()).isLessThanOrEqualTo(256 << 10);
            }
            await().untilAsserted(() -> assertThat(levels(store).l3().entries()).isPositive());
            CacheStats stats = levels(store);
            assertThat(stats.l1().evictions()).isPositive();
            assertThat(stats.l2().bytes()).isLessThanOrEqualTo(1 << 20);
            assertThat(stats.l3().bytes()).isLessThanOrEqualTo(2 << 20);
        }
    }

    // --- promotion, demotion, restart

    @Test
    void whatMemoryEvictsIsServedFromBelowAndMovesUpAgain() {
        try (SeriesStore store = levels("256KiB", "1MiB", "20MiB").open()) {
            StoreDirectory.writeNoise(store, 200, SAMPLES);
            for (int i = 0; i < 200; i++) {
                StoreDirectory.read(store, i);
            }
            long loads = levels(store).loads();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 200; i++) {
                    assertThat(StoreDirectory.read(store, i)).isEqualTo(SAMPLES);
                }
            }
            CacheStats stats = levels(store);
            assertThat(stats.l1().demotions()).isPositive();
            assertThat(stats.l2().demotions()).isPositive();
            assertThat(stats.l2().hits() + stats.l3().hits()).isPositive();
            assertThat(stats.l2().promotions()).isPositive();
            assertThat(stats.l3().promotions()).isPositive();
            assertThat(stats.loads() - loads).as("most is served from below").isLessThan(300);
        }
    }

    @Test
    void warmingAfterARestartMakesTheFirstReadsHits() {
        StoreDirectory files = levels("8MiB", "64MiB", "64MiB");
        try (SeriesStore store = files.open()) {
            StoreDirectory.writeNoise(store, 40, SAMPLES);
            StoreDirectory.read(store, 3);
            StoreDirectory.read(store, 33);
            assertThat(store.warm()).as("nothing was hot before").isZero();
        }
        try (SeriesStore store = files.open()) {
            assertThat(store.warm()).isPositive();
            assertThat(levels(store).loads()).as("the local level has it").isZero();
            long misses = levels(store).l1().misses();
            assertThat(StoreDirectory.read(store, 3)).isEqualTo(SAMPLES);
            assertThat(StoreDirectory.read(store, 33)).isEqualTo(SAMPLES);
            assertThat(levels(store).l1().misses()).isEqualTo(misses);
            store.delete(StoreDirectory.ALL, TimeRange.ALL);
            store.compact();
        }
        try (SeriesStore store = files.open()) {
            assertThat(store.warm()).as("the block is gone").isZero();
        }
    }

    // --- coherence

    @Test
    void writesDeletionsAndCompactionsAreSeenAtOnceAndForgottenInEveryLevel() {
        try (SeriesStore store = levels("128KiB", "512KiB", "20MiB").open()) {
            StoreDirectory.writeNoise(store, 100, SAMPLES);
            for (int i = 0; i < 100; i++) {
                StoreDirectory.read(store, i);
            }
            await().until(() -> levels(store).l3().entries() > 0);
            assertThat(StoreDirectory.read(store, 7)).isEqualTo(SAMPLES);
            store.write(StoreDirectory.batch(7, SAMPLES, 10, at -> at));
            assertThat(StoreDirectory.read(store, 7)).isEqualTo(SAMPLES + 10);
            store.cut();
            assertThat(StoreDirectory.read(store, 7)).isEqualTo(SAMPLES + 10);
            store.write(StoreDirectory.batch(7, 0, 1, at -> 42));
            assertThat(SeriesModel.select(store, List.of(LabelMatcher.equal("s", "n7")), new TimeRange(0, 1)))
                    .singleElement()
                    .asString()
                    .endsWith(Long.toHexString(Double.doubleToRawLongBits(42)));
            store.delete(List.of(LabelMatcher.equal("s", "n7")), TimeRange.ALL);
            assertThat(StoreDirectory.read(store, 7)).isZero();
            assertThat(StoreDirectory.read(store, 8)).isEqualTo(SAMPLES);

            store.delete(StoreDirectory.ALL, TimeRange.ALL);
            store.compact();
            assertThat(StoreDirectory.read(store, 8)).isZero();
            await().untilAsserted(() -> {
                CacheStats stats = levels(store);
                assertThat(List.of(
                                stats.l1().entries(),
                                stats.l2().entries(),
                                stats.l3().entries()))
                        .as("the blocks are gone, so nothing of them is kept")
                        .containsOnly(0L);
            });
        }
    }

    @Test
    void aRewrittenBlockIsReadAsItIsNow() {
        try (SeriesStore store = memory("8MiB").open()) {
            for (int block = 0; block < 4; block++) {
                store.write(StoreDirectory.batch(1, block * 500L, SAMPLES, at -> at));
                store.cut();
                StoreDirectory.read(store, 1);
            }
            List<String> before = SeriesModel.all(store);
            store.compact();
            assertThat(SeriesModel.all(store)).isEqualTo(before);
            store.compress();
            assertThat(SeriesModel.all(store)).isEqualTo(before);
            store.decompress();
            assertThat(SeriesModel.all(store)).isEqualTo(before);
            assertThat(levels(store).l1().entries()).as("the compacted block").isEqualTo(1);
        }
    }

    // --- measures

    @Test
    void popularSeriesHitMostOfTheTime() {
        int series = 2000;
        try (SeriesStore store = memory("4MiB").with("segment.size", "16MiB").open()) {
            StoreDirectory.writeNoise(store, series, SAMPLES);
            SplittableRandom random = new SplittableRandom(3);
            double[] cumulated = new double[series];
            double sum = 0;
            for (int i = 0; i < series; i++) {
                sum += 1 / Math.pow(i + 1, 0.99);
                cumulated[i] = sum;
            }
            for (int i = 0; i < 20_000; i++) {
                double value = random.nextDouble() * sum;
                int found = Arrays.binarySearch(cumulated, value);
                StoreDirectory.read(store, Math.min(series - 1, found < 0 ? -found - 1 : found));
            }
            LevelStats l1 = levels(store).l1();
            System.out.printf(
                    "Zipf 0.99 over %d series in 400 records, memory for a quarter of them: hit ratio %.3f%n",
                    series, l1.hitRatio());
            assertThat(l1.hitRatio()).isGreaterThan(0.70);
        }
    }

    @Test
    void oneCacheServesManyStoresAndBelongsToWhoOpenedIt() {
        TableEnvironment plain = TableEnvironment.system();
        try (CacheHierarchy cache = plain.openCache(CacheOptions.defaults())) {
            SeriesStoreOptions options = SeriesStoreOptions.builder()
                    .environment(plain.withCache(cache))
                    .set(SeriesOption.BACKGROUND_ENABLED, "false")
                    .build();
            try (SeriesStore first = SeriesStore.open(directory.resolve("a"), options);
                    SeriesStore second = SeriesStore.open(directory.resolve("b"), options)) {
                for (SeriesStore store : List.of(first, second)) {
                    store.write(StoreDirectory.batch(1, 0, SAMPLES, at -> at));
                    store.cut();
                    assertThat(StoreDirectory.read(store, 1)).isEqualTo(SAMPLES);
                }
                assertThat(cache.stats().l1().entries()).isEqualTo(2);
            }
            assertThat(cache.stats().l1().entries()).as("still open").isEqualTo(2);
            assertThatThrownBy(() -> SeriesStoreOptions.builder()
                            .environment(plain.withCache(cache))
                            .set(SeriesOption.CACHE_L1_MAX_BYTES, "1MiB")
                            .build())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("l1.max.bytes");
        }
    }

    @Test
    void readersOfManyThreadsSeeTheirSamplesWhileBlocksComeAndGo() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (SeriesStore store = levels("128KiB", "512KiB", "4MiB").open()) {
            StoreDirectory.writeNoise(store, 64, SAMPLES);
            List<Future<?>> readers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                SplittableRandom random = new SplittableRandom(t);
                readers.add(threads.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        assertThat(StoreDirectory.read(store, random.nextInt(64)))
                                .isEqualTo(SAMPLES);
                    }
                }));
            }
            for (int i = 0; i < 5; i++) {
                store.write(StoreDirectory.batch(100 + i, 0, SAMPLES, at -> at));
                store.compact();
                store.compress();
            }
            for (Future<?> reader : readers) {
                reader.get(60, TimeUnit.SECONDS);
            }
            assertThat(store.stats().operations().failures()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void optionsOfTheCacheAreThoseOfACache() {
        SeriesStoreOptions options = SeriesStoreOptions.fromProperties(
                Map.of("cache.l1.max.bytes", "5MiB", "cache.prefetch.max.bytes", "1MiB", "cache.promote.after", "3"));
        assertThat(options.cacheOptions())
                .isEqualTo(CacheOptions.fromProperties(
                        Map.of("l1.max.bytes", "5MiB", "prefetch.max.bytes", "1MiB", "promote.after", "3")));
        assertThatThrownBy(() -> SeriesStoreOptions.fromProperties(Map.of("cache.promote.after", "0")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("cache.promote.after", "at least 1");
    }
}
