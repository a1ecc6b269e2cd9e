package io.firn.segment;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The sparse index of a segment: one entry per stride of records. Built by one thread; immutable afterwards.
 *
 * <p>A new stride starts with the record after {@code stride} records or 64 KiB of frames.
 */
public final class SparseIndex {
    private static final int FIRST_CAPACITY = 64;

    private final int stride;
    private int size;
    private long[] offsets = new long[FIRST_CAPACITY];
    private int[] contexts = new int[FIRST_CAPACITY];
    private int[] recordCounts = new int[FIRST_CAPACITY];
    private long[] firstSequences = new long[FIRST_CAPACITY];
    private long[] minTimestamps = new long[FIRST_CAPACITY];
    private long[] maxTimestamps = new long[FIRST_CAPACITY];

    /** Creates an empty index; {@code stride} is the number of records per entry, {@code >= 1}. */
    SparseIndex(int stride) {
        if (stride < 1) {
            throw new IllegalArgumentException("index stride " + stride);
        }
        this.stride = stride;
    }

    /** Takes note of a record; offsets ascend. */
    void add(long offset, int context, long sequence, long timestampNs) {
        int last = size - 1;
        if (last < 0 || recordCounts[last] == stride || offset - offsets[last] >= SegmentFormat.INDEX_STRIDE_BYTES) {
            addEntry(offset, context, sequence, timestampNs);
            return;
        }
        recordCounts[last]++;
        if (timestampNs < minTimestamps[last]) {
            minTimestamps[last] = timestampNs;
        }
        if (timestampNs > maxTimestamps[last]) {
            maxTimestamps[last] = timestampNs;
        }
    }

    private void addEntry(long offset, int context, long sequence, long timestampNs) {
        if (size == offsets.length) {
            grow();
        }
        offsets[size] = offset;
        contexts[size] = context;
        recordCounts[size] = 1;
        firstSequences[size] = sequence;
        minTimestamps[size] = timestampNs;
        maxTimestamps[size] = timestampNs;
        size++;
    }

    /** Adds an entry as a footer holds it. */
    void addStored(Entry entry) {
        addEntry(entry.offset, entry.context, entry.firstSequence, entry.timestamps.first());
        recordCounts[size - 1] = entry.recordCount;
        maxTimestamps[size - 1] = entry.timestamps.last();
    }

    private void grow() {
        int capacity = size * 2;
        offsets = Arrays.copyOf(offsets, capacity);
        contexts = Arrays.copyOf(contexts, capacity);
        recordCounts = Arrays.copyOf(recordCounts, capacity);
        firstSequences = Arrays.copyOf(firstSequences, capacity);
        minTimestamps = Arrays.copyOf(minTimestamps, capacity);
        maxTimestamps = Arrays.copyOf(maxTimestamps, capacity);
    }

    /** Records per entry. */
    public int stride() {
        return stride;
    }

    /** Number of entries. */
    public int size() {
        return size;
    }

    /** Where an entry's first record starts, {@code 0 <= i < size()}. */
    long offset(int i) {
        return offsets[i];
    }

    /** An entry, {@code 0 <= i < size()}. */
    public Entry entry(int i) {
        return new Entry(
                offsets[i],
                contexts[i],
                firstSequences[i],
                recordCounts[i],
                new Range(minTimestamps[i], maxTimestamps[i]));
    }

    /**
     * The offset to start at when looking for the first record at or above a timestamp: of the first stride that may
     * hold one, or {@code otherwise} when none does.
     */
    long offsetForTimestamp(long timestampNs, long otherwise) {
        for (int i = 0; i < size; i++) {
            if (maxTimestamps[i] >= timestampNs) {
                return offsets[i];
            }
        }
        return otherwise;
    }

    /**
     * The offset to start at when looking for the first record of a lane at or above a sequence: of the last stride
     * from {@code from} on that starts with a record of these contexts not above the sequence, or {@code from} itself.
     */
    long offsetForSequence(long from, BitSet contextsOfLane, long sequence) {
        long found = from;
        for (int i = 0; i < size; i++) {
            boolean candidate = offsets[i] >= from && contextsOfLane.get(contexts[i]);
            if (candidate && firstSequences[i] > sequence) {
                break;
            }
            found = candidate ? offsets[i] : found;
        }
        return found;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SparseIndex that
                && stride == that.stride
                && size == that.size
                && Arrays.equals(offsets, 0, size, that.offsets, 0, size)
                && Arrays.equals(contexts, 0, size, that.contexts, 0, size)
                && Arrays.equals(recordCounts, 0, size, that.recordCounts, 0, size)
                && Arrays.equals(firstSequences, 0, size, that.firstSequences, 0, size)
                && Arrays.equals(minTimestamps, 0, size, that.minTimestamps, 0, size)
                && Arrays.equals(maxTimestamps, 0, size, that.maxTimestamps, 0, size);
    }

    @Override
    public int hashCode() {
        return 31 * stride + size;
    }

    @Override
    public String toString() {
        return "SparseIndex[stride=" + stride + ", size=" + size + "]";
    }

    /**
     * An entry of the index.
     *
     * @param offset where the first record of the stride starts
     * @param context the context of that record
     * @param firstSequence the sequence of that record
     * @param recordCount records of the stride
     * @param timestamps lowest and highest timestamp of the stride in nanoseconds (saturated)
     */
    public record Entry(long offset, int context, long firstSequence, int recordCount, Range timestamps) {}
}
