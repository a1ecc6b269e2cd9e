package io.firn.series;

import io.firn.series.codec.SampleRange;
import java.util.Arrays;

/**
 * Where the chunks of a block stand and what they hold, series by series, in primitive arrays. Filled by one thread,
 * then read by any.
 */
final class ChunkDirectory {
    /** Chunks of so many samples have aggregates; those of fewer are as quickly decoded. */
    static final int MIN_AGGREGATED = 64;

    /** First chunk of each series. */
    private int[] first = new int[8];

    private int series;
    private int chunks;
    private int[] records = new int[8];
    private int[] offsets = new int[8];
    private int[] sizes = new int[8];
    private int[] counts = new int[8];
    private long[] minTimestamps = new long[8];
    private long[] maxTimestamps = new long[8];
    private double[] minValues = new double[8];
    private double[] maxValues = new double[8];
    private double[] sums = new double[8];

    int series() {
        return series;
    }

    int chunks() {
        return chunks;
    }

    int first(int ref) {
        return first[ref];
    }

    int end(int ref) {
        return ref + 1 < series ? first[ref + 1] : chunks;
    }

    /** The record of a chunk, counted from the block's first one. */
    int record(int chunk) {
        return records[chunk];
    }

    /** Where it begins in the record, bytes. */
    int offset(int chunk) {
        return offsets[chunk];
    }

    int sizeBytes(int chunk) {
        return sizes[chunk];
    }

    /** Number of samples. */
    int count(int chunk) {
        return counts[chunk];
    }

    long minTimestamp(int chunk) {
        return minTimestamps[chunk];
    }

    /** Inclusive. */
    long maxTimestamp(int chunk) {
        return maxTimestamps[chunk];
    }

    boolean isAggregated(int chunk) {
        return counts[chunk] >= MIN_AGGREGATED;
    }

    double minValue(int chunk) {
        return minValues[chunk];
    }

    double maxValue(int chunk) {
        return maxValues[chunk];
    }

    double sum(int chunk) {
        return sums[chunk];
    }

    /** Begins a series; the chunks that are added next are its. */
    void addSeries() {
        if (series == first.length) {
            first = Arrays.copyOf(first, 2 * series);
        }
        first[series++] = chunks;
    }

    /** Takes back the series that was added last, which has no chunks. */
    void removeSeries() {
        series--;
    }

    void addChunk(int record, int offset, int size, int count) {
        if (chunks == records.length) {
            grow(2 * chunks);
        }
        records[chunks] = record;
        offsets[chunks] = offset;
        sizes[chunks] = size;
        counts[chunks++] = count;
    }

    /** Adds a chunk with everything that the directory says of its samples. */
    void addChunk(int record, int offset, int size, SampleRange samples) {
        addChunk(record, offset, size, samples.count());
        setTimestamps(samples.minTimestamp(), samples.maxTimestamp());
        if (samples.count() >= MIN_AGGREGATED) {
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
        setAggregates(none ? Double.NaN : min, none ? Double.NaN : max, evenSum + oddSum);
    }

    /** Adds a chunk of another directory at another place. */
    void addChunk(ChunkDirectory from, int chunk, int record, int offset) {
        addChunk(record, offset, from.sizes[chunk], from.counts[chunk]);
        setTimestamps(from.minTimestamps[chunk], from.maxTimestamps[chunk]);
        setAggregates(from.minValues[chunk], from.maxValues[chunk], from.sums[chunk]);
    }

    /** Removes everything; the arrays stay. */
    void clear() {
        series = 0;
        chunks = 0;
    }

    /** Range of the chunk that was added last. */
    void setTimestamps(long min, long max) {
        minTimestamps[chunks - 1] = min;
        maxTimestamps[chunks - 1] = max;
    }

    /** Aggregates of the chunk that was added last: of values that are no number the result may be none. */
    void setAggregates(double min, double max, double sum) {
        minValues[chunks - 1] = min;
        maxValues[chunks - 1] = max;
        sums[chunks - 1] = sum;
    }

    long heapBytes() {
        return (long) first.length * Integer.BYTES
                + (long) records.length * (4 * Integer.BYTES + 2 * Long.BYTES + 3 * Double.BYTES);
    }

    private void grow(int length) {
        records = Arrays.copyOf(records, length);
        offsets = Arrays.copyOf(offsets, length);
        sizes = Arrays.copyOf(sizes, length);
        counts = Arrays.copyOf(counts, length);
        minTimestamps = Arrays.copyOf(minTimestamps, length);
        maxTimestamps = Arrays.copyOf(maxTimestamps, length);
        minValues = Arrays.copyOf(minValues, length);
        maxValues = Arrays.copyOf(maxValues, length);
        sums = Arrays.copyOf(sums, length);
    }
}
