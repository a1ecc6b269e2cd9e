package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The token bucket under a clock that only its own waiting moves. */
class RateLimiterTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long BURST_NS = SECOND_NS / 10;
    private static final long RATE = 1 << 20;

    private final AtomicLong nanos = new AtomicLong(-5);
    private final AtomicLong pauses = new AtomicLong();
    private final RateLimiter limiter = new RateLimiter(RATE, nanos::get, this::pause);

    private void pause(long waitNs) {
        assertThat(waitNs).isPositive();
        pauses.incrementAndGet();
        nanos.addAndGet(waitNs);
    }

    @Test
    void tenSecondsOfBytesTakeTenSecondsButForTheBurst() {
        long start = nanos.get();
        for (int i = 0; i < 160; i++) {
            limiter.take(RATE / 16);
        }
        assertThat(nanos.get() - start).isEqualTo(10 * SECOND_NS - BURST_NS);
    }

    @Test
    void onePieceMayBeLargerThanTheBucket() {
        long start = nanos.get();
        limiter.take(30 * RATE);
        assertThat(pauses).hasValue(1);
        assertThat(nanos.get() - start).isEqualTo(30 * SECOND_NS - BURST_NS);
    }

    @Test
    void idleTimeSavesUpNoMoreThanATenthOfASecond() {
        limiter.take(RATE / 10);
        assertThat(pauses).hasValue(0);
        nanos.addAndGet(100 * SECOND_NS);
        long start = nanos.get();
        limiter.take(2 * RATE);
        assertThat(nanos.get() - start).isEqualTo(2 * SECOND_NS - BURST_NS);
    }

    @Test
    void aSlowerCallerNeverWaits() {
        for (int i = 0; i < 100; i++) {
            nanos.addAndGet(SECOND_NS / 100);
            limiter.take(RATE / 100);
        }
        assertThat(pauses).hasValue(0);
    }

    @Test
    void aRateOfOneByteASecondOverflowsNothing() {
        AtomicLong waited = new AtomicLong();
        new RateLimiter(1, () -> 0, waited::set).take(Integer.MAX_VALUE);
        assertThat(waited.get()).isEqualTo(Integer.MAX_VALUE * SECOND_NS - BURST_NS);
    }
}
