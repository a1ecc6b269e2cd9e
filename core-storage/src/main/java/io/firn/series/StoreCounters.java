package io.firn.series;

import io.firn.metrics.LatencyHistogram;
import io.firn.metrics.OperationMetrics;
import io.firn.series.codec.CodecStatistics;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What a store did since it was opened. Thread-safe. */
final class StoreCounters {
    private final ReadCounters reads;
    private final CodecStatistics codecs = new CodecStatistics();
    private final LongAdder batches = new LongAdder();
    private final LongAdder samples = new LongAdder();
    private final LongAdder deletions = new LongAdder();
    private final LongAdder cuts = new LongAdder();
    private final LongAdder compactions = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder recoveries = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final OperationMetrics metrics;
    private final LatencyHistogram cutNs = new LatencyHistogram();
    private final AtomicReference<String> lastFailure = new AtomicReference<>("");

    StoreCounters(OperationMetrics metrics) {
        this.metrics = metrics;
        this.reads = new ReadCounters(metrics, new StoppedDeletions(this::failed));
    }

    /** What JMX shows: writing and selecting, timed. */
    OperationMetrics metrics() {
        return metrics;
    }

    ReadCounters reads() {
        return reads;
    }

    CodecStatistics codecs() {
        return codecs;
    }

    LatencyHistogram cutNs() {
        return cutNs;
    }

    void written(int count) {
        batches.increment();
        samples.add(count);
    }

    void deleted() {
        deletions.increment();
    }

    void cut() {
        cuts.increment();
    }

    void compacted() {
        compactions.increment();
    }

    void expired(int blocks) {
        expired.add(blocks);
    }

    void recovered() {
        recoveries.increment();
    }

    /** Something failed. */
    void failed(Throwable failure) {
        failed(String.valueOf(failure.getMessage()));
    }

    void failed(String message) {
        failures.increment();
        metrics.recordError();
        lastFailure.set(message);
    }

    /** Runs an operation and counts whether it fails. */
    <T> T counted(Supplier<T> operation) {
        operations.increment();
        try {
            return operation.get();
        } catch (RuntimeException failure) {
            failed(failure);
            throw failure;
        }
    }

    SeriesStats.Operations operations() {
        long all = operations.sum();
        long failed = failures.sum();
        return new SeriesStats.Operations(
                batches.sum(),
                samples.sum(),
                deletions.sum(),
                cuts.sum(),
                compactions.sum(),
                expired.sum(),
                recoveries.sum(),
                all,
                failed,
                all == 0 ? 0 : (double) failed / all,
                String.valueOf(lastFailure.get()));
    }
}
