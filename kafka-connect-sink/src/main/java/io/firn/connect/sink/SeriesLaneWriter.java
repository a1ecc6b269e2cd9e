package io.firn.connect.sink;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.partition.RecordOrigin;
import io.firn.record.StreamRecord;
import io.firn.series.SampleMapping;
import io.firn.series.SeriesBatch;
import io.firn.table.KafkaOrigin;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Writes the samples of one Kafka partition into a series store of its own. Samples wait in memory; a commit writes
 * them and, as a mark in the same batch, the offset behind them: both are stored or none. Confined to the task's
 * thread.
 */
final class SeriesLaneWriter implements LaneWriter {
    /** Samples that wait for a commit; then they are written without one. */
    private static final int MAX_WAITING = 50_000;

    private final SharedStore store;
    private final Runnable release;
    private final SampleMapping mapping;
    private final RecordOrigin origin;
    private final SeriesPosition place;
    private final SeriesBatch waiting = new SeriesBatch();
    private final SeriesBatch one = new SeriesBatch();
    private long position;
    private long next;

    SeriesLaneWriter(SharedStore store, SampleMapping mapping, KafkaOrigin origin, Runnable release) {
        this.store = store;
        this.release = release;
        this.mapping = mapping;
        this.origin = new RecordOrigin(origin.topic(), origin.partition());
        this.place = new SeriesPosition(origin);
        this.position = place.in(store.store().marks());
        this.next = position;
    }

    @Override
    public long append(long offset, SinkRecord record) {
        if (storesByItself()) {
            write();
        }
        StreamRecord mapped = RecordMapper.map(record);
        mapping.addTo(one.clear(), mapped, origin, store.store().timestampUnit());
        store.store().check(one);
        waiting.addAll(one);
        next = offset + 1;
        return RecordForm.sizeOf(mapped);
    }

    @Override
    public boolean storesByItself() {
        return waiting.size() >= MAX_WAITING;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void advanceTo(long offset) {
        next = Math.max(next, offset);
    }

    /** Nothing to note: the samples of a series need not be without gaps. */
    @Override
    public void recordGap(long from, long to) {}

    /** Nothing to end: blocks are made by size and age. */
    @Override
    public void roll() {}

    @Override
    public long commit() {
        write();
        return position;
    }

    private void write() {
        if (next == position && waiting.size() == 0) {
            return;
        }
        try {
            store.store().write(waiting.mark(place.name(), next));
        } catch (InvalidRecordException tooMany) {
            // each record is valid by itself: it is the store that refuses more of them
            throw new ConfigException(String.valueOf(tooMany.getMessage()), tooMany);
        }
        waiting.clear();
        position = next;
    }

    @Override
    public void rollback() {
        waiting.clear();
        position = place.in(store.store().marks());
        next = position;
    }

    @Override
    public boolean keepsAppendedWhenFull() {
        return false;
    }

    @Override
    public void close() {
        release.run();
    }
}
