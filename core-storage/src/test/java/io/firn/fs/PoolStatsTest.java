package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.metrics.PoolStats;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PoolStatsTest {
    private static final PoolOptions OPTIONS = PoolOptions.defaults().withIdleBufferBytes(1 << 20);

    @Test
    void numbersAreExactOnOneThread() {
        BufferPool pool = new BufferPool(OPTIONS);
        PooledBuffer first = pool.take(1000);
        PooledBuffer second = pool.take(1000);
        assertThat(pool.stats()).isEqualTo(new PoolStats(2, 2, 0, 0));
        first.close();
        assertThat(pool.stats()).isEqualTo(new PoolStats(2, 2, 1, 1));
        second.retain();
        second.close();
        assertThat(pool.stats().outstanding()).isEqualTo(1);
        second.close();
        pool.take(1000).close();
        assertThat(pool.stats()).isEqualTo(new PoolStats(2, 3, 3, 2));
        pool.take(2 << 20).close(); // larger than the pool keeps
        assertThat(pool.stats()).isEqualTo(new PoolStats(3, 4, 4, 2));
    }

    @Test
    void afterWarmUpMoreThanNinetyNinePercentAreReused() {
        BufferPool pool = new BufferPool(OPTIONS);
        SplittableRandom random = new SplittableRandom(3);
        PoolStats warm = pool.stats();
        for (int i = 0; i < 20_000; i++) {
            if (i == 1_000) {
                warm = pool.stats();
            }
            try (PooledBuffer one = pool.take(1 + random.nextInt(60_000));
                    PooledBuffer other = pool.take(1 + random.nextInt(60_000))) {
                one.bytes().put(0, other.bytes().get(0));
            }
        }
        assertThat(pool.stats().since(warm).reusePercent()).isGreaterThan(99);
        assertThat(pool.stats().outstanding()).isZero();
    }

    @Test
    void aLeakIsTracedToThePlaceOfItsTaking() {
        BufferPool pool = new BufferPool(OPTIONS.withLeakDetection());
        pool.take(10).close();
        PooledBuffer leaked = takeAndForget(pool);
        assertThat(pool.outstandingPlaces())
                .singleElement()
                .satisfies(place -> assertThat(place.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("takeAndForget")));
        leaked.close();
        assertThat(pool.outstandingPlaces()).isEmpty();
        assertThat(new BufferPool(OPTIONS).outstandingPlaces()).isEmpty();
    }

    private static PooledBuffer takeAndForget(BufferPool pool) {
        return pool.take(10);
    }

    @Test
    void noBufferIsHandedOutTwiceAtATime() throws Exception {
        BufferPool pool = new BufferPool(OPTIONS);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                long own = t;
                results.add(threads.submit(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        try (PooledBuffer buffer = pool.take(4096)) {
                            buffer.bytes().putLong(0, own).putLong(4088, own);
                            Thread.onSpinWait();
                            assertThat(buffer.bytes().getLong(0)).isEqualTo(own);
                            assertThat(buffer.bytes().getLong(4088)).isEqualTo(own);
                        }
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        PoolStats stats = pool.stats();
        assertThat(stats.acquired()).isEqualTo(40_000);
        assertThat(stats.released()).isEqualTo(40_000);
        assertThat(stats.available()).isEqualTo(stats.created());
    }

    @Test
    void defaultsAreBounded() {
        PoolOptions options = PoolOptions.defaults();
        assertThat(options.idleBufferBytes())
                .isEqualTo(Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8));
        assertThat(options.idleCompressors()).isEqualTo(2);
        assertThat(options.idleDecompressors()).isEqualTo(16);
        assertThat(options.leakDetection()).isFalse();
        assertThatThrownBy(() -> options.withIdleBufferBytes(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PoolOptions(0, 0, 1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PoolOptions(0, 1, 0, false)).isInstanceOf(IllegalArgumentException.class);
    }
}
