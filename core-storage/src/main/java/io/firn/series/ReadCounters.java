package io.firn.series;

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
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesSkipped = new LongAdder();

    void selection() {
        selections.increment();
    }

    void series() {
        series.increment();
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
