package io.firn.series;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheOptions;
import io.firn.cache.CacheStats;
import io.firn.cache.LevelStats;
import io.firn.error.CorruptDataException;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.table.TableEnvironment;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store whose local levels of the cache are in trouble: reads cost more then, and show the same. */
class LocalCacheIT {
    private static final int SERIES = 60;
    /** Of noise, so that five series fill a record of 32 KiB. */
    private static final int SAMPLES = 1_000;

    @TempDir
    private Path directory;

    private final FaultyFileStore disk = new FaultyFileStore(LocalFileStore.open(IoMode.AUTO));

    private Path level() {
        return directory.resolve("fast");
    }

    /** Memory for a few records, the rest is in the local level. */
    private StoreDirectory files(String name) {
        return new StoreDirectory(directory.resolve(name), disk)
                .with("cache.l1.max.bytes", "128KiB", "cache.promote.after", "1")
                .with("cache.l2.path", level().toString(), "cache.l2.max.bytes", "4MiB");
    }

    private static CacheStats levels(SeriesStore store) {
        return store.stats().cache().levels();
    }

    private static void write(SeriesStore store) {
        StoreDirectory.writeNoise(store, SERIES, SAMPLES, seed(store));
    }

    /** No store has the samples of another one. */
    private static int seed(SeriesStore store) {
        return store.path().getFileName().toString().hashCode();
    }

    private static LongToDoubleFunction noise(SeriesStore store, int series) {
        return StoreDirectory.noise(seed(store), series);
    }

    private static void readAll(SeriesStore store) {
        for (int i = 0; i < SERIES; i++) {
            assertRead(store, i, noise(store, i));
        }
    }

    private static void assertRead(SeriesStore store, int series, LongToDoubleFunction values) {
        SampleArrays samples = StoreDirectory.samples(store, series);
        assertThat(samples.timestamps())
                .as("series %d", series)
                .isEqualTo(LongStream.range(0, SAMPLES).toArray());
        assertThat(samples.values())
                .as("series %d", series)
                .isEqualTo(LongStream.range(0, SAMPLES).mapToDouble(values).toArray());
    }

    /** Leaves records in the level, and the keys of those that were in memory. */
    private void fill(String name) {
        fill(files(name));
    }

    private static void fill(StoreDirectory files) {
        try (SeriesStore store = files.open()) {
            write(store);
            readAll(store);
        }
    }

    // --- other owners

    @Test
    void aLevelThatAnotherStoreHasIsDoneWithout() {
        fill("store");
        try (SeriesStore first = files("store").open();
                SeriesStore second = files("other").open()) {
            write(second);
            readAll(second);
            assertThat(levels(second).l2()).isEqualTo(LevelStats.NONE);
            readAll(first);
            assertThat(levels(first).l2().hits()).isPositive();
        }
        try (SeriesStore second = files("other").open()) {
            assertThat(levels(second).l2().entries())
                    .as("the directory is free, and what the other one has left there is good")
                    .isPositive();
            readAll(second);
        }
        try (SeriesStore first = files("store").open()) {
            readAll(first);
            assertThat(levels(first).loads())
                    .as("both have their records in it")
                    .isZero();
        }
    }

    // --- what is found at the start

    /** What may become of the files of a level between two runs. */
    private enum Damage {
        BYTES("slots-0"),
        CUT("slots-0"),
        LONGER("slots-0"),
        INDEX_TORN("index"),
        INDEX_DAMAGED("index"),
        INDEX_OF_SOMETHING_ELSE("index"),
        HOT_SET_DAMAGED("hot"),
        HOT_SET_OF_SOMETHING_ELSE("hot"),
        FOREIGN("slots-7");

        private final String file;

        Damage(String file) {
            this.file = file;
        }

        private void doTo(Path level) throws IOException {
            Path path = level.resolve(file);
            byte[] bytes = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
            Files.write(path, damaged(bytes));
        }

        private byte[] damaged(byte[] bytes) {
            return switch (this) {
                case BYTES -> flipped(bytes, 0, 1_000);
                case CUT, INDEX_TORN -> Arrays.copyOf(bytes, bytes.length / 2);
                case LONGER -> Arrays.copyOf(bytes, bytes.length + 4_096);
                case INDEX_DAMAGED -> flipped(bytes, bytes.length / 2, bytes.length);
                case HOT_SET_DAMAGED -> flipped(bytes, bytes.length - 1, bytes.length);
                case INDEX_OF_SOMETHING_ELSE, HOT_SET_OF_SOMETHING_ELSE, FOREIGN -> new byte[5_000];
            };
        }

        private static byte[] flipped(byte[] bytes, int from, int step) {
            for (int i = from; i < bytes.length; i += step) {
                bytes[i] ^= 1;
            }
            return bytes;
        }

        private boolean keepsTheRecords() {
            return file.equals("hot") || this == FOREIGN;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverBecameOfItsFilesALevelIsOfUseAgainAndNeverWrong(Damage damage) throws IOException {
        fill("store");
        damage.doTo(level());
        try (SeriesStore store = files("store").open()) {
            assertThat(store.warm() > 0)
                    .as("the keys of the hot records are known")
                    .isEqualTo(!damage.file.equals("hot"));
            readAll(store);
            CacheStats stats = levels(store);
            assertThat(stats.loads() == 0).as("loads: %d", stats.loads()).isEqualTo(damage.keepsTheRecords());
            assertThat(stats.l2().damaged() > 0)
                    .as("told by the checksum of a record")
                    .isEqualTo(damage == Damage.BYTES);
        }
        try (SeriesStore store = files("store").open()) {
            readAll(store);
            assertThat(levels(store).loads())
                    .as("everything is in the level again")
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRecordThatIsDamagedWhileTheStoreIsOpenIsLoadedAndReplaced(boolean cut) throws IOException {
        fill("store");
        try (SeriesStore store = files("store").open()) {
            Path slots = level().resolve("slots-0");
            int size = (int) Files.size(slots);
            Files.write(slots, new byte[cut ? 10_000 : size]);
            readAll(store);
            assertThat(levels(store).l2().damaged()).isPositive();
            await().untilAsserted(() -> {
                long loads = levels(store).loads();
                readAll(store);
                assertThat(levels(store).loads()).isEqualTo(loads);
            });
        }
    }

    // --- the disk

    @Test
    void aFullDiskStopsTheGrowthOfALevelUntilThereIsRoom() {
        TableEnvironment plain = TableEnvironment.deterministic(disk, InstantSource.system());
        CacheOptions options = CacheOptions.fromProperties(
                Map.of("l2.path", level().toString(), "l2.max.bytes", "4MiB", "l1.max.bytes", "128KiB"));
        try (CacheHierarchy cache = plain.openCache(options);
                SeriesStore store = SeriesStore.open(
                        directory.resolve("store"),
                        SeriesStoreOptions.builder()
                                .environment(plain.withCache(cache))
                                .build())) {
            disk.limitSpace(8L << 20); // for the store, but for no file of the level
            write(store);
            readAll(store);
            await().until(() -> cache.stats().l2().failures() > 0);
            assertThat(cache.stats().l2().entries()).isZero();
            assertThat(Files.exists(level().resolve("slots-0"))).isFalse();
            disk.heal();
            cache.maintain();
            await().untilAsserted(() -> {
                readAll(store);
                assertThat(cache.stats().l2().hits()).isPositive();
            });
            assertThat(store.stats().operations().failures()).isZero();
        }
    }

    @Test
    void aDeviceThatFailsIsPassedByAndCounted() {
        fill("store");
        try (SeriesStore store = files("store").open()) {
            disk.inject(Fault.on(StoreCall.is(StoreOperation.READ, "slots-0")).nth(3));
            readAll(store);
            assertThat(levels(store).l2().failures()).isEqualTo(1);
            assertThat(levels(store).loads()).isEqualTo(1);
            readAll(store);
        }
        breakTheDevice();
        try (SeriesStore store = files("store").open()) {
            readAll(store);
            assertThat(levels(store).l2()).as("a store opens without its level").isEqualTo(LevelStats.NONE);
        }
    }

    private void breakTheDevice() {
        disk.inject(Fault.on(call -> call.path().startsWith(level())).sticky());
    }

    @Test
    void aDeviceThatDiesWhileTheStoreIsOpenDisturbsNothingThatTheStoreDoes() {
        fill("store");
        try (SeriesStore store = files("store").open()) {
            breakTheDevice();
            store.write(StoreDirectory.batch(SERIES, 0, SAMPLES, Math::sin));
            store.cut();
            store.compact();
            readAll(store);
            assertRead(store, SERIES, Math::sin);
            await().until(() -> levels(store).l2().failures() > 0);
        }
        disk.heal();
        try (SeriesStore store = files("store").open()) {
            assertThat(store.warm())
                    .as("what was hot before was of blocks that are gone")
                    .isZero();
            readAll(store);
            assertThat(levels(store).loads()).isPositive();
        }
        try (SeriesStore store = files("store").open()) {
            readAll(store);
            assertThat(levels(store).loads()).as("it is of use again").isZero();
        }
    }

    // --- warming and guesses

    @Test
    void warmingPassesARecordThatIsDamagedInTheStoreAndItsReaderIsTold() throws IOException {
        StoreDirectory files = files("store").with("cache.l1.max.bytes", "8MiB");
        fill(files);
        int hot;
        try (SeriesStore store = files.open()) {
            hot = store.warm();
            assertThat(hot).as("five series fill a record").isEqualTo(SERIES / 5);
        }
        Damage.BYTES.doTo(level());
        ObjectPoolIT.damage(files.path().resolve("chunks"));
        try (SeriesStore store = files.open()) {
            assertThat(store.warm()).isEqualTo(hot - 1);
            int told = 0;
            for (int i = 0; i < SERIES; i++) {
                told += isDamaged(store, i) ? 1 : 0;
            }
            assertThat(told).as("the series of one record at most").isBetween(1, 5);
        }
    }

    private static boolean isDamaged(SeriesStore store, int series) {
        try {
            assertRead(store, series, noise(store, series));
            return false;
        } catch (CorruptDataException damaged) {
            assertThat(damaged).hasMessageContaining("chunks");
            return true;
        }
    }

    @Test
    void aGuessOnADamagedRecordIsNobodysFailureUntilItIsRead() throws IOException {
        StoreDirectory files = files("store").with("cache.l2.max.bytes", "0", "cache.prefetch.max.bytes", "8MiB");
        try (SeriesStore store = files.open()) {
            write(store);
        }
        ObjectPoolIT.damage(directory.resolve("store").resolve("chunks"));
        try (SeriesStore store = files.open()) {
            List<Integer> order = StoreDirectory.order(SERIES);
            int told = 0;
            for (int i : order) {
                told += isDamaged(store, i) ? 1 : 0;
            }
            assertThat(told).isBetween(1, 5);
            assertThat(store.stats().cache().prefetch().used()).isPositive();
        }
    }

    // --- measuring

    @Test
    void whoMeasuresAPhaseSetsTheCountersToZeroAndKeepsTheRecords() {
        TableEnvironment plain = TableEnvironment.system();
        CacheOptions options = CacheOptions.fromProperties(
                Map.of("l2.path", level().toString(), "prefetch.max.bytes", "1MiB", "l1.max.bytes", "8MiB"));
        try (CacheHierarchy cache = plain.openCache(options)) {
            SeriesStoreOptions store = SeriesStoreOptions.builder()
                    .environment(plain.withCache(cache))
                    .set(SeriesOption.BACKGROUND_ENABLED, "false")
                    .build();
            try (SeriesStore measured = SeriesStore.open(directory.resolve("store"), store)) {
                write(measured);
                readAll(measured);
                long entries = cache.stats().l1().entries();
                cache.resetStats();
                assertThat(cache.stats().l1().hits() + cache.stats().l1().misses())
                        .isZero();
                assertThat(cache.stats().l1().entries()).isEqualTo(entries);
                readAll(measured);
                assertThat(cache.stats().l1().hitRatio()).isEqualTo(1.0);
                assertThat(cache.stats().loads()).isZero();
            }
            assertThatThrownBy(() -> CacheOptions.fromProperties(
                            Map.of("l2.path", level().toString(), "l3.path", level().toString())))
                    .hasMessageContaining("use two directories");
        }
    }
}
