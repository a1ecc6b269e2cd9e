package io.firn.series.codec;

import java.util.Objects;

/**
 * A range of two arrays, samples in the order of the series; timestamps need not ascend and may be equal.
 *
 * <p>The arrays are not copied: whoever changes them while a chunk is being encoded gets a chunk of neither content.
 */
public final class SampleRange {
    private final long[] timestamps;
    private final double[] values;
    private final int from;
    private final int count;
    private final long minTimestamp;
    private final long maxTimestamp;
    private final boolean risingStride;

    private SampleRange(long[] timestamps, double[] values, int from, int count) {
        this.timestamps = timestamps;
        this.values = values;
        this.from = from;
        this.count = count;
        this.risingStride = LongOrder.isRisingStride(timestamps, from, from + count, 0);
        long min = count == 0 ? 0 : timestamps[from];
        long max = count == 0 ? 0 : timestamps[from + count - 1];
        if (!risingStride) {
            for (int i = from; i < from + count; i++) {
                min = Math.min(min, timestamps[i]);
                max = Math.max(max, timestamps[i]);
            }
        }
        this.minTimestamp = min;
        this.maxTimestamp = max;
    }

    /**
     * SampleRange of two arrays.
     *
     * @param timestamps in the unit of the series
     * @param values as many or more
     * @param from index of the first sample, inclusive
     * @param to index behind the last sample, exclusive
     */
    public static SampleRange of(long[] timestamps, double[] values, int from, int to) {
        Objects.checkFromToIndex(from, to, timestamps.length);
        Objects.checkFromToIndex(from, to, values.length);
        return new SampleRange(timestamps, values, from, to - from);
    }

    /** Some of these samples; indices count from the first of these, {@code to} exclusive. */
    public SampleRange range(int fromIndex, int toIndex) {
        Objects.checkFromToIndex(fromIndex, toIndex, count);
        return new SampleRange(timestamps, values, from + fromIndex, toIndex - fromIndex);
    }

    /** Number of samples. */
    public int count() {
        return count;
    }

    /** Timestamp of a sample, {@code index} from 0. */
    public long timestamp(int index) {
        return timestamps[from + index];
    }

    /** Value of a sample, {@code index} from 0. */
    public double value(int index) {
        return values[from + index];
    }

    /** Whether no timestamp is less than the one before, and all have the same distance from it. */
    boolean isStride() {
        return risingStride || (count == 2 && timestamp(1) >= timestamp(0));
    }

    /** Copies all values to the start of another array. */
    void copyValues(double[] target) {
        System.arraycopy(values, from, target, 0, count);
    }

    /** The least timestamp; 0 without samples. */
    public long minTimestamp() {
        return minTimestamp;
    }

    /** The greatest timestamp; 0 without samples. */
    public long maxTimestamp() {
        return maxTimestamp;
    }
}
