package io.firn.segment;

import io.firn.cache.BlockCache;
import io.firn.compress.ZstdCodecs;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.InMemoryFileStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Makes cold files of the sealed hot file of a {@link SegmentFixture}. */
final class ColdFixture {
    static final Path COLD = Path.of("/00000000000000000001-0badcafe.q.zst");
    static final Path RESTORED = Path.of("/restored.q");
    static final CompressionOptions SMALL_BLOCKS = new CompressionOptions(4 << 10, 3);

    private static final int LARGE_ARENA_BYTES = 32 << 20;

    private ColdFixture() {}

    /** Writes entries to a sealed hot file. */
    static SegmentFixture sealed(SegmentHeader header, List<Entry> entries) {
        return sealed(new SegmentFixture(), header, entries);
    }

    private static SegmentFixture sealed(SegmentFixture fixture, SegmentHeader header, List<Entry> entries) {
        try (SegmentWriter writer = fixture.writer(header)) {
            entries.forEach(entry -> SegmentFixture.append(writer, entry));
            writer.seal();
        }
        return fixture;
    }

    /** The same with room for records of a few mebibytes. */
    static SegmentFixture sealedLarge(SegmentHeader header, List<Entry> entries) {
        InMemoryFileStore store = new InMemoryFileStore(LARGE_ARENA_BYTES, InstantSource.system());
        return sealed(new SegmentFixture(store), header, entries);
    }

    /** Compresses the fixture's file, verified. */
    static long compress(SegmentFixture fixture, CompressionOptions options) {
        try (Segment hot = fixture.open()) {
            return new SegmentCompression(fixture.store, fixture.access).compress(hot, COLD, options);
        }
    }

    static ColdSegment open(SegmentFixture fixture, SegmentAccess access) {
        return (ColdSegment) Segment.open(fixture.store, COLD, access);
    }

    static ColdSegment open(SegmentFixture fixture) {
        return open(fixture, fixture.access);
    }

    static SegmentAccess cached(SegmentFixture fixture, BlockCache cache) {
        return new SegmentAccess(new ZstdCodecs(fixture.pool), cache, SegmentAccess.MIN_READ_BUFFER_BYTES);
    }
}
