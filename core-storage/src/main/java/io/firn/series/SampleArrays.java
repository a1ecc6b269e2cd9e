package io.firn.series;

import io.firn.series.codec.LongOrder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Samples in two growing arrays, to be filled, read and used again. Confined to one thread. */
public final class SampleArrays {
    private long[] timestamps = new long[16];
    private double[] values = new double[16];
    private int size;

    /** Creates an empty list. */
    public SampleArrays() {}

    /** Number of samples. */
    public int size() {
        return size;
    }

    /** Timestamp of a sample, {@code 0 <= index < size}, in the unit of the store. */
    public long timestamp(int index) {
        return timestamps[index];
    }

    /** Value of a sample, {@code 0 <= index < size}. */
    public double value(int index) {
        return values[index];
    }

    /** A copy of the timestamps. */
    public long[] timestamps() {
        return Arrays.copyOf(timestamps, size);
    }

    /** A copy of the values. */
    public double[] values() {
        return Arrays.copyOf(values, size);
    }

    /** Removes all samples; the arrays stay. */
    public SampleArrays clear() {
        size = 0;
        return this;
    }

    /** Appends a sample. */
    public SampleArrays add(long timestamp, double value) {
        reserve(1);
        timestamps[size] = timestamp;
        values[size++] = value;
        return this;
    }

    /** Appends everything that a cursor has left. */
    public SampleArrays addAll(SampleCursor cursor) {
        while (cursor.next()) {
            add(cursor.timestamp(), cursor.value());
        }
        return this;
    }

    void addAll(long[] moreTimestamps, double[] moreValues, int from, int count) {
        reserve(count);
        System.arraycopy(moreTimestamps, from, timestamps, size, count);
        System.arraycopy(moreValues, from, values, size, count);
        size += count;
    }

    /** Whether all timestamps of a range of at least two samples have the same distance, modulo 2^64. */
    boolean isStride(int from, int to) {
        return LongOrder.isStride(timestamps, from, to);
    }

    /** Whether the timestamps of a range with samples have the same distance, 0 or more. */
    boolean isRisingStride(int from, int to) {
        return LongOrder.isRisingStride(timestamps, from, to, 0);
    }

    /** From the timestamp of a sample to that of the next one. */
    long distance(int index) {
        return timestamps[index + 1] - timestamps[index];
    }

    /** Puts the values of some samples, 8 bytes each, at a buffer's position. */
    void putValues(int from, int to, ByteBuffer target) {
        target.asDoubleBuffer().put(values, from, to - from);
        target.position(target.position() + (to - from) * Double.BYTES);
    }

    /** Puts the timestamps and then the values of some samples, 8 bytes each, at a buffer's position. */
    void put(int from, int to, ByteBuffer target) {
        int count = to - from;
        target.asLongBuffer().put(timestamps, from, count);
        target.position(target.position() + count * Long.BYTES);
        putValues(from, to, target);
    }

    /** Copies samples to other arrays. */
    void copy(int from, int count, long[] targetTimestamps, double[] targetValues, int at) {
        System.arraycopy(timestamps, from, targetTimestamps, at, count);
        System.arraycopy(values, from, targetValues, at, count);
    }

    /** Sorts by timestamp; of equal ones only the last stays. Returns this. */
    SampleArrays sortKeepingLast() {
        if (!isAscending()) {
            sort();
            keepLast();
        }
        return this;
    }

    /** Keeps the samples that a cursor over this list would show between two ends, both from its order. */
    void retain(TimeRange range, boolean inside) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (range.includes(timestamps[i]) == inside) {
                timestamps[kept] = timestamps[i];
                values[kept++] = values[i];
            }
        }
        size = kept;
    }

    private boolean isAscending() {
        if (LongOrder.isRisingStride(timestamps, 0, size, 1)) {
            return true;
        }
        for (int i = 1; i < size; i++) {
            if (timestamps[i] <= timestamps[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** Stable, from the bottom up: nothing is allocated but one copy. */
    private void sort() {
        long[] fromTimestamps = timestamps;
        double[] fromValues = values;
        long[] toTimestamps = new long[timestamps.length];
        double[] toValues = new double[values.length];
        for (int width = 1; width < size; width *= 2) {
            for (int low = 0; low < size; low += 2 * width) {
                int middle = Math.min(low + width, size);
                int high = Math.min(low + 2 * width, size);
                int left = low;
                int right = middle;
                for (int at = low; at < high; at++) {
                    boolean takeLeft =
                            left < middle && (right >= high || fromTimestamps[left] <= fromTimestamps[right]);
                    int taken = takeLeft ? left++ : right++;
                    toTimestamps[at] = fromTimestamps[taken];
                    toValues[at] = fromValues[taken];
                }
            }
            long[] timestampsAgain = fromTimestamps;
            double[] valuesAgain = fromValues;
            fromTimestamps = toTimestamps;
            fromValues = toValues;
            toTimestamps = timestampsAgain;
            toValues = valuesAgain;
        }
        timestamps = fromTimestamps;
        values = fromValues;
    }

    private void keepLast() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (i + 1 == size || timestamps[i + 1] != timestamps[i]) {
                timestamps[kept] = timestamps[i];
                values[kept++] = values[i];
            }
        }
        size = kept;
    }

    private void reserve(int more) {
        if (size + more > timestamps.length) {
            int length = Math.max(size + more, 2 * timestamps.length);
            timestamps = Arrays.copyOf(timestamps, length);
            values = Arrays.copyOf(values, length);
        }
    }
}
