package io.firn.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.firn.bench.SideBySide.Contender;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import io.firn.segment.SampleRecords;
import io.firn.segment.Segment;
import io.firn.segment.SegmentCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Cold beside hot, sequentially, as wall time: a consumer that touches every value and one that parses it, each over
 * blocks of frames and columnar blocks, with and without read-ahead. Hot records are checked by CRC-32C, cold ones by
 * zstd's checksum of the block. Everything is in the page cache; opening is inside the clock.
 *
 * <p>Arguments: rounds.
 */
public final class ColdReadComparison {
    private static final int TICKS = 500_000;
    private static final int REPEATS = 4;

    private ColdReadComparison() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        List<StreamRecord> json = SampleRecords.flightsInJson();
        compare("flights in JSON, parsed by Jackson", rounds, json, new Parsing());
        compare("flights in JSON, values touched", rounds, json, new Touching());
        compare("flights in CSV, values touched", rounds, SampleRecords.flightsInCsv(), new Touching());
        compare("ticks of 17 bytes, values touched", rounds, SampleRecords.ticks(TICKS), new Touching());
    }

    private static void compare(String title, int rounds, List<StreamRecord> records, Consumer consumer)
            throws IOException {
        try (SampleSegments segments = SampleSegments.of(records)) {
            List<Contender> contenders = new ArrayList<>();
            contenders.add(new Scan("hot", segments, segments.hot, false, consumer));
            contenders.add(new Scan("hot, read ahead", segments, segments.hot, true, consumer));
            contenders.add(new Scan("frames", segments, segments.frames, false, consumer));
            contenders.add(new Scan("frames, read ahead", segments, segments.frames, true, consumer));
            contenders.add(new Scan("columns", segments, segments.columns, false, consumer));
            contenders.add(new Scan("columns, read ahead", segments, segments.columns, true, consumer));
            SideBySide runs = new SideBySide(rounds, false);
            Map<String, Double> medians = runs.run(title, (long) records.size() * REPEATS, contenders);
            print(title + ", medians", name -> Objects.requireNonNull(medians.get(name)));
            print(title + ", best runs", runs::best);
        }
    }

    /** One thread takes 1 + P / D times as long as hot; N cores that share all work, an N-th of that. */
    private static void print(String title, ToDoubleFunction<String> rate) {
        int cores = Runtime.getRuntime().availableProcessors();
        double hot = rate.applyAsDouble("hot");
        double hotAhead = rate.applyAsDouble("hot, read ahead");
        for (String blocks : List.of("frames", "columns")) {
            double one = hot / rate.applyAsDouble(blocks);
            double ahead = rate.applyAsDouble(blocks + ", read ahead");
            System.out.printf(
                    "RESULT %s: %s cold/hot %.2f, both without read-ahead %.2f, only cold with it %.2f;"
                            + " 1 + P/(N*D) with %d cores %.2f%n",
                    title, blocks, hotAhead / ahead, one, hot / ahead, cores, 1 + (one - 1) / cores);
        }
    }

    /** What is done with a record. */
    private interface Consumer {
        long accept(RecordView record) throws IOException;
    }

    /** Looks at the first and the last byte. */
    private static final class Touching implements Consumer {
        @Override
        public long accept(RecordView record) {
            ByteBuffer value = Objects.requireNonNull(record.value());
            return value.get(value.position()) + value.get(value.limit() - 1) + 1;
        }
    }

    /** Goes through the tokens of a JSON object and takes its texts and numbers. */
    private static final class Parsing implements Consumer {
        private final JsonFactory factory = new JsonFactory();
        private byte[] bytes = new byte[1024];

        @Override
        public long accept(RecordView record) throws IOException {
            ByteBuffer value = Objects.requireNonNull(record.value());
            int length = value.remaining();
            if (length > bytes.length) {
                bytes = new byte[length];
            }
            value.get(value.position(), bytes, 0, length);
            long sum = 1;
            try (JsonParser parser = factory.createParser(bytes, 0, length)) {
                for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    if (token == JsonToken.VALUE_NUMBER_INT) {
                        sum += parser.getIntValue();
                    } else if (token == JsonToken.VALUE_STRING) {
                        sum += parser.getText().length();
                    }
                }
            }
            return sum;
        }
    }

    /** Reads all records some times. */
    private record Scan(String name, SampleSegments segments, Path file, boolean readAhead, Consumer consumer)
            implements Contender {
        @Override
        public long run(Path directory) throws IOException {
            long start = System.nanoTime();
            long found = 0;
            long sum = 0;
            for (int i = 0; i < REPEATS; i++) {
                try (Segment segment = segments.open(file, readAhead);
                        SegmentCursor cursor = segment.cursor()) {
                    while (cursor.next()) {
                        sum += consumer.accept(cursor.record());
                        found++;
                    }
                }
            }
            long nanos = System.nanoTime() - start;
            if (found != (long) segments.records * REPEATS || sum == 0) {
                throw new IllegalStateException(name + " read " + found + " of " + segments.records + " records");
            }
            return nanos;
        }
    }
}
