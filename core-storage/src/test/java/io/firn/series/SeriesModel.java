package io.firn.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a store should hold, as plainly as it can be said. Confined to one thread. */
final class SeriesModel {
    private final TreeMap<Labels, TreeMap<Long, Double>> series = new TreeMap<>();
    private final Map<Labels, SeriesType> types = new HashMap<>();

    SeriesModel copy() {
        SeriesModel copy = new SeriesModel();
        series.forEach((labels, samples) -> copy.series.put(labels, new TreeMap<>(samples)));
        copy.types.putAll(types);
        return copy;
    }

    void write(SeriesBatch batch) {
        for (int entry = 0; entry < batch.entries(); entry++) {
            types.put(batch.labels(entry), batch.type(entry));
            TreeMap<Long, Double> samples = series.computeIfAbsent(batch.labels(entry), labels -> new TreeMap<>());
            for (int i = batch.start(entry); i < batch.end(entry); i++) {
                samples.put(batch.samples().timestamp(i), batch.samples().value(i));
            }
        }
    }

    /** Whether all conditions hold for a series. */
    static boolean allMatch(List<LabelMatcher> matchers, Labels labels) {
        return matchers.stream()
                .allMatch(matcher -> matcher.matches(labels.get(matcher.name()).orElse("")));
    }

    void delete(List<LabelMatcher> matchers, TimeRange range) {
        series.forEach((labels, samples) -> {
            if (allMatch(matchers, labels)) {
                samples.keySet().removeIf(range::includes);
            }
        });
        series.values().removeIf(Map::isEmpty);
    }

    /** Removes the samples of some series whose line is not among those that stay. */
    void retain(List<LabelMatcher> matchers, Set<String> lines) {
        series.forEach((labels, samples) -> {
            if (allMatch(matchers, labels)) {
                SeriesType type = types.getOrDefault(labels, SeriesType.UNTYPED);
                samples.entrySet()
                        .removeIf(sample -> !lines.contains(line(labels, type, sample.getKey(), sample.getValue())));
            }
        });
        series.values().removeIf(Map::isEmpty);
    }

    /** Each sample as a line of text, in the order in which a selection shows them. */
    List<String> select(List<LabelMatcher> matchers, TimeRange range) {
        List<String> lines = new ArrayList<>();
        series.forEach((labels, samples) -> {
            if (allMatch(matchers, labels)) {
                samples.forEach((timestamp, value) -> {
                    if (range.includes(timestamp)) {
                        lines.add(line(labels, types.getOrDefault(labels, SeriesType.UNTYPED), timestamp, value));
                    }
                });
            }
        });
        return lines;
    }

    List<String> all() {
        return select(List.of(LabelMatcher.regex("s", ".+")), TimeRange.ALL);
    }

    private static String line(Labels labels, SeriesType type, long timestamp, double value) {
        return labels + " " + type + " " + timestamp + " " + Long.toHexString(Double.doubleToRawLongBits(value));
    }

    /** What a store shows. */
    static List<String> select(SeriesStore store, List<LabelMatcher> matchers, TimeRange range) {
        return lines(store.select(matchers, range));
    }

    /** What a selection shows, to its end; it is closed then. */
    static List<String> lines(SeriesCursor selection) {
        return lines(selection, -1, () -> {});
    }

    /** The same; something happens behind so many lines. */
    static List<String> lines(SeriesCursor selection, int stop, Runnable act) {
        List<String> lines = new ArrayList<>();
        try (SeriesCursor cursor = selection) {
            if (stop == 0) {
                act.run();
            }
            while (cursor.next()) {
                SampleCursor samples = cursor.samples();
                while (samples.next()) {
                    lines.add(line(cursor.labels(), cursor.type(), samples.timestamp(), samples.value()));
                    if (lines.size() == stop) {
                        act.run();
                    }
                }
            }
        }
        return lines;
    }

    static List<String> all(SeriesStore store) {
        return select(store, List.of(LabelMatcher.regex("s", ".+")), TimeRange.ALL);
    }
}
