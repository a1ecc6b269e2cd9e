package io.firn.flink.source;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/**
 * The standard metrics of a source that its base class does not count. Written by the thread that reads, read by
 * reporters.
 */
final class SourceMetrics {
    private final Counter bytesIn;
    private volatile long pending;

    SourceMetrics(SourceReaderMetricGroup group) {
        this.bytesIn = group.getIOMetricGroup().getNumBytesInCounter();
        group.setPendingRecordsGauge(() -> pending);
    }

    void read(long bytes) {
        bytesIn.inc(bytes);
    }

    void pending(long sequences) {
        pending = sequences;
    }
}
