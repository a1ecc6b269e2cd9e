package io.firn.flink.source;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/**
 * The standard metrics of a source that its base class does not count, and one of ours. Written by the thread that
 * reads, read by reporters.
 */
final class SourceMetrics {
    private final Counter bytesIn;
    private volatile long pending;
    private volatile int openSplits;

    /**
     * Registers them.
     *
     * @param beforeKafka whether the reader of live Kafka shares the group: the standard gauge of pending records is
     *     then that one's, for Flink keeps the first of two and drops the other
     */
    SourceMetrics(SourceReaderMetricGroup group, boolean beforeKafka) {
        this.bytesIn = group.getIOMetricGroup().getNumBytesInCounter();
        MetricGroup own = group.addGroup("firn");
        own.gauge("openSplits", () -> openSplits);
        if (beforeKafka) {
            own.gauge("pendingRecords", () -> pending);
        } else {
            group.setPendingRecordsGauge(() -> pending);
        }
    }

    void read(long bytes) {
        bytesIn.inc(bytes);
    }

    void pending(long sequences) {
        pending = sequences;
    }

    void openSplits(int splits) {
        openSplits = splits;
    }
}
