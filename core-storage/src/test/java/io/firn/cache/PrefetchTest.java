package io.firn.cache;

import static io.firn.cache.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.fs.PooledBuffer;
import io.firn.testing.InMemoryFileStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Prefetch over a store with 20 ms latency, in virtual time: a reader asks for a block every 5 ms. */
class PrefetchTest {
    private static final int BLOCKS = 4000;
    private static final long LATENCY_MS = 20;
    private static final long THINK_MS = 5;
    private static final long PLENTY = 1 << 20;

    private final CacheFixture fixture = new CacheFixture(new InMemoryFileStore());
    private final VirtualLoads loads = new VirtualLoads(LATENCY_MS);

    @AfterEach
    void everyBufferIsGivenBack() {
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    private class TestFile implements BlockFile {
        @Override
        public int blockCount() {
            return BLOCKS;
        }

        @Override
        public int decodedBytes(int block) {
            return fixture.blockBytes;
        }

        @Override
        public BlockKey key(int block) {
            return CacheFixture.key(block);
        }

        @Override
        public BlockSource source(int block) {
            return fixture.source(key(block));
        }
    }

    private CacheHierarchy open(long l1MaxBytes, long prefetchMaxBytes) {
        CacheOptions options = new CacheOptions(
                true, l1MaxBytes, LocalCacheOptions.OFF, LocalCacheOptions.OFF, 1, prefetchMaxBytes, 1000);
        return CacheHierarchy.open(
                fixture.store, options, fixture.pool, new CacheHierarchy.Executors(Runnable::run, loads));
    }

    private void read(BlockStream stream, int block) {
        loads.pass(THINK_MS);
        try (PooledBuffer buffer = stream.get(block)) {
            fixture.check(key(block), buffer);
        }
    }

    private PrefetchStats statsOf(int accesses, IntUnaryOperator blocks) {
        try (CacheHierarchy cache = open(0, PLENTY);
                BlockStream stream = cache.stream(new TestFile())) {
            IntStream.range(0, accesses).map(blocks).forEach(block -> read(stream, block));
            stream.close();
            loads.pass(1000);
            PrefetchStats stats = cache.prefetchStats();
            assertThat(stats.used() + stats.wasted()).isEqualTo(stats.issued());
            assertThat(stats.used() + stats.misses())
                    .isEqualTo(cache.stats().l1().misses());
            return stats;
        }
    }

    @Test
    void sequentialReadsAreCovered() {
        PrefetchStats stats = statsOf(1000, i -> 100 + i);
        assertThat(stats.coverage()).isGreaterThanOrEqualTo(0.95);
        assertThat(stats.precision()).isGreaterThanOrEqualTo(0.90);
        assertThat(stats.timeliness()).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void stridesUpAndDownAreCovered() {
        for (IntUnaryOperator blocks : List.<IntUnaryOperator>of(i -> 7 * i, i -> BLOCKS - 1 - 13 * i)) {
            PrefetchStats stats = statsOf(300, blocks);
            assertThat(stats.coverage()).isGreaterThanOrEqualTo(0.85);
            assertThat(stats.precision()).isGreaterThanOrEqualTo(0.90);
        }
    }

    @Test
    void aStrideWithDisturbancesIsCoveredMostly() {
        SplittableRandom random = new SplittableRandom(5);
        PrefetchStats stats = statsOf(800, i -> i % 10 == 9 ? random.nextInt(BLOCKS) : 4 * i);
        assertThat(stats.coverage()).isGreaterThanOrEqualTo(0.6);
        assertThat(stats.precision()).isGreaterThanOrEqualTo(0.8);
    }

    @Test
    void whatAlwaysFollowsIsPredicted() {
        int[] round = {17, 2900, 333, 1200, 45};
        PrefetchStats stats = statsOf(500, i -> round[i % round.length]);
        assertThat(stats.coverage()).isGreaterThanOrEqualTo(0.90);
        assertThat(stats.precision()).isGreaterThanOrEqualTo(0.90);
    }

    @Test
    void uniformlyRandomReadsCostAlmostNothing() {
        SplittableRandom random = new SplittableRandom(1);
        int accesses = 10_000;
        PrefetchStats stats = statsOf(accesses, i -> random.nextInt(BLOCKS));
        assertThat(stats.issuedBytes()).isLessThanOrEqualTo((long) (0.02 * accesses * fixture.blockBytes));
    }

    @Test
    void aPatternThatMisleadsIsGivenUpAndTriedNowAndThen() {
        SplittableRandom random = new SplittableRandom(2);
        int[] first = new int[1];
        PrefetchStats stats = statsOf(10_000, i -> {
            first[0] = i % 2 == 0 ? random.nextInt(BLOCKS - 2) : first[0] + 1;
            return first[0];
        });
        assertThat(stats.precision()).isLessThan(0.05);
        assertThat(stats.issued()).isBetween(20L, 200L);
    }

    @Test
    void aNewPatternReplacesTheOldOne() {
        int[] oldRound = {10, 2000, 300};
        int[] newRound = {10, 3000, 700};
        try (CacheHierarchy cache = open(0, PLENTY);
                BlockStream stream = cache.stream(new TestFile())) {
            List<IntUnaryOperator> phases =
                    List.of(i -> i, i -> BLOCKS - 1 - 3 * i, i -> oldRound[i % 3], i -> newRound[i % 3], i -> 1000 + i);
            for (IntUnaryOperator phase : phases) {
                cache.resetStats();
                IntStream.range(0, 300).map(phase).forEach(block -> read(stream, block));
                assertThat(cache.prefetchStats().coverage()).isGreaterThanOrEqualTo(0.85);
            }
        }
    }

    @Test
    void depthGrowsWithSuccessAndShrinksWithFailure() {
        PatternTrust trust = new PatternTrust();
        for (int i = 0; i < 4; i++) {
            trust.used(false);
            trust.grow(64);
            trust.used(true); // in time: the window is long enough
            trust.grow(64);
        }
        assertThat(trust.window()).isEqualTo(16);
        trust.used(false);
        trust.grow(20);
        assertThat(trust.window()).isEqualTo(20);
        while (trust.confidence() >= 0.5) {
            trust.wasted();
        }
        assertThat(trust.window()).isEqualTo(10);
        while (trust.confidence() >= 0.25) {
            assertThat(trust.allows()).isTrue();
            trust.wasted();
        }
        assertThat(trust.window()).isEqualTo(1);
        trust.wasted();
        assertThat(IntStream.range(0, 640).filter(i -> trust.allows()).count()).isEqualTo(10);
        trust.used(false);
        assertThat(trust.allows()).isTrue();
        trust.grow(64);
        assertThat(trust.window()).isEqualTo(1); // trusted enough to guess, not to reach far
    }

    @Test
    void memoryOfARecorderIsBounded() {
        AccessRecorder recorder = new AccessRecorder();
        for (int i = 0; i < 100_000; i++) {
            recorder.record(i * 2 % 99_991);
        }
        assertThat(recorder.sources()).isLessThanOrEqualTo(512);
    }

    @Test
    void aScanAmongPopularBlocksLeavesTheHitRatioAlone() {
        double without = hitRatio(0);
        double with = hitRatio(PLENTY);
        assertThat(without).isBetween(0.3, 0.9);
        assertThat(with).isGreaterThanOrEqualTo(without - 0.01);
    }

    private double hitRatio(long prefetchMaxBytes) {
        ZipfBlocks zipf = new ZipfBlocks(1000, 0.99, 7);
        try (CacheHierarchy cache = open(100L * CacheFixture.SLOT, prefetchMaxBytes);
                BlockStream stream = cache.stream(new TestFile())) {
            for (int i = 0; i < 20_000; i++) {
                boolean scans = i / 500 % 2 == 1;
                read(stream, scans ? 1000 + i % 3000 : zipf.next());
            }
            assertThat(cache.prefetchStats().used() > 5000).isEqualTo(prefetchMaxBytes > 0);
            return cache.stats().l1().hitRatio();
        }
    }

    @Test
    void guessesStayWithinTheirBytesAndOutOfMemory() {
        long maxBytes = 10L * fixture.blockBytes;
        try (CacheHierarchy cache = open(100L * CacheFixture.SLOT, maxBytes);
                BlockStream stream = cache.stream(new TestFile())) {
            for (int i = 0; i < 500; i++) {
                read(stream, i);
                assertThat(cache.guessedBytes()).isLessThanOrEqualTo(maxBytes);
                assertThat(cache.stats().l1().entries()).isLessThanOrEqualTo(Math.min(100, i + 1));
            }
            assertThat(cache.prefetchStats().coverage()).isGreaterThan(0.9);
            assertThat(cache.guessedBytes()).isPositive();
            stream.close();
            assertThat(cache.guessedBytes()).isZero();
            loads.pass(1000);
        }
    }

    @Test
    void noGuessIsBegunBeyondTheBytes() {
        try (Prefetcher prefetcher = new Prefetcher(Runnable::run, 2_500)) {
            for (int i = 0; i < 3; i++) {
                StagedBlock.Guess guess = new StagedBlock.Guess(key(i), AccessPattern.STRIDE, 1_000, i);
                StagedBlock begun =
                        prefetcher.begin(guess, () -> new CachedBlock(fixture.stored(guess.key()), null, true));
                assertThat(begun == null).isEqualTo(i == 2);
            }
            assertThat(prefetcher.heldBytes()).isEqualTo(2_000);
            assertThat(prefetcher.stats().issued()).isEqualTo(2);
        }
    }

    @Test
    void switchedOffNothingIsGuessed() {
        try (CacheHierarchy cache = open(0, 0);
                BlockStream stream = cache.stream(new TestFile())) {
            IntStream.range(0, 100).forEach(i -> read(stream, i));
            assertThat(cache.prefetchStats()).isEqualTo(PrefetchStats.NONE);
            assertThat(fixture.takeReads()).hasSize(100);
        }
    }

    @Test
    void aGuessThatCannotBeLoadedIsTheReadersErrorOnlyIfHeAsks() {
        BlockFile damaged = new TestFile() {
            @Override
            public BlockSource source(int block) {
                if (block != 7) {
                    return super.source(block);
                }
                throw new CorruptDataException(Path.of("file"), 7, "bad");
            }
        };
        try (CacheHierarchy cache = open(0, PLENTY);
                BlockStream stream = cache.stream(damaged)) {
            for (int i = 0; i < 30; i++) {
                if (i == 7) {
                    assertThatThrownBy(() -> stream.get(7)).isInstanceOf(CorruptDataException.class);
                } else {
                    read(stream, i);
                }
            }
        }
    }

    @Test
    void readersOfOneStreamOnManyThreadsSeeTheirBlocks() throws Exception {
        CacheOptions options = new CacheOptions(
                true, 20L * CacheFixture.SLOT, LocalCacheOptions.OFF, LocalCacheOptions.OFF, 1, 50_000, 1000);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (CacheHierarchy cache = CacheHierarchy.open(fixture.store, options, fixture.pool)) {
            List<Future<?>> results = new ArrayList<>();
            BlockStream shared = cache.stream(new TestFile());
            for (int t = 0; t < 4; t++) {
                SplittableRandom random = new SplittableRandom(t);
                BlockStream stream = t == 3 ? cache.stream(new TestFile()) : shared;
                results.add(threads.submit(() -> {
                    int block = 0;
                    for (int i = 0; i < 5_000; i++) {
                        block = random.nextInt(20) == 0 ? random.nextInt(BLOCKS) : (block + 1) % BLOCKS;
                        try (PooledBuffer buffer = stream.get(block)) {
                            fixture.check(key(block), buffer);
                        }
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
            assertThat(cache.prefetchStats().used()).isPositive();
            shared.close();
        } finally {
            threads.shutdownNow();
        }
    }
}
