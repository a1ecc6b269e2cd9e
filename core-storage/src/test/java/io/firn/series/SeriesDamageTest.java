package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheOptions;
import io.firn.error.FirnException;
import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A bit that turns or bytes that are gone, in every file of a store with hot, warm and cold samples and deletions: an
 * error or exactly what was there, also from the second opening on; and what is not damaged stays whole.
 */
class SeriesDamageTest {
    private static final int ROUNDS = TestProfile.isStress() ? 400 : 6;

    private static final Path CACHE = Path.of("/cache");

    private StoreImage image;
    private List<String> expected;
    private final Map<String, Integer> refused = new TreeMap<>();
    private final Map<String, Integer> right = new TreeMap<>();

    @BeforeEach
    void makeStore() {
        InMemoryFileStore files = new InMemoryFileStore(1 << 19, () -> StoreFixture.START);
        try (SeriesStore store = new StoreFixture(files).open()) {
            SeriesModel model = StoreAct.prepare(store);
            store.compress();
            store.cut();
            StoreAct.DELETE.run(store);
            StoreAct.DELETE.apply(model);
            StoreAct.WRITE.run(store);
            StoreAct.WRITE.apply(model);
            expected = model.all();
            assertThat(SeriesModel.all(store)).isEqualTo(expected);
            assertThat(StoreFixture.blocks(store, SeriesTier.WARM)).isPositive();
            assertThat(StoreFixture.blocks(store, SeriesTier.COLD)).isPositive();
            assertThat(store.stats().head().samples()).isPositive();
        }
        image = StoreImage.of(files, StoreFixture.ROOT);
    }

    @Test
    void aBitThatTurnsAnywhereIsAnErrorOrChangesNothing() {
        Randomized.forAll(ROUNDS, random -> {
            for (Path path : image.paths()) {
                for (int i = 0; i < 3 && image.size(path) > 0; i++) {
                    long bit = bit(path, random);
                    InMemoryFileStore files = image.store();
                    StoreImage.flip(files, path, bit);
                    check(files, path, "bit " + bit);
                    StoreImage.flip(files, path, bit);
                    if (files.exists(path)) {
                        checkHealed(files, path, "bit " + bit);
                    }
                }
            }
        });
        report("bits");
    }

    /** Most files begin with what matters; the end of a preallocated one is nothing. */
    private long bit(Path path, RandomGenerator random) {
        long bits = (long) image.size(path) * Byte.SIZE;
        return random.nextLong(random.nextBoolean() ? bits : Math.min(bits, 2_048 * Byte.SIZE));
    }

    @Test
    void aFileThatIsCutAnywhereIsAnErrorOrChangesNothing() {
        Randomized.forAll(ROUNDS, random -> {
            for (Path path : image.paths()) {
                if (image.size(path) > 0) {
                    int size = (int) (bit(path, random) / Byte.SIZE);
                    InMemoryFileStore files = image.store();
                    StoreImage.cut(files, path, size);
                    check(files, path, "cut to " + size);
                }
            }
        });
        report("cuts");
    }

    @Test
    void aFileThatIsGoneIsAnErrorOrChangesNothing() {
        for (Path path : image.paths()) {
            InMemoryFileStore files = image.store();
            files.delete(path);
            check(files, path, "deleted");
        }
        report("deletions");
    }

    /** Of the levels of a cache nothing is needed: what is damaged there is read from the store. */
    @Test
    void damagedFilesOfTheCacheChangeNoSample() {
        InMemoryFileStore files = image.store();
        InMemoryFileStore cacheFiles = new InMemoryFileStore();
        cacheFiles.createDirectory(CACHE);
        for (int i = 0; i < 3; i++) {
            assertThat(readThroughCache(files, cacheFiles)).isEqualTo(expected);
        }
        StoreImage cacheImage = StoreImage.of(cacheFiles, CACHE);
        assertThat(cacheImage.paths()).hasSizeGreaterThan(3);
        Randomized.forAll(ROUNDS, random -> {
            for (Path path : cacheImage.paths()) {
                if (cacheImage.size(path) == 0) {
                    continue;
                }
                InMemoryFileStore damaged = cacheImage.store();
                int size = random.nextInt(Math.min(cacheImage.size(path), 1 << 12));
                if (random.nextBoolean()) {
                    StoreImage.flip(damaged, path, (long) size * Byte.SIZE + random.nextInt(Byte.SIZE));
                } else {
                    StoreImage.cut(damaged, path, size);
                }
                assertThat(readThroughCache(image.store(), damaged))
                        .as("%s, %d", path, size)
                        .isEqualTo(expected);
            }
        });
    }

    private static List<String> readThroughCache(FileStore files, FileStore cacheFiles) {
        CacheOptions options = CacheOptions.fromProperties(Map.of(
                "l1.max.bytes", "20KiB",
                "l2.path", CACHE.resolve("l2").toString(),
                "l2.max.bytes", "64KiB",
                "l3.path", CACHE.resolve("l3").toString(),
                "l3.max.bytes", "1MiB",
                "promote.after", "1"));
        try (CacheHierarchy cache = CacheHierarchy.open(cacheFiles, options, new BufferPool(1 << 20));
                SeriesStore store = new StoreFixture(files).with(cache).open()) {
            List<String> seen = SeriesModel.all(store);
            assertThat(cache.stats().l1().hits()
                            + cache.stats().loads()
                            + cache.stats().l2().hits())
                    .isPositive();
            return seen;
        }
    }

    private void check(FileStore files, Path path, String what) {
        boolean failed = false;
        for (int opening = 1; opening <= 2; opening++) {
            failed |= show(files, path + ", " + what + ", opening " + opening);
        }
        (failed ? refused : right).merge(kindOf(path), 1, Integer::sum);
        attempt(files, store -> {
            store.compact();
            store.compress();
            store.maintain();
        });
        show(files, path + ", " + what + ", after maintenance");
    }

    /** What maintenance did with damaged files has destroyed nothing: without the damage everything is there. */
    private void checkHealed(FileStore files, Path path, String what) {
        try (SeriesStore store = new StoreFixture(files).open()) {
            assertThat(SeriesModel.all(store))
                    .as("%s, %s, turned back", path, what)
                    .isEqualTo(expected);
        }
    }

    /** Returns whether it failed. */
    private boolean show(FileStore files, String what) {
        return attempt(
                files, store -> assertThat(SeriesModel.all(store)).as(what).isEqualTo(expected));
    }

    private static boolean attempt(FileStore files, Consumer<SeriesStore> use) {
        try (SeriesStore store = new StoreFixture(files).open()) {
            use.accept(store);
            return false;
        } catch (FirnException found) {
            return true;
        }
    }

    private static String kindOf(Path path) {
        String name = path.getFileName().toString();
        String table = StoreFixture.ROOT.relativize(path).getName(0).toString();
        return table + ":" + (name.contains(".") ? name.substring(name.indexOf('.')) : name);
    }

    private void report(String what) {
        System.out.println(what + ": refused " + refused + ", without effect " + right);
        assertThat(refused).isNotEmpty();
    }
}
