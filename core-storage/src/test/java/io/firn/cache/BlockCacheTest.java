package io.firn.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
    private static final int BLOCK = 4 << 10;

    private final BufferPool pool = new BufferPool(1 << 20);
    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void loadsABlockOnceAndServesItAgain() {
        try (BlockCache cache = BlockCache.ofBytes(10 * BLOCK)) {
            for (int i = 0; i < 3; i++) {
                try (PooledBuffer block = cache.get(new BlockKey("a", 1), () -> load(77))) {
                    assertThat(block.bytes().getInt(0)).isEqualTo(77);
                }
            }
            assertThat(loads).hasValue(1);
            assertThat(cache.stats().hits()).isEqualTo(2);
            assertThat(cache.stats().misses()).isEqualTo(1);
            assertThat(cache.stats().bytes()).isEqualTo(BLOCK);
        }
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void filesAndBlocksDoNotMeet() {
        try (BlockCache cache = BlockCache.ofBytes(10 * BLOCK)) {
            cache.get(new BlockKey("a", 1), () -> load(1)).close();
            cache.get(new BlockKey("a", 2), () -> load(2)).close();
            cache.get(new BlockKey("b", 1), () -> load(3)).close();
            assertThat(loads).hasValue(3);
            cache.forget("a");
            assertThat(cache.stats().bytes()).isEqualTo(BLOCK);
            cache.get(new BlockKey("b", 1), () -> load(3)).close();
            assertThat(loads).hasValue(3);
            cache.get(new BlockKey("a", 1), () -> load(1)).close();
            assertThat(loads).hasValue(4);
        }
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void staysWithinItsBytes() {
        try (BlockCache cache = BlockCache.ofBytes(5 * BLOCK)) {
            for (int i = 0; i < 100; i++) {
                int number = i;
                cache.get(new BlockKey("a", i), () -> load(number)).close();
                assertThat(cache.stats().bytes()).isLessThanOrEqualTo(5 * BLOCK);
                assertThat(pool.outstandingCount()).isLessThanOrEqualTo(5);
            }
            assertThat(cache.stats().evictions()).isGreaterThanOrEqualTo(95);
        }
    }

    @Test
    void aBlockLargerThanTheCacheIsServedAndForgotten() {
        try (BlockCache cache = BlockCache.ofBytes(BLOCK - 1);
                BlockCache none = BlockCache.ofBytes(0)) {
            for (BlockCache each : List.of(cache, none)) {
                try (PooledBuffer block = each.get(new BlockKey("a", 0), () -> load(5))) {
                    assertThat(block.bytes().getInt(0)).isEqualTo(5);
                }
                assertThat(each.stats().bytes()).isZero();
            }
        }
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void evictionLeavesABlockInUseAlone() {
        try (BlockCache cache = BlockCache.ofBytes(2 * BLOCK)) {
            PooledBuffer held = cache.get(new BlockKey("a", 0), () -> load(1234));
            for (int i = 1; i < 50; i++) {
                int number = i;
                cache.get(new BlockKey("a", i), () -> load(number)).close();
            }
            cache.close();
            assertThat(held.bytes().getInt(0)).isEqualTo(1234);
            assertThat(pool.outstandingCount()).isEqualTo(1);
            held.close();
            assertThat(pool.outstandingCount()).isZero();
        }
    }

    @Test
    void aFailedLoadIsThrownAndTriedAgain() {
        try (BlockCache cache = BlockCache.ofBytes(2 * BLOCK)) {
            BlockKey key = new BlockKey("a", 0);
            assertThatThrownBy(() -> cache.get(key, () -> {
                        throw new CorruptDataException(Path.of("a"), 3, "bad");
                    }))
                    .isInstanceOf(CorruptDataException.class);
            assertThat(cache.stats().failedLoads()).isEqualTo(1);
            cache.get(key, () -> load(1)).close();
            assertThat(loads).hasValue(1);
        }
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void threadsThatMissTogetherLoadOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (BlockCache cache = BlockCache.ofBytes(10 * BLOCK)) {
            CountDownLatch start = new CountDownLatch(1);
            CountDownLatch loading = new CountDownLatch(1);
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(() -> {
                    loading.countDown();
                    start.await();
                    try (PooledBuffer block = cache.get(new BlockKey("a", 0), () -> load(8))) {
                        return block.bytes().getInt(0);
                    }
                }));
            }
            loading.await();
            start.countDown();
            for (Future<Integer> result : results) {
                assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(8);
            }
            assertThat(loads).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void readersNeverSeeAnotherBlocksBytesWhileEvictionRuns() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (BlockCache cache = BlockCache.ofBytes(3 * BLOCK)) {
            List<Future<?>> results = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                SplittableRandom random = new SplittableRandom(t);
                results.add(threads.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        int number = random.nextInt(12);
                        try (PooledBuffer block = cache.get(new BlockKey("a", number), () -> load(number))) {
                            assertThat(block.bytes().getInt(0)).isEqualTo(number);
                            assertThat(block.bytes().getInt(BLOCK - 4)).isEqualTo(number);
                        }
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
            assertThat(cache.stats().evictions()).isPositive();
        } finally {
            threads.shutdownNow();
        }
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> BlockCache.ofBytes(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BlockKey("a", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    private PooledBuffer load(int number) {
        loads.incrementAndGet();
        PooledBuffer block = pool.take(BLOCK);
        block.bytes().putInt(0, number).putInt(BLOCK - 4, number);
        return block;
    }
}
