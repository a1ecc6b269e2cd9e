package io.firn.series;

import io.firn.series.codec.DecimalHint;
import io.firn.series.codec.SampleRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Some series of a block, encoded: chunks, and what the directory says of them. Filled by one thread and then read by
 * another, over and over; its memory stays.
 */
final class BlockPart {
    private final SampleEncoder encoder;
    private final long[] timestamps;
    private final double[] values;
    private final SampleArrays scratch = new SampleArrays();
    private final List<Labels> labels = new ArrayList<>();
    private final List<SeriesType> types = new ArrayList<>();
    private final ChunkDirectory chunks = new ChunkDirectory();
    /** One chunk behind the other. */
    private final RecordSink bytes = new RecordSink(BlockRecords.TARGET_BYTES);

    private boolean continued;
    private DecimalHint hint = new DecimalHint();

    BlockPart(SampleEncoder encoder) {
        this.encoder = encoder;
        this.timestamps = new long[encoder.maxSamples()];
        this.values = new double[encoder.maxSamples()];
    }

    /** Removes everything. */
    void clear() {
        labels.clear();
        types.clear();
        chunks.clear();
        bytes.clear();
        continued = false;
    }

    /** Adds all samples of a series of a head that does not change any more; nothing when there is none. */
    void add(Head head, int ref) {
        head.copy(ref, scratch.clear());
        begin(head.index().labels(ref), head.type(ref));
        addChunks(new ArrayCursor(scratch.sortKeepingLast()), Integer.MAX_VALUE);
        endSeries();
    }

    /** Begins a series; its chunks follow. */
    void begin(Labels ofSeries, SeriesType type) {
        hint = new DecimalHint();
        labels.add(ofSeries);
        types.add(type);
        chunks.addSeries();
    }

    /** What follows are more chunks of the last series of the part before. */
    void resume(DecimalHint known) {
        hint = known;
        continued = true;
        chunks.addSeries();
    }

    /**
     * Adds samples of the series that was begun or resumed.
     *
     * @param enoughBytes when the part has so many it stops
     * @return whether everything that the cursor had was added
     */
    boolean addChunks(SampleCursor cursor, int enoughBytes) {
        while (bytes.size() < enoughBytes) {
            int count = fill(cursor);
            if (count == 0) {
                return true;
            }
            addChunk(SampleRange.of(timestamps, values, 0, count));
        }
        return false;
    }

    /** Takes a series back that turned out to have no samples. */
    void endSeries() {
        int last = chunks.series() - 1;
        boolean resumed = continued && last == 0;
        if (!resumed && chunks.first(last) == chunks.chunks()) {
            labels.remove(labels.size() - 1);
            types.remove(types.size() - 1);
            chunks.removeSeries();
        }
    }

    private int fill(SampleCursor cursor) {
        if (cursor instanceof ArrayCursor arrays) {
            return arrays.take(timestamps, values, timestamps.length);
        }
        int count = 0;
        while (count < timestamps.length && cursor.next()) {
            timestamps[count] = cursor.timestamp();
            values[count++] = cursor.value();
        }
        return count;
    }

    private void addChunk(SampleRange samples) {
        int offset = bytes.size();
        int size = encoder.encode(samples, hint, bytes.reserve(encoder.maxSizeBytes(samples.count())));
        chunks.addChunk(0, offset, size, samples);
    }

    /** What is known of the last series' decimals. */
    DecimalHint hint() {
        return hint;
    }

    /** Whether the first series is the last one of the part before. */
    boolean isContinued() {
        return continued;
    }

    /** Chunks by series of this part; their records and offsets mean nothing yet. */
    ChunkDirectory chunks() {
        return chunks;
    }

    /** Labels of a series of {@link #chunks} that is not continued. */
    Labels labels(int series) {
        return labels.get(continued ? series - 1 : series);
    }

    /** Type of a series, as {@link #labels}. */
    SeriesType type(int series) {
        return types.get(continued ? series - 1 : series);
    }

    /** Bytes of all chunks. */
    int sizeBytes() {
        return bytes.size();
    }

    /** Appends the bytes of a chunk to a record. */
    void copyChunk(int chunk, RecordSink target) {
        bytes.copy(chunks.offset(chunk), chunks.sizeBytes(chunk), target);
    }
}
