package io.firn.series;

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

    void addChunk(int record, int offset, int size, int count) {
        if (chunks == records.length) {
            grow(2 * chunks);
        }
        records[chunks] = record;
        offsets[chunks] = offset;
        sizes[chunks] = size;
        counts[chunks++] = count;
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
