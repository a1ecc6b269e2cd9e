package io.firn.series;

import io.firn.metrics.OperationMetrics;
import java.util.concurrent.atomic.LongAdder;

/** Counts what selections read and what the index spared them. Thread-safe. */
final class ReadCounters {
    private final LongAdder selections = new LongAdder();
    private final LongAdder series = new LongAdder();
    private final LongAdder samples = new LongAdder();
    private final LongAdder blocksRead = new LongAdder();
    private final LongAdder blocksSkipped = new LongAdder();
    private final LongAdder chunksRead = new LongAdder();
    private final LongAdder chunksSkipped = new LongAdder();
    private final LongAdder headSeries = new LongAdder();
    private final OperationMetrics metrics;
    private final StoppedDeletions deletions;
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesSkipped = new LongAdder();

    ReadCounters(OperationMetrics metrics, StoppedDeletions deletions) {
        this.metrics = metrics;
        this.deletions = deletions;
    }

    /** Counters that nobody looks at. */
    ReadCounters(StoppedDeletions deletions) {
        this(OperationMetrics.disabled(), deletions);
    }

    /** The same for who only reads. */
    ReadCounters() {
        this(new StoppedDeletions(failure -> {}));
    }

    /** Looks what deletions are about. */
    StoppedDeletions deletions() {
        return deletions;
    }

    void selection() {
        selections.increment();
    }

    void series() {
        series.increment();
    }

    /** A selection found series in a head. */
    void headHit(int count) {
        headSeries.add(count);
    }

    long headHits() {
        return headSeries.sum();
    }

    /** A user has read samples, from wherever they came. */
    void given(long count) {
        metrics.addReads(count);
    }

    void blockRead() {
        blocksRead.increment();
    }

    void blockSkipped() {
        blocksSkipped.increment();
    }

    void chunkRead(long bytes, long decoded) {
        chunksRead.increment();
        bytesRead.add(bytes);
        samples.add(decoded);
    }

    void chunkSkipped(long bytes) {
        chunksSkipped.increment();
        bytesSkipped.add(bytes);
    }

    SeriesStats.Reads sum() {
        return new SeriesStats.Reads(
                selections.sum(),
                series.sum(),
                samples.sum(),
                blocksRead.sum(),
                blocksSkipped.sum(),
                chunksRead.sum(),
                chunksSkipped.sum(),
                bytesRead.sum(),
                bytesSkipped.sum());
    }
}
