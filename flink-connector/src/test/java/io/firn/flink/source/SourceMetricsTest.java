package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.runtime.metrics.groups.InternalSourceReaderMetricGroup;
import org.junit.jupiter.api.Test;

class SourceMetricsTest {
    private final MetricListener metrics = new MetricListener();
    private final SourceReaderMetricGroup group = InternalSourceReaderMetricGroup.mock(metrics.getMetricGroup());

    @Test
    void pendingRecordsAreTheStandardGauge() {
        new SourceMetrics(group, false).pending(7);

        assertThat(value("pendingRecords")).isEqualTo(7);
    }

    @Test
    void besideKafkaTheStandardGaugeIsThatOfKafka() {
        new SourceMetrics(group, true).pending(7);
        group.setPendingRecordsGauge(() -> 99L); // as Flink's reader does with its first partition

        assertThat(value("pendingRecords")).isEqualTo(99);
        assertThat(value("firn", "pendingRecords")).isEqualTo(7);
    }

    private long value(String... name) {
        Gauge<Long> gauge = metrics.<Long>getGauge(name).orElseThrow();
        return gauge.getValue();
    }
}
