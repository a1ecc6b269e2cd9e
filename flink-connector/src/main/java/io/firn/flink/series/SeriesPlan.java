package io.firn.flink.series;

import io.firn.series.SeriesContents;
import io.firn.series.SeriesReader;
import io.firn.series.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Divides a selection by time into parts of about equal length. Thread-safe; no state. */
final class SeriesPlan {
    static final int MAX_SPLITS = 10_000;
    /** Where the last part begins at the latest: the highest timestamp is its end, and belongs to it nevertheless. */
    private static final long LAST_START = Long.MAX_VALUE - 1;

    private SeriesPlan() {}

    /** The parts, oldest first; none when there are no samples. */
    static List<SeriesSplit> of(SeriesSettings settings) {
        try (SeriesReader reader = settings.open()) {
            SeriesContents contents = reader.contents();
            Optional<TimeRange> wanted = settings.choice().range(contents.timestampUnit());
            if (wanted.isEmpty() || contents.minTimestamp() > contents.maxTimestamp()) {
                return List.of();
            }
            long oldest = Math.min(contents.minTimestamp(), LAST_START);
            long first = Math.max(wanted.get().from(), oldest);
            long behind = Math.min(wanted.get().to(), behind(contents.maxTimestamp()));
            if (first >= behind) {
                return List.of();
            }
            long samples = contents.blockSamples() + contents.headSamples();
            long whole = behind(contents.maxTimestamp()) - oldest;
            double share = unsigned(behind - first) / unsigned(whole);
            return divide(first, behind, (long) Math.ceil((double) samples * share / (double) settings.splitSamples()));
        }
    }

    /** The highest timestamp means no end, and belongs to what has none. */
    private static long behind(long timestamp) {
        return timestamp == Long.MAX_VALUE ? timestamp : timestamp + 1;
    }

    private static double unsigned(long number) {
        return number >= 0 ? (double) number : (double) number + 0x1p64;
    }

    /** Parts of a range, which may be longer than half of all timestamps. */
    static List<SeriesSplit> divide(long from, long to, long count) {
        long parts = Math.max(1, Math.min(MAX_SPLITS, count));
        long length = Long.divideUnsigned(to - from, parts);
        long step = Math.max(1, length + (Long.remainderUnsigned(to - from, parts) == 0 ? 0 : 1));
        List<SeriesSplit> splits = new ArrayList<>();
        long start = from;
        while (start != to) {
            boolean last = Long.compareUnsigned(to - start, step) <= 0;
            long end = last ? to : start + step;
            splits.add(new SeriesSplit(start + ".." + end, start, end, Optional.empty()));
            start = end;
        }
        return splits;
    }
}
