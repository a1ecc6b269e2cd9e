package io.firn.series;

import io.firn.error.ClosedException;

/** Series of a compaction, which ends with an error when the store is being closed. Confined to one thread. */
final class StoppableSeries implements SeriesSource {
    private final SeriesSource source;
    private final StoreState state;

    StoppableSeries(SeriesSource source, StoreState state) {
        this.source = source;
        this.state = state;
    }

    @Override
    public boolean next() {
        if (state.isStopping()) {
            throw new ClosedException("The store is being closed; the compaction that was running left no trace");
        }
        return source.next();
    }

    @Override
    public Labels labels() {
        return source.labels();
    }

    @Override
    public SeriesType type() {
        return source.type();
    }

    @Override
    public SampleCursor samples() {
        return source.samples();
    }

    @Override
    public void close() {
        source.close();
    }
}
