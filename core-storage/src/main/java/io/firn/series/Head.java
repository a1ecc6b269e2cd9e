package io.firn.series;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * The samples that no block holds yet, in memory: label sets once, samples in primitive arrays. Everything in it stands
 * in the table {@code samples} too, from which it is rebuilt.
 *
 * <p>Changed by one thread at a time under the write half of the store's lock, looked at under the read half; what
 * {@link HeadSelection} took there may be read without it.
 */
final class Head {
    private static final int NO_RUN = SampleArena.NOWHERE;

    private final SeriesIndex index = new SeriesIndex(new SymbolTable());
    private final SampleArena arena = new SampleArena();
    private final Map<String, Long> marks = new HashMap<>();
    private final UncommittedSamples uncommitted = new UncommittedSamples();
    private long createdMs;
    private byte[] types = new byte[8];
    private int[] firstRun = new int[8];
    private int[] lastRun = new int[8];
    /** Samples in the last run. */
    private int[] filled = new int[8];

    private int[] counts = new int[8];
    private long samples;
    private long minTimestamp = Long.MAX_VALUE;
    private long maxTimestamp = Long.MIN_VALUE;
    private boolean isNewestKnown = true;

    /** Starts empty at a time of the store's clock, milliseconds. */
    Head(long createdMs) {
        this.createdMs = createdMs;
    }

    /** When its first sample came, milliseconds. */
    long createdMs() {
        return createdMs;
    }

    /** Its first sample comes. */
    void begin(long nowMs) {
        createdMs = nowMs;
    }

    SeriesIndex index() {
        return index;
    }

    /** Whether there is nothing to keep: no series and no mark. */
    boolean isEmpty() {
        return index.size() == 0 && marks.isEmpty();
    }

    /** What was marked, by name. */
    Map<String, Long> marks() {
        return marks;
    }

    void mark(String name, long value) {
        marks.put(name, value);
    }

    /** What of it is not in the log for sure. */
    UncommittedSamples uncommitted() {
        return uncommitted;
    }

    /** Number of samples, with those that a later one of the same timestamp replaces. */
    long samples() {
        return samples;
    }

    /** None is earlier; that of a deleted sample, too. */
    long minTimestamp() {
        return minTimestamp;
    }

    /** None is later; that of a deleted sample, too. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    /** The latest timestamp that is there. After a deletion that takes a look at all of them. */
    long newestTimestamp() {
        if (isNewestKnown) {
            return maxTimestamp;
        }
        long newest = Long.MIN_VALUE;
        SampleArrays scratch = new SampleArrays();
        for (int ref = 0; ref < index.size(); ref++) {
            copy(ref, scratch.clear());
            for (int i = 0; i < scratch.size(); i++) {
                newest = Math.max(newest, scratch.timestamp(i));
            }
        }
        return newest;
    }

    SeriesType type(int ref) {
        return SeriesType.of(types[ref]);
    }

    /** Adds a series; returns its number. */
    int addSeries(Labels labels, SeriesType type) {
        int ref = index.add(labels);
        if (ref == types.length) {
            int length = 2 * ref;
            types = Arrays.copyOf(types, length);
            firstRun = Arrays.copyOf(firstRun, length);
            lastRun = Arrays.copyOf(lastRun, length);
            filled = Arrays.copyOf(filled, length);
            counts = Arrays.copyOf(counts, length);
        }
        firstRun[ref] = NO_RUN;
        lastRun[ref] = NO_RUN;
        setType(ref, type);
        return ref;
    }

    void setType(int ref, SeriesType type) {
        types[ref] = (byte) type.id();
    }

    /** Appends samples of a series. */
    void append(int ref, SampleArrays source, int from, int to) {
        int at = from;
        while (at < to) {
            makeRoom(ref);
            int run = lastRun[ref];
            int count = Math.min(to - at, arena.capacity(run) - filled[ref]);
            arena.put(run, filled[ref], source, at, count);
            filled[ref] += count;
            at += count;
        }
        counts[ref] += to - from;
        samples += to - from;
        widen(source, from, to);
    }

    private void widen(SampleArrays source, int from, int to) {
        if (from < to && source.isRisingStride(from, to)) {
            minTimestamp = Math.min(minTimestamp, source.timestamp(from));
            maxTimestamp = Math.max(maxTimestamp, source.timestamp(to - 1));
            return;
        }
        for (int i = from; i < to; i++) {
            minTimestamp = Math.min(minTimestamp, source.timestamp(i));
            maxTimestamp = Math.max(maxTimestamp, source.timestamp(i));
        }
    }

    /** Makes the last run of a series one that is not full. */
    private void makeRoom(int ref) {
        if (lastRun[ref] == NO_RUN) {
            firstRun[ref] = arena.firstRun();
            lastRun[ref] = firstRun[ref];
            filled[ref] = 0;
        } else if (filled[ref] == arena.capacity(lastRun[ref])) {
            lastRun[ref] = arena.nextRun(lastRun[ref]);
            filled[ref] = 0;
        }
    }

    /** Removes samples; those who look at them already go on doing so. Memory comes back with the next cut. */
    void delete(Tombstone deletion, StoppedDeletions deletions) {
        TimeRange range = deletion.range();
        if (samples == 0 || !range.overlaps(minTimestamp, maxTimestamp)) {
            return;
        }
        SampleArrays scratch = new SampleArrays();
        PeekableIntIterator refs = deletion.chosen(index, deletions).getIntIterator();
        while (refs.hasNext()) {
            int ref = refs.next();
            arena.view().copy(firstRun[ref], counts[ref], scratch.clear());
            int before = scratch.size();
            scratch.retain(range, false);
            if (scratch.size() < before) {
                firstRun[ref] = NO_RUN;
                lastRun[ref] = NO_RUN;
                counts[ref] = 0;
                samples -= before;
                append(ref, scratch, 0, scratch.size());
            }
        }
        isNewestKnown &= !range.includes(maxTimestamp);
    }

    /** What is there now of the series that fulfil some conditions. */
    HeadSelection select(List<LabelMatcher> matchers, TimeRange range) {
        boolean pruned = samples == 0 || !range.overlaps(minTimestamp, maxTimestamp);
        return selection(pruned ? new RoaringBitmap() : index.match(matchers));
    }

    /** All that is there now. */
    HeadSelection selectAll() {
        return selection(RoaringBitmap.bitmapOfRange(0, index.size()));
    }

    private HeadSelection selection(RoaringBitmap matching) {
        RoaringBitmap present = new RoaringBitmap();
        PeekableIntIterator each = matching.getIntIterator();
        while (each.hasNext()) {
            int ref = each.next();
            if (counts[ref] > 0) {
                present.add(ref);
            }
        }
        HeadSelection selection = new HeadSelection(arena.view(), present.getCardinality());
        PeekableIntIterator refs = present.getIntIterator();
        while (refs.hasNext()) {
            int ref = refs.next();
            selection.add(index.labels(ref), type(ref), firstRun[ref], counts[ref]);
        }
        return selection;
    }

    /** Number of samples of a series, as {@link #samples}. */
    int count(int ref) {
        return counts[ref];
    }

    /** Appends all samples of a series to a list, in the order in which they were written. */
    void copy(int ref, SampleArrays target) {
        arena.view().copy(firstRun[ref], counts[ref], target);
    }

    /** Memory that it holds, bytes: samples with their spare room, and labels; of texts an estimate. */
    long heapBytes() {
        long perSeries = 1 + 4L * Integer.BYTES;
        return arena.heapBytes() + index.heapBytes() + uncommitted.heapBytes() + perSeries * types.length;
    }

    /** Memory of the samples alone, with their spare room. */
    long sampleBytes() {
        return arena.heapBytes();
    }
}
