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

    /**
     * Values that are no number count in the sum only. Even and odd ones have their own results, so that no step waits
     * for the one before.
     */
    private void addAggregates(SampleRange samples) {
        double evenMin = Double.POSITIVE_INFINITY;
        double oddMin = Double.POSITIVE_INFINITY;
        double evenMax = Double.NEGATIVE_INFINITY;
        double oddMax = Double.NEGATIVE_INFINITY;
        double evenSum = 0;
        double oddSum = 0;
        int pairs = samples.count() & ~1;
        for (int i = 0; i < pairs; i += 2) {
            double even = samples.value(i);
            double odd = samples.value(i + 1);
            evenMin = even < evenMin ? even : evenMin;
            oddMin = odd < oddMin ? odd : oddMin;
            evenMax = even > evenMax ? even : evenMax;
            oddMax = odd > oddMax ? odd : oddMax;
            evenSum += even;
            oddSum += odd;
        }
        if (pairs < samples.count()) {
            double last = samples.value(pairs);
            evenMin = last < evenMin ? last : evenMin;
            evenMax = last > evenMax ? last : evenMax;
            evenSum += last;
        }
        double min = oddMin < evenMin ? oddMin : evenMin;
        double max = oddMax > evenMax ? oddMax : evenMax;
        boolean none = min > max;
        chunks.setAggregates(none ? Double.NaN : min, none ? Double.NaN : max, evenSum + oddSum);
    }

    /** Nothing is added any more. */
    void trim() {
        index.trim();
    }

    long heapBytes() {
        return index.heapBytes() + chunks.heapBytes() + types.length;
    }
}
