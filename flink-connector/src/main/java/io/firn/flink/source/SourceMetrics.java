package io.firn.flink.source;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/**
 * The standard metrics of a source that its base class does not count, and one of ours. Written by the thread that
 * reads, read by reporters.
 */
final class SourceMetrics {
    private final Counter bytesIn;
    private volatile long pending;
    private volatile int openSplits;

    SourceMetrics(SourceReaderMetricGroup group) {
        this.bytesIn = group.getIOMetricGroup().getNumBytesInCounter();
        group.setPendingRecordsGauge(() -> pending);
        group.addGroup("firn").gauge("openSplits", () -> openSplits);
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
