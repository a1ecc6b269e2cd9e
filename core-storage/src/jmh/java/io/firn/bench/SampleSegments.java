package io.firn.bench;

import io.firn.cache.BlockCache;
import io.firn.compress.ZstdCodecs;
import io.firn.fs.BufferPool;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.SpaceReserver;
import io.firn.record.StreamRecord;
import io.firn.segment.CompressionOptions;
import io.firn.segment.ReadAhead;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCompression;
import io.firn.segment.SegmentHeader;
import io.firn.segment.SegmentOptions;
import io.firn.segment.SegmentWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The same records three times in a directory: hot, cold in blocks of frames, and cold in columnar blocks. */
final class SampleSegments implements AutoCloseable {
    private static final int BLOCK_BYTES = CompressionOptions.DEFAULT_BLOCK_SIZE_BYTES;

    final int records;
    final Path hot;
    final Path frames;
    final Path columns;
    private final FileStore store = LocalFileStore.open(IoMode.AUTO);
    private final SegmentAccess access = new SegmentAccess(
            new ZstdCodecs(BufferPool.withDefaultBound()),
            BlockCache.ofBytes(0),
            SegmentAccess.DEFAULT_READ_BUFFER_BYTES);
    private final Path directory;

    private SampleSegments(Path directory, List<StreamRecord> records) {
        this.directory = directory;
        this.records = records.size();
        this.hot = directory.resolve("hot.q");
        write(records);
        this.frames = compress("frames.q.zst", false);
        this.columns = compress("columns.q.zst", true);
    }

    static SampleSegments of(List<StreamRecord> records) throws IOException {
        return new SampleSegments(Files.createTempDirectory("firn-bench-cold"), records);
    }

    /** Opens one of the files; whatever is decompressed ahead is so within the default bound. */
    Segment open(Path file, boolean readAhead) {
        ReadAhead ahead = readAhead ? ReadAhead.background(ReadAhead.defaultMaxBytes()) : ReadAhead.off();
        return Segment.open(store, file, access.withReadAhead(ahead));
    }

    private void write(List<StreamRecord> records) {
        SegmentHeader header = SegmentHeader.builder(new UUID(1, 2))
                .salt(77)
                .epoch(1)
                .lane("main")
                .partitionPath("dt=2001-01-01")
                .build();
        SegmentOptions options = new SegmentOptions(
                BenchSegment.SEGMENT_BYTES, 100, SpaceReserver.sameThread(BenchSegment.SEGMENT_BYTES * 4L));
        try (SegmentWriter writer = SegmentWriter.create(store, hot, header, options)) {
            for (int i = 0; i < records.size(); i++) {
                writer.append(0, i, records.get(i));
            }
            writer.seal();
        }
    }

    private Path compress(String name, boolean columnar) {
        Path target = directory.resolve(name);
        CompressionOptions options = new CompressionOptions(BLOCK_BYTES, CompressionOptions.DEFAULT_LEVEL, columnar);
        try (Segment segment = Segment.open(store, hot, access)) {
            new SegmentCompression(store, access).compress(segment, target, options);
        }
        return target;
    }

    @Override
    public void close() throws IOException {
        access.codecs().close();
        SideBySide.delete(directory);
    }
}
