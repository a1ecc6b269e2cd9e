package io.firn.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.testing.Randomized;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanServer;
import org.junit.jupiter.api.Test;

class OperationMetricsTest {
    private final AtomicLong nowNs = new AtomicLong();

    @Test
    void countsExactlyWhileManyThreadsRecord() throws Exception {
        OperationMetrics metrics = OperationMetrics.enabled(() -> 0);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                results.add(threads.submit(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        metrics.recordWrite(3, metrics.startNs());
                        metrics.recordRead(2, 0);
                        metrics.recordCacheHit();
                        metrics.recordCacheMiss();
                        metrics.recordCompression();
                        metrics.recordError();
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(metrics.snapshot())
                .isEqualTo(new MetricsSnapshot(
                        240_000, 160_000, 80_000, 80_000, 80_000, 80_000, 80_000, 80_000, 0, 0, 0, 0));
    }

    @Test
    void switchedOffEverythingIsZeroAndNoClockIsRead() {
        OperationMetrics metrics = OperationMetrics.disabled();
        metrics.recordWrite(1, 0);
        metrics.recordRead(1, 0);
        metrics.recordCacheHit();
        metrics.recordCacheMiss();
        metrics.recordCompression();
        metrics.recordError();
        assertThat(metrics.startNs()).isZero();
        assertThat(metrics.isEnabled()).isFalse();
        assertThat(metrics.snapshot()).isEqualTo(new MetricsSnapshot(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        assertThat(metrics).isSameAs(OperationMetrics.disabled());
    }

    @Test
    void errorRateIsOfAllOperations() {
        OperationMetrics metrics = OperationMetrics.enabled(nowNs::get);
        assertThat(metrics.snapshot().errorRate()).isZero();
        for (int i = 0; i < 6; i++) {
            metrics.recordWrite(100, metrics.startNs());
            metrics.recordRead(100, metrics.startNs());
        }
        metrics.recordError();
        metrics.recordError();
        metrics.recordError();
        metrics.recordCacheHit();
        metrics.recordCacheMiss();
        metrics.recordCacheHit();
        metrics.recordCacheHit();
        assertThat(metrics.snapshot().errorRate()).isEqualTo(0.2);
        assertThat(metrics.snapshot().hitRatio()).isEqualTo(0.75);
    }

    @Test
    void quantilesOfLatenciesAreThoseOfTheClock() {
        OperationMetrics metrics = OperationMetrics.enabled(nowNs::get);
        for (int i = 1; i <= 1000; i++) {
            long startNs = metrics.startNs();
            nowNs.addAndGet(i * 1000L);
            metrics.recordWrite(1, startNs);
        }
        assertThat(metrics.snapshot().writeP50Ns()).isBetween(480_000L, 520_000L);
        assertThat(metrics.snapshot().writeP99Ns()).isBetween(955_000L, 1_025_000L);
        assertThat(metrics.snapshot().readP99Ns()).isZero();
    }

    @Test
    void aHistogramIsAtMostFourPercentOff() {
        Randomized.forAll(50, random -> {
            LatencyHistogram histogram = new LatencyHistogram();
            long[] values = new long[1 + random.nextInt(500)];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextLong() >>> (1 + random.nextInt(63));
                histogram.record(values[i]);
            }
            Arrays.sort(values);
            for (double quantile : new double[] {0, 0.01, 0.5, 0.9, 0.99, 1}) {
                long exact = values[Math.max(0, (int) Math.ceil(quantile * values.length) - 1)];
                assertThat((double) histogram.quantileNs(quantile)).isBetween(exact * 0.96 - 1, exact * 1.04 + 1);
            }
            assertThat(histogram.count()).isEqualTo(values.length);
            histogram.reset();
            assertThat(histogram.quantileNs(0.5)).isZero();
        });
    }

    @Test
    void everyBucketBeginsWhereTheLastOneEnds() {
        for (int bucket = 1; bucket < 900; bucket++) {
            long lowest = LatencyHistogram.lowestOf(bucket);
            assertThat(LatencyHistogram.bucketOf(lowest)).isEqualTo(bucket);
            assertThat(LatencyHistogram.bucketOf(lowest - 1)).isEqualTo(bucket - 1);
        }
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(Long.MAX_VALUE);
        histogram.record(-5);
        assertThat(histogram.quantileNs(0)).isZero();
        assertThat(histogram.quantileNs(1)).isGreaterThan(Long.MAX_VALUE / 100 * 96);
        assertThatThrownBy(() -> histogram.quantileNs(1.1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void jmxShowsTwoOwnersOfOneNameSideBySide() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        OperationMetrics first = OperationMetrics.enabled(nowNs::get);
        OperationMetrics second = OperationMetrics.enabled(nowNs::get);
        String owner = "table, \"of\" two=owners*";
        try (JmxExport one = JmxExport.register(server, owner, first);
                JmxExport two = JmxExport.register(server, owner, second)) {
            first.recordWrite(5, 0);
            second.recordError();
            assertThat(one.name()).isNotEqualTo(two.name());
            assertThat(server.getAttribute(one.name(), "Writes")).isEqualTo(5L);
            assertThat(server.getAttribute(two.name(), "Writes")).isEqualTo(0L);
            assertThat(server.getAttribute(two.name(), "ErrorRate")).isEqualTo(1.0);
            assertThat(server.getMBeanInfo(one.name()).getAttributes()).hasSize(12);
            for (var attribute : server.getMBeanInfo(one.name()).getAttributes()) {
                assertThat(server.getAttribute(one.name(), attribute.getName())).isInstanceOf(Number.class);
            }
            one.close();
            one.close();
            assertThat(server.isRegistered(one.name())).isFalse();
            assertThat(server.isRegistered(two.name())).isTrue();
            try (JmxExport again = JmxExport.register(server, owner, first)) {
                assertThat(again.name()).isEqualTo(one.name());
            }
        }
        assertThat(server.queryNames(new javax.management.ObjectName("io.firn:type=Operations,*"), null))
                .isEmpty();
    }

    @Test
    void poolStatisticsAddUp() {
        PoolStats stats = new PoolStats(1, 100, 97, 1);
        assertThat(stats.outstanding()).isEqualTo(3);
        assertThat(stats.reusePercent()).isEqualTo(99);
        assertThat(new PoolStats(0, 0, 0, 0).reusePercent()).isZero();
        assertThat(stats.since(new PoolStats(1, 50, 50, 7))).isEqualTo(new PoolStats(0, 50, 47, 1));
    }
}
