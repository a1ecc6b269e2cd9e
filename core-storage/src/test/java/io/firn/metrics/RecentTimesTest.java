package io.firn.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentTimesTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 5);
    private final RecentTimes times = new RecentTimes(nowNs::get);

    @Test
    void beforeTheFirstNothingIsKnown() {
        assertThat(times.count()).isZero();
        assertThat(times.averageMs()).isNaN();
        assertThat(times.maxMs()).isNaN();
        assertThat(times.lastMs()).isNaN();
    }

    @Test
    void averageAndMaximumAreOfThePresentAndThePreviousWindow() {
        times.record(10 * MS);
        seconds(29);
        times.record(2 * MS);
        seconds(1);
        times.record(3 * MS);

        assertThat(times.averageMs()).isEqualTo(5);
        assertThat(times.maxMs()).isEqualTo(10);
        assertThat(times.lastMs()).isEqualTo(3);
        assertThat(times.count()).isEqualTo(3);

        seconds(30);
        assertThat(times.averageMs()).isEqualTo(3);
        assertThat(times.maxMs()).isEqualTo(3);

        seconds(30);
        assertThat(times.averageMs()).isNaN();
        assertThat(times.maxMs()).isNaN();
        assertThat(times.lastMs()).isEqualTo(3);
        assertThat(times.count()).isEqualTo(3);
    }

    @Test
    void afterALongPauseNothingOldIsLeft() {
        times.record(10 * MS);
        seconds(3_600);
        times.record(MS / 2);

        assertThat(times.maxMs()).isEqualTo(0.5);
        assertThat(times.averageMs()).isEqualTo(0.5);
    }

    private void seconds(long count) {
        nowNs.addAndGet(TimeUnit.SECONDS.toNanos(count));
    }
}
