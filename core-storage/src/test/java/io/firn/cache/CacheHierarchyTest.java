package io.firn.cache;

import static io.firn.cache.CacheFixture.FAST;
import static io.firn.cache.CacheFixture.LARGE;
import static io.firn.cache.CacheFixture.key;
import static io.firn.cache.CacheFixture.slots;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.testing.InMemoryFileStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CacheHierarchyTest {
    private final InMemoryFileStore store = new InMemoryFileStore();
    private final CacheFixture fixture = new CacheFixture(store);

    @AfterEach
    void everyBufferIsGivenBack() {
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void memoryAloneLoadsOnceAndMakesNoFileAndNoThread() {
        try (CacheHierarchy cache = fixture.open()) {
            fixture.read(cache, 1, 1, 2, 1);
            assertThat(fixture.takeReads()).containsExactly(1, 2);
            assertThat(cache.isMemoryOnly()).isTrue();
            assertThat(cache.stats().l1().hits()).isEqualTo(2);
            assertThat(cache.stats().l2()).isEqualTo(LevelStats.NONE);
        }
        assertThat(store.list(Path.of("/"))).isEmpty();
    }

    @Test
    void switchedOffNothingIsKept() {
        try (CacheHierarchy cache =
                fixture.open("enabled", "false", "l2.path", FAST, "l3.path", LARGE, "l1.max.bytes", "1MiB")) {
            fixture.read(cache, 1, 1, 1);
            assertThat(fixture.takeReads()).containsExactly(1, 1, 1);
        }
        assertThat(store.list(Path.of("/"))).isEmpty();
    }

    @Test
    void whatMemoryEvictsMovesDownAndThenFurtherDown() {
        try (CacheHierarchy cache = fixture.open(
                "l1.max.bytes",
                "0",
                "l2.path",
                FAST,
                "l2.max.bytes",
                slots(4),
                "l3.path",
                LARGE,
                "l3.max.bytes",
                slots(100))) {
            fixture.read(cache, 0, 1, 2, 3, 4, 5, 6, 7);
            CacheStats stats = cache.stats();
            assertThat(stats.l1()).isEqualTo(new LevelStats(0, 8, 0, stats.l1().demotions(), 8, 0, 0, 0, 0));
            assertThat(stats.l2().entries()).isEqualTo(4);
            assertThat(stats.l2().bytes()).isEqualTo(4L * CacheFixture.SLOT);
            assertThat(stats.l3().entries()).isEqualTo(stats.l2().demotions());
            assertThat(stats.l2().demotions()).isEqualTo(stats.l2().evictions());
            assertThat(stats.loads()).isEqualTo(8);
            fixture.takeReads();

            fixture.read(cache, 0, 1, 2, 3);
            assertThat(fixture.takeReads())
                    .hasSize(4
                            - (int) cache.stats().l2().hits()
                            - (int) cache.stats().l3().hits());
        }
    }

    @Test
    void countsExactly() {
        try (CacheHierarchy cache = fixture.open(
                "l1.max.bytes", slots(4), "l2.path", FAST, "l2.max.bytes", slots(50), "promote.after", "2")) {
            fixture.read(cache, 0, 1);
            assertThat(cache.stats().l1()).isEqualTo(new LevelStats(0, 2, 0, 0, 0, 0, 0, 2, 4L * CacheFixture.SLOT));
            assertThat(cache.stats().l2()).isEqualTo(new LevelStats(0, 2, 0, 0, 0, 0, 0, 0, 0));
            fixture.read(cache, 1);
            assertThat(cache.stats().l1().hits()).isEqualTo(1);
            cache.resetStats();
            assertThat(cache.stats().loads()).isZero();
            assertThat(cache.stats().l1()).isEqualTo(new LevelStats(0, 0, 0, 0, 0, 0, 0, 2, 4L * CacheFixture.SLOT));

            fixture.read(cache, 2); // one of three blocks must go, and goes to L2
            LevelStats l1 = cache.stats().l1();
            assertThat(l1).isEqualTo(new LevelStats(0, 1, 0, 1, 1, 0, 0, 2, 4L * CacheFixture.SLOT));
            assertThat(cache.stats().l2()).isEqualTo(new LevelStats(0, 1, 0, 0, 0, 0, 0, 1, CacheFixture.SLOT));
            assertThat(cache.stats().loads()).isEqualTo(1);
            assertThat(fixture.takeReads()).containsExactly(0, 1, 2);

            int below = List.of(0, 1, 2).stream()
                    .filter(block -> !isInMemory(cache, block))
                    .findFirst()
                    .orElseThrow();
            cache.resetStats();
            fixture.read(cache, below);
            assertThat(cache.stats().l2().hits()).isEqualTo(1);
            assertThat(cache.stats().l2().promotions()).isZero();
            assertThat(isInMemory(cache, below)).isFalse();
            fixture.read(cache, below);
            assertThat(cache.stats().l2().hits()).isEqualTo(2);
            assertThat(cache.stats().l2().promotions()).isEqualTo(1);
            assertThat(cache.stats().loads()).isZero();
            assertThat(cache.stats().failedLoads()).isZero();
            assertThat(fixture.takeReads()).isEmpty();
        }
    }

    private boolean isInMemory(CacheHierarchy cache, int block) {
        List<Integer> before = fixture.takeReads();
        LevelStats l2 = cache.stats().l2();
        try (PooledBuffer buffer = cache.peekMemory(key(block))) {
            assertThat(fixture.takeReads()).isEmpty();
            assertThat(cache.stats().l2()).isEqualTo(l2);
            before.forEach(read -> fixture.reads.add(key(read)));
            return buffer != null;
        }
    }

    @Test
    void aBlockOfTheLargeLevelClimbsOneLevelWithEveryNthHit() {
        try (CacheHierarchy cache = fixture.open(
                "l1.max.bytes",
                slots(1),
                "l2.path",
                FAST,
                "l2.max.bytes",
                slots(8),
                "l3.path",
                LARGE,
                "promote.after",
                "2")) {
            cache.forget("nothing");
            putIntoLarge(cache, 1);
            fixture.read(cache, 1);
            assertThat(cache.stats().l3().promotions()).isZero();
            fixture.read(cache, 1);
            assertThat(cache.stats().l3().promotions()).isEqualTo(1);
            assertThat(cache.stats().l2().entries()).isEqualTo(1);
            fixture.read(cache, 1, 1);
            assertThat(cache.stats().l2().hits()).isEqualTo(2);
            assertThat(cache.stats().l2().promotions()).isEqualTo(1);
            assertThat(cache.stats().l3().hits()).isEqualTo(2);
            assertThat(fixture.takeReads()).isEmpty();
        }
    }

    private void putIntoLarge(CacheHierarchy cache, int block) {
        try (PooledBuffer stored = fixture.stored(key(block))) {
            assertThat(cache.putBelow(1, key(block), stored)).isTrue();
        }
    }

    @Test
    void aRestartHitsWithoutTheStoreAndWarmsMemory() {
        String[] options = {"l1.max.bytes", "1MiB", "l2.path", FAST, "l2.max.bytes", slots(50)};
        try (CacheHierarchy cache = fixture.open(options)) {
            fixture.read(cache, 5, 6, 7, 6, 6);
        }
        fixture.takeReads();
        try (CacheHierarchy cache = fixture.open(options)) {
            assertThat(cache.lastHotKeys()).hasSize(3).contains(key(5), key(6), key(7));
            assertThat(cache.warm(key -> key.block() == 5 ? null : fixture.source(key)))
                    .isEqualTo(2);
            cache.resetStats();
            fixture.read(cache, 6, 7);
            assertThat(cache.stats().l1().hits()).isEqualTo(2);
            fixture.read(cache, 5);
            assertThat(cache.stats().l2().hits()).isEqualTo(1);
        }
        assertThat(fixture.takeReads()).isEmpty();
    }

    @Test
    void forgettingAFileEmptiesEveryLevel() {
        try (CacheHierarchy cache = fixture.open("l1.max.bytes", "1MiB", "l2.path", FAST, "l3.path", LARGE)) {
            BlockKey other = new BlockKey("file2#1", 0);
            fixture.read(cache, 0);
            fixture.read(cache, other);
            putIntoLarge(cache, 1);
            try (PooledBuffer stored = fixture.stored(key(2))) {
                cache.putBelow(0, key(2), stored);
            }
            cache.forget("file");
            fixture.takeReads();
            fixture.read(cache, 0, 1, 2);
            assertThat(fixture.takeReads()).containsExactly(0, 1, 2);
            fixture.read(cache, other);
            assertThat(fixture.takeReads()).isEmpty();
            cache.forget("file2#1");
            fixture.read(cache, other);
            assertThat(fixture.takeReads()).containsExactly(0);
        }
    }

    @Test
    void aScanUsesWhatIsThereAndLeavesNothingBehind() {
        try (CacheHierarchy cache = fixture.open("l1.max.bytes", "1MiB", "l2.path", FAST)) {
            try (PooledBuffer stored = fixture.stored(key(1))) {
                cache.putBelow(0, key(1), stored);
            }
            CacheStats before = cache.stats();
            for (int block : new int[] {0, 1, 0}) {
                try (PooledBuffer buffer = cache.scan(key(block), fixture.source(key(block)))) {
                    fixture.check(key(block), buffer);
                }
            }
            assertThat(fixture.takeReads()).containsExactly(0, 0);
            assertThat(cache.stats()).isEqualTo(before);
        }
    }

    @Test
    void whatTheStoreCannotGiveIsThrownAndNotKept() {
        try (CacheHierarchy cache = fixture.open("l1.max.bytes", "1MiB", "l2.path", FAST)) {
            BlockSource damaged = new BlockSource() {
                @Override
                public PooledBuffer readStored() {
                    return fixture.stored(key(1));
                }

                @Override
                public PooledBuffer decode(PooledBuffer stored) {
                    throw new CorruptDataException(Path.of("file"), 9, "bad");
                }
            };
            assertThatThrownBy(() -> cache.get(key(1), damaged)).isInstanceOf(CorruptDataException.class);
            assertThat(cache.stats().failedLoads()).isEqualTo(1);
            fixture.read(cache, 1);
        }
    }

    @Test
    void bytesThatTheirOwnerRefusesAreDroppedAndLoadedAgain() {
        try (CacheHierarchy cache = fixture.open("l1.max.bytes", "1MiB", "l2.path", FAST)) {
            try (PooledBuffer foreign = fixture.stored(key(99))) {
                cache.putBelow(0, key(1), foreign);
            }
            fixture.read(cache, 1);
            assertThat(fixture.takeReads()).containsExactly(1);
            assertThat(cache.stats().l2().damaged()).isEqualTo(1);
            assertThat(cache.stats().l2().hits()).isZero();
            assertThat(cache.stats().l2().misses()).isEqualTo(1);
            assertThat(cache.stats().l2().entries()).isZero();
        }
    }

    @Test
    void blocksThatCannotBeWrittenInTimeAreDroppedAndCounted() {
        CacheOptions options =
                new CacheOptions(true, 0, new LocalCacheOptions(FAST, 1 << 20), LocalCacheOptions.OFF, 1, 0, 1000);
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        CacheHierarchy.Executors executors = new CacheHierarchy.Executors(full, full);
        try (CacheHierarchy cache = CacheHierarchy.open(store, options, fixture.pool, executors)) {
            fixture.read(cache, 1);
            assertThat(cache.stats().droppedDemotions()).isEqualTo(1);
            assertThat(cache.stats().l1().demotions()).isZero();
        }
    }

    @Test
    void readersOfAllLevelsAlwaysSeeTheirBlock() throws Exception {
        BufferPool pool = fixture.pool;
        CacheOptions options = new CacheOptions(
                true,
                16 * CacheFixture.SLOT,
                new LocalCacheOptions(FAST, 12 * CacheFixture.SLOT),
                new LocalCacheOptions(LARGE, 24 * CacheFixture.SLOT),
                2,
                0,
                1000);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (CacheHierarchy cache = CacheHierarchy.open(store, options, pool)) {
            List<Future<?>> results = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                SplittableRandom random = new SplittableRandom(t);
                results.add(threads.submit(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        int block = Math.min(random.nextInt(60), random.nextInt(60));
                        fixture.read(cache, block);
                        if (i % 1000 == 0) {
                            cache.forget(i % 2000 == 0 ? "file" : "file#1");
                            cache.maintain();
                        }
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
            CacheStats stats = cache.stats();
            assertThat(stats.l1().hits()).isPositive();
            assertThat(stats.l2().hits()).isPositive();
            assertThat(stats.l3().hits()).isPositive();
            assertThat(stats.l2().damaged() + stats.l3().damaged()).isZero();
            // who finds a block that is evicted in the same moment looks again
            assertThat(stats.l1().misses() + stats.l1().hits()).isBetween(40_000L, 42_000L);
        } finally {
            threads.shutdownNow();
        }
    }
}
