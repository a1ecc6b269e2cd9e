package io.firn.series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Several sources as one: series in the order of their labels, the samples of each merged by timestamp. Of equal
 * timestamps that of the later source counts. Confined to one thread.
 */
final class MergedSeries implements SeriesSource {
    private final List<SeriesSource> sources;
    /** Sources that stand on a series, by its labels and then by their place among the sources. */
    private final PriorityQueue<Placed> waiting = new PriorityQueue<>(
            Comparator.<Placed, Labels>comparing(placed -> placed.labels).thenComparingInt(placed -> placed.place));

    private final List<Placed> present = new ArrayList<>();

    private static final class Placed {
        private final SeriesSource source;
        private final int place;
        private Labels labels = Labels.EMPTY;

        Placed(SeriesSource source, int place) {
            this.source = source;
            this.place = place;
        }

        boolean next() {
            boolean found = source.next();
            if (found) {
                labels = source.labels();
            }
            return found;
        }
    }

    /** Merges sources, of which the later ones count more. */
    MergedSeries(List<SeriesSource> sources) {
        this.sources = List.copyOf(sources);
        for (int i = 0; i < sources.size(); i++) {
            advance(new Placed(sources.get(i), i));
        }
    }

    private void advance(Placed placed) {
        if (placed.next()) {
            waiting.add(placed);
        }
    }

    @Override
    public boolean next() {
        present.forEach(this::advance);
        present.clear();
        Placed first = waiting.poll();
        if (first == null) {
            return false;
        }
        present.add(first);
        while (!waiting.isEmpty() && waiting.element().labels.equals(first.labels)) {
            present.add(waiting.remove());
        }
        return true;
    }

    @Override
    public Labels labels() {
        return newest().labels;
    }

    /** The type that was said last. */
    @Override
    public SeriesType type() {
        return newest().source.type();
    }

    private Placed newest() {
        return present.get(present.size() - 1);
    }

    @Override
    public SampleCursor samples() {
        if (present.size() == 1) {
            return present.get(0).source.samples();
        }
        List<SampleCursor> cursors = new ArrayList<>();
        for (Placed placed : present) {
            SampleCursor cursor = placed.source.samples();
            if (cursor.next()) {
                cursors.add(cursor);
            }
        }
        return new MergedSamples(cursors);
    }

    @Override
    public void close() {
        sources.forEach(SeriesSource::close);
    }
}
