package io.firn.bench;

import io.firn.bench.SideBySide.Contender;
import io.firn.cache.BlockCache;
import io.firn.compress.ZstdCodecs;
import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.SpaceReserver;
import io.firn.record.StreamRecord;
import io.firn.segment.CompressionOptions;
import io.firn.segment.SampleRecords;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCompression;
import io.firn.segment.SegmentCursor;
import io.firn.segment.SegmentHeader;
import io.firn.segment.SegmentOptions;
import io.firn.segment.SegmentWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Scans of the same records, hot, cold with blocks of frames, and cold with columnar blocks; CPU time of the reading
 * thread. Opening is outside the clock, everything is in the page cache, every value is touched.
 *
 * <p>Arguments: rounds.
 */
public final class ColumnarComparison {
    private static final int BLOCK_BYTES = CompressionOptions.DEFAULT_BLOCK_SIZE_BYTES;
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
        FileStore store = LocalFileStore.open(IoMode.AUTO);
        SegmentAccess access = new SegmentAccess(
                new ZstdCodecs(BufferPool.withDefaultBound()),
                BlockCache.ofBytes(0),
                SegmentAccess.DEFAULT_READ_BUFFER_BYTES);
        Path directory = Files.createTempDirectory("firn-bench-columnar");
        try {
            Path hot = directory.resolve("hot.q");
            write(store, hot, records);
            Path frames = compress(store, access, hot, false);
            Path columns = compress(store, access, hot, true);
            long count = (long) records.size() * REPEATS;
            Map<String, Double> medians = new SideBySide(rounds, 0)
                    .run(
                            title + ", " + Files.size(frames) + " bytes of frames, " + Files.size(columns)
                                    + " of columns",
                            count,
                            List.of(
                                    new Scan("hot", store, access, hot, records.size()),
                                    new Scan("cold, frames", store, access, frames, records.size()),
                                    new Scan("cold, columns", store, access, columns, records.size())));
            double framesNs = 1e9 / Objects.requireNonNull(medians.get("cold, frames"));
            double columnsNs = 1e9 / Objects.requireNonNull(medians.get("cold, columns"));
            System.out.printf(
                    "RESULT %s: frames %.1f ns, columns %.1f ns a record, difference %.1f ns%n",
                    title, framesNs, columnsNs, columnsNs - framesNs);
        } finally {
            SideBySide.delete(directory);
            access.codecs().close();
        }
    }

    private static void write(FileStore store, Path file, List<StreamRecord> records) {
        SegmentHeader header = SegmentHeader.builder(new UUID(1, 2))
                .salt(77)
                .epoch(1)
                .lane("main")
                .partitionPath("dt=2001-01-01")
                .build();
        SegmentOptions options = new SegmentOptions(
                BenchSegment.SEGMENT_BYTES, 100, SpaceReserver.sameThread(BenchSegment.SEGMENT_BYTES * 4L));
        try (SegmentWriter writer = SegmentWriter.create(store, file, header, options)) {
            for (int i = 0; i < records.size(); i++) {
                writer.append(0, i, records.get(i));
            }
            writer.seal();
        }
    }

    private static Path compress(FileStore store, SegmentAccess access, Path hot, boolean columnar) {
        Path target = hot.resolveSibling(columnar ? "columns.q.zst" : "frames.q.zst");
        CompressionOptions options = new CompressionOptions(BLOCK_BYTES, CompressionOptions.DEFAULT_LEVEL, columnar);
        try (Segment segment = Segment.open(store, hot, access)) {
            new SegmentCompression(store, access).compress(segment, target, options);
        }
        return target;
    }

    /** Reads all records some times. */
    private record Scan(String name, FileStore store, SegmentAccess access, Path file, int records)
            implements Contender {
        @Override
        public long run(Path directory) {
            try (Segment segment = Segment.open(store, file, access)) {
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
                if (found != (long) records * REPEATS || bytes == 0) {
                    throw new IllegalStateException(name + " read " + found + " of " + records + " records");
                }
                return nanos;
            }
        }
    }
}
