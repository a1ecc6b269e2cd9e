package io.firn.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.testing.Randomized;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void quantilesAreAtMostAThirtySecondOff() {
        Randomized.forAll(200, random -> {
            LatencyHistogram histogram = new LatencyHistogram();
            long[] durations = new long[1 + random.nextInt(500)];
            for (int i = 0; i < durations.length; i++) {
                durations[i] = random.nextLong() >>> (2 + random.nextInt(61));
                histogram.record(durations[i]);
            }
            Arrays.sort(durations);
            for (double share : new double[] {0, 0.5, 0.99, 1}) {
                long exact = durations[Math.max(0, (int) Math.ceil(share * durations.length) - 1)];
                assertThat(histogram.quantileNs(share)).isBetween(exact - exact / 32 - 1, exact + exact / 32 + 1);
            }
            assertThat(histogram.count()).isEqualTo(durations.length);
        });
    }

    @Test
    void boundariesFallIntoBuckets() {
        for (long duration : new long[] {0, 1, 7, 8, 9, 15, 16, 1L << 40, Long.MAX_VALUE}) {
            LatencyHistogram histogram = new LatencyHistogram();
            histogram.record(duration);
            assertThat(histogram.quantileNs(0.5))
                    .isBetween(duration - duration / 32, duration + Math.min(duration / 32, Long.MAX_VALUE - duration));
        }
        LatencyHistogram negative = new LatencyHistogram();
        negative.record(-5);
        assertThat(negative.quantileNs(1)).isZero();
    }

    @Test
    void nothingIsZeroAndSharesAreChecked() {
        assertThat(new LatencyHistogram().quantileNs(0.99)).isZero();
        assertThatThrownBy(() -> new LatencyHistogram().quantileNs(1.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LatencyHistogram().quantileNs(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
