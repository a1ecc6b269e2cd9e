package io.firn.series;

import io.firn.series.codec.SampleRange;
import java.util.Arrays;

/** Labels, types and chunks of a block in memory. Filled by one thread, then read by any. */
final class BlockContent {
    private final SeriesIndex index;
    private final ChunkDirectory chunks = new ChunkDirectory();
    private byte[] types = new byte[8];

    /** A block that is being written. */
    BlockContent() {
        this(new SymbolTable());
    }

    /** A block whose symbols are known. */
    BlockContent(SymbolTable symbols) {
        this.index = new SeriesIndex(symbols);
    }

    SeriesIndex index() {
        return index;
    }

    ChunkDirectory chunks() {
        return chunks;
    }

    SeriesType type(int ref) {
        return SeriesType.of(types[ref]);
    }

    /** Adds a series; its chunks follow. */
    void addSeries(Labels labels, SeriesType type) {
        index.add(labels);
        addType(type);
    }

    /** Adds a series whose postings come apart. */
    void addSeries(int[] symbolPairs, SeriesType type) {
        index.append(symbolPairs);
        addType(type);
    }

    private void addType(SeriesType type) {
        int ref = index.size() - 1;
        if (ref == types.length) {
            types = Arrays.copyOf(types, 2 * ref);
        }
        types[ref] = (byte) type.id();
        chunks.addSeries();
    }

    void addChunk(int record, int offset, int size, SampleRange samples) {
        chunks.addChunk(record, offset, size, samples.count());
        chunks.setTimestamps(samples.minTimestamp(), samples.maxTimestamp());
        if (samples.count() >= ChunkDirectory.MIN_AGGREGATED) {
            addAggregates(samples);
        }
    }

    /** Values that are no number count in the sum only. */
    private void addAggregates(SampleRange samples) {
        double min = Double.NaN;
        double max = Double.NaN;
        double sum = 0;
        for (int i = 0; i < samples.count(); i++) {
            double value = samples.value(i);
            min = value < min || Double.isNaN(min) ? value : min;
            max = value > max || Double.isNaN(max) ? value : max;
            sum += value;
        }
        chunks.setAggregates(min, max, sum);
    }

    /** Nothing is added any more. */
    void trim() {
        index.trim();
    }

    long heapBytes() {
        return index.heapBytes() + chunks.heapBytes() + types.length;
    }
}
