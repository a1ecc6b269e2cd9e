package io.firn.compress;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdException;
import io.firn.fs.BufferPool;
import io.firn.fs.PoolOptions;
import io.firn.metrics.PoolStats;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class ZstdCodecsTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMillis(20);

    @Test
    void aContextWaitsForTheNextCaller() throws Exception {
        withSweeper(sweeper -> {
            IdleContexts idle = new IdleContexts(PoolOptions.defaults(), sweeper, NEVER);
            try (ZstdCodecs codecs = new ZstdCodecs(new BufferPool(0), idle)) {
                roundTrip(codecs);
                assertThat(idle.count()).isEqualTo(2);
                roundTrip(codecs);
                assertThat(idle.count()).isEqualTo(2);
            }
            assertThat(idle.count()).isZero();
        });
    }

    @Test
    void contextsThatNobodyUsesAreFreedWithoutBeingClosed() throws Exception {
        withSweeper(sweeper -> {
            IdleContexts idle = new IdleContexts(PoolOptions.defaults(), sweeper, SOON);
            ZstdCodecs codecs = new ZstdCodecs(new BufferPool(0), idle);
            roundTrip(codecs);
            await().until(() -> idle.count() == 0);
            roundTrip(codecs);
            assertThat(codecs.blocksCompressed()).isEqualTo(2);
            await().until(() -> idle.count() == 0);
        });
    }

    @Test
    void theSweepersThreadEndsWhenNothingIsDue() throws Exception {
        withSweeper(sweeper -> {
            ZstdCodecs codecs =
                    new ZstdCodecs(new BufferPool(0), new IdleContexts(PoolOptions.defaults(), sweeper, SOON));
            roundTrip(codecs);
            assertThat(sweeper.getPoolSize()).isEqualTo(1);
            await().until(() -> sweeper.getPoolSize() == 0);
            roundTrip(codecs);
            assertThat(sweeper.getPoolSize()).isEqualTo(1);
        });
    }

    @Test
    void whatIsAcquiredIsReleasedAlsoWhenItFails() throws Exception {
        withSweeper(sweeper -> {
            try (ZstdCodecs codecs =
                    new ZstdCodecs(new BufferPool(0), new IdleContexts(PoolOptions.defaults(), sweeper, NEVER))) {
                roundTrip(codecs);
                assertThat(codecs.stats()).isEqualTo(new PoolStats(2, 2, 2, 2));
                for (int i = 0; i < 300; i++) {
                    roundTrip(codecs);
                }
                assertThat(codecs.stats().reusePercent()).isGreaterThan(99);

                ByteBuffer noFrame = ByteBuffer.allocateDirect(100);
                assertThatThrownBy(() -> codecs.decompress(noFrame, 100, ByteBuffer.allocateDirect(10), 10))
                        .isInstanceOf(ZstdException.class);
                ByteBuffer text = SeekableFiles.direct(SeekableFiles.text(1000, 1));
                assertThatThrownBy(() -> codecs.compress(text, ByteBuffer.allocateDirect(5), 0, 3))
                        .isInstanceOf(ZstdException.class);
                assertThat(codecs.stats()).isEqualTo(new PoolStats(2, 604, 604, 0));
            }
        });
    }

    @Test
    void optionsBoundWhatLiesIdle() throws Exception {
        withSweeper(sweeper -> {
            PoolOptions options = new PoolOptions(0, 1, 3, false);
            IdleContexts idle = new IdleContexts(options, sweeper, NEVER);
            assertThat(idle.compressors().remainingCapacity()).isEqualTo(1);
            assertThat(idle.decompressors().remainingCapacity()).isEqualTo(3);
            assertThat(new ZstdCodecs(new BufferPool(0), options).stats()).isEqualTo(new PoolStats(0, 0, 0, 0));
        });
    }

    private static void withSweeper(Check check) throws Exception {
        ScheduledThreadPoolExecutor sweeper = IdleContexts.newSweeper();
        try {
            check.run(sweeper);
        } finally {
            sweeper.shutdownNow();
        }
    }

    private static void roundTrip(ZstdCodecs codecs) {
        byte[] text = SeekableFiles.text(10_000, 1);
        ByteBuffer frame = ByteBuffer.allocateDirect(20_000);
        int written = codecs.compress(SeekableFiles.direct(text), frame, 0, 3);
        ByteBuffer plain = ByteBuffer.allocateDirect(text.length);
        assertThat(codecs.decompress(frame, written, plain, text.length)).isEqualTo(text.length);
        byte[] back = new byte[text.length];
        plain.get(0, back);
        assertThat(back).isEqualTo(text);
    }

    @FunctionalInterface
    private interface Check {
        void run(ScheduledThreadPoolExecutor sweeper) throws Exception;
    }
}
