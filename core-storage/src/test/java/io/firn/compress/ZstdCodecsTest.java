package io.firn.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.BufferPool;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ZstdCodecsTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMillis(20);

    @Test
    void aContextWaitsForTheNextCaller() throws Exception {
        withSweeper(sweeper -> {
            IdleContexts idle = new IdleContexts(sweeper, NEVER);
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
            IdleContexts idle = new IdleContexts(sweeper, SOON);
            ZstdCodecs codecs = new ZstdCodecs(new BufferPool(0), idle);
            roundTrip(codecs);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> idle.count() == 0);
            roundTrip(codecs);
            assertThat(codecs.blocksCompressed()).isEqualTo(2);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> idle.count() == 0);
        });
    }

    @Test
    void theSweepersThreadEndsWhenNothingIsDue() throws Exception {
        withSweeper(sweeper -> {
            ZstdCodecs codecs = new ZstdCodecs(new BufferPool(0), new IdleContexts(sweeper, SOON));
            roundTrip(codecs);
            assertThat(sweeper.getPoolSize()).isEqualTo(1);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> sweeper.getPoolSize() == 0);
            roundTrip(codecs);
            assertThat(sweeper.getPoolSize()).isEqualTo(1);
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
