package io.firn.series;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Series of a head as they were at one moment. Filled under the store's lock; may then be walked over once, without it,
 * by one thread.
 */
final class HeadSelection {
    private final SampleArena.View samples;
    private final Labels[] labels;
    private final SeriesType[] types;
    private final int[] firstRuns;
    private final int[] counts;
    private int size;

    HeadSelection(SampleArena.View samples, int capacity) {
        this.samples = samples;
        this.labels = new Labels[capacity];
        this.types = new SeriesType[capacity];
        this.firstRuns = new int[capacity];
        this.counts = new int[capacity];
    }

    void add(Labels series, SeriesType type, int firstRun, int count) {
        labels[size] = series;
        types[size] = type;
        firstRuns[size] = firstRun;
        counts[size++] = count;
    }

    int size() {
        return size;
    }

    /** Walks over the series, in the order of their labels, and those of their samples that lie in a range. */
    SeriesSource source(TimeRange range) {
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparing(series -> labels[series]))
                .mapToInt(Integer::intValue)
                .toArray();
        return new Source(range, order);
    }

    private final class Source implements SeriesSource {
        private final TimeRange range;
        private final SampleArrays scratch = new SampleArrays();
        private final int[] order;
        private int next;
        private int at;

        Source(TimeRange range, int[] order) {
            this.range = range;
            this.order = order;
        }

        @Override
        public boolean next() {
            if (next == order.length) {
                return false;
            }
            at = order[next++];
            return true;
        }

        @Override
        public Labels labels() {
            return labels[at];
        }

        @Override
        public SeriesType type() {
            return types[at];
        }

        @Override
        public SampleCursor samples() {
            samples.copy(firstRuns[at], counts[at], scratch.clear());
            scratch.retain(range, true);
            return new ArrayCursor(scratch.sortKeepingLast());
        }
    }
}
