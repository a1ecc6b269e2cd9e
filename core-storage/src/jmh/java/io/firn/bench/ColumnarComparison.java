package io.firn.bench;

import io.firn.bench.SideBySide.Contender;
import io.firn.record.StreamRecord;
import io.firn.segment.SampleRecords;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Scans of the same records, hot, cold with blocks of frames, and cold with columnar blocks; CPU time of the reading
 * thread, nothing ahead of it. Opening is outside the clock, everything is in the page cache, every value is touched.
 *
 * <p>Arguments: rounds.
 */
public final class ColumnarComparison {
    private static final int TICKS = 500_000;
    private static final int REPEATS = 4;

    private ColumnarComparison() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        compare("ticks of 17 bytes", rounds, SampleRecords.ticks(TICKS));
        compare("flights, CSV lines", rounds, SampleRecords.flightsInCsv());
        compare("flights, JSON with key and header", rounds, SampleRecords.flightsInJson());
    }

    private static void compare(String title, int rounds, List<StreamRecord> records) throws IOException {
        try (SampleSegments segments = SampleSegments.of(records)) {
            Map<String, Double> medians = new SideBySide(rounds, false)
                    .run(
                            title + ", " + Files.size(segments.frames) + " bytes of frames, "
                                    + Files.size(segments.columns) + " of columns",
                            (long) records.size() * REPEATS,
                            List.of(
                                    new Scan("hot", segments, segments.hot),
                                    new Scan("cold, frames", segments, segments.frames),
                                    new Scan("cold, columns", segments, segments.columns)));
            double framesNs = 1e9 / Objects.requireNonNull(medians.get("cold, frames"));
            double columnsNs = 1e9 / Objects.requireNonNull(medians.get("cold, columns"));
            System.out.printf(
                    "RESULT %s: frames %.1f ns, columns %.1f ns a record, difference %.1f ns%n",
                    title, framesNs, columnsNs, columnsNs - framesNs);
        }
    }

    /** Reads all records some times. */
    private record Scan(String name, SampleSegments segments, Path file) implements Contender {
        @Override
        public long run(Path directory) {
            try (Segment segment = segments.open(file, false)) {
                long start = ThreadCpu.nowNs();
                long found = 0;
                long bytes = 0;
                for (int i = 0; i < REPEATS; i++) {
                    try (SegmentCursor cursor = segment.cursor()) {
                        while (cursor.next()) {
                            bytes += cursor.record().valueLength() + cursor.record().timestamp();
                            found++;
                        }
                    }
                }
                long nanos = ThreadCpu.nowNs() - start;
                if (found != (long) segments.records * REPEATS || bytes == 0) {
                    throw new IllegalStateException(name + " read " + found + " of " + segments.records + " records");
                }
                return nanos;
            }
        }
    }
}
