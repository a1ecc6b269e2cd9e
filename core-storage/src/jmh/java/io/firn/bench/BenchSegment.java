package io.firn.bench;

import io.firn.cache.BlockCache;
import io.firn.compress.ZstdCodecs;
import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.SpaceReserver;
import io.firn.record.StreamRecord;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentHeader;
import io.firn.segment.SegmentOptions;
import io.firn.segment.SegmentWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/** A sealed segment of 64 MiB of flight records in JSON, in a directory of its own. */
final class BenchSegment implements AutoCloseable {
    static final int SEGMENT_BYTES = 64 << 20;
    private static final int INDEX_STRIDE = 100;
    private static final long FIRST_TIMESTAMP_MS = 978_307_200_000L;
    private static final int MAX_STEP_MS = 10_000;

    final FileStore store = LocalFileStore.open(IoMode.AUTO);
    final SegmentAccess access = new SegmentAccess(
            new ZstdCodecs(BufferPool.withDefaultBound()),
            BlockCache.ofBytes(0),
            SegmentAccess.DEFAULT_READ_BUFFER_BYTES);
    final Path directory;
    final Path hot;
    final long recordCount;

    private BenchSegment(Path directory) {
        this.directory = directory;
        this.hot = directory.resolve("main.00000000000000000000.e1.q");
        this.recordCount = write();
    }

    static BenchSegment create() throws IOException {
        return new BenchSegment(Files.createTempDirectory(Path.of("target"), "bench"));
    }

    private long write() {
        SegmentHeader header = SegmentHeader.builder(new UUID(1, 2))
                .salt(77)
                .epoch(1)
                .lane("main")
                .partitionPath("dt=2001-01-01")
                .build();
        SegmentOptions options =
                new SegmentOptions(SEGMENT_BYTES, INDEX_STRIDE, SpaceReserver.sameThread(SEGMENT_BYTES * 4L));
        SplittableRandom random = new SplittableRandom(1);
        long timestampMs = FIRST_TIMESTAMP_MS;
        long sequence = 0;
        try (SegmentWriter writer = SegmentWriter.create(store, hot, header, options)) {
            StreamRecord next = flight(random, timestampMs);
            while (writer.fits(0, next)) {
                writer.append(0, sequence++, next);
                timestampMs += random.nextInt(MAX_STEP_MS);
                next = flight(random, timestampMs);
            }
            writer.seal();
        }
        return sequence;
    }

    private static StreamRecord flight(SplittableRandom random, long timestampMs) {
        String origin = airport(random);
        String json = String.format(
                Locale.ROOT,
                "{\"date\":\"2001/01/%02d %02d:%02d\",\"delay\":%d,\"distance\":%d,\"origin\":\"%s\","
                        + "\"destination\":\"%s\"}",
                timestampMs / 86_400_000L % 28 + 1,
                timestampMs / 3_600_000L % 24,
                timestampMs / 60_000L % 60,
                (int) (random.nextDouble() * random.nextDouble() * 200) - 20,
                100 + random.nextInt(25) * random.nextInt(100),
                origin,
                airport(random));
        return StreamRecord.atMillis(timestampMs)
                .key(origin.getBytes(StandardCharsets.US_ASCII))
                .value(json.getBytes(StandardCharsets.US_ASCII))
                .build();
    }

    /** One of 200 airports, some much more often than others. */
    private static String airport(SplittableRandom random) {
        int number = (int) (random.nextDouble() * random.nextDouble() * random.nextDouble() * 200);
        return "" + (char) ('A' + number % 26) + (char) ('A' + number / 26) + (char) ('A' + number * 7 % 26);
    }

    @Override
    public void close() throws IOException {
        access.cache().close();
        access.codecs().close();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
