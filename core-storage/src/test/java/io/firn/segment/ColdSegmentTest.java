package io.firn.segment;

import static io.firn.segment.SegmentFixture.all;
import static io.firn.segment.SegmentFixture.plain;
import static io.firn.segment.SegmentFixture.randomLane;
import static io.firn.segment.SegmentFixture.rest;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cache.BlockCache;
import io.firn.segment.SegmentFixture.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ColdSegmentTest extends SegmentContract {
    private static final CompressionOptions LARGE_BLOCKS = new CompressionOptions(64 << 10, 3);
    /** Objects of a block: its buffers, its columns and views of them, on JDK 25 also those of copies between buffers. */
    private static final long BYTES_PER_BLOCK = 6_000;

    @Override
    Segment open(SegmentFixture fixture) {
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        return ColdFixture.open(fixture);
    }

    @Override
    Segment openLargeBlocks(SegmentFixture fixture) {
        ColdFixture.compress(fixture, LARGE_BLOCKS);
        return ColdFixture.open(fixture);
    }

    @Override
    long allocatedByAWalk() {
        return super.allocatedByAWalk() + (4_000 * 88 / LARGE_BLOCKS.blockSizeBytes() + 1) * BYTES_PER_BLOCK;
    }

    @Test
    void aScanDecompressesEachBlockOnce() {
        try (ColdSegment segment = cold(entries(2_000))) {
            int blocks = segment.index().blocks().size();
            assertThat(blocks).isGreaterThan(20);
            assertThat(all(segment, segment.dataEnd())).hasSize(2_000);
            assertThat(segment.blocksDecompressed()).isEqualTo(blocks);
        }
    }

    @Test
    void aScanLeavesTheCacheToRandomReads() {
        SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.single(), entries(2_000));
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        try (BlockCache cache = BlockCache.ofBytes(1 << 20);
                ColdSegment segment = ColdFixture.open(fixture, ColdFixture.cached(fixture, cache))) {
            assertThat(all(segment, segment.dataEnd())).hasSize(2_000);
            assertThat(cache.stats().misses()).isLessThanOrEqualTo(1);
        }
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void aRandomReadDecompressesOneBlockAndTheCacheServesTheNext() {
        SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.single(), entries(2_000));
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        try (BlockCache cache = BlockCache.ofBytes(1 << 20);
                ColdSegment segment = ColdFixture.open(fixture, ColdFixture.cached(fixture, cache))) {
            for (int round = 0; round < 3; round++) {
                try (SegmentCursor cursor = segment.cursor()) {
                    cursor.seekSequence(1_234);
                    assertThat(cursor.next()).isTrue();
                    assertThat(Entry.of(cursor)).isEqualTo(plain(1_234, 100));
                    assertThat(segment.blocksDecompressed()).isEqualTo(1);
                }
            }
            ByteBuffer bytes = ByteBuffer.allocate(64);
            segment.readAt(segment.index().blocks().get(7).rawOffset() + 100, bytes);
            segment.readAt(segment.index().blocks().get(7).rawOffset() + 500, bytes.clear());
            assertThat(segment.blocksDecompressed()).isEqualTo(2);
        }
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void seeksByTimestampDecompressOneBlock() {
        try (ColdSegment segment = cold(entries(2_000))) {
            for (int i = 0; i < 20; i++) {
                long before = segment.blocksDecompressed();
                try (SegmentCursor cursor = segment.cursor()) {
                    cursor.seekTimestamp(i * 97L);
                    assertThat(cursor.next()).isTrue();
                    assertThat(cursor.record().timestampNs()).isEqualTo(i * 97L);
                }
                assertThat(segment.blocksDecompressed()).isEqualTo(before + 1);
            }
        }
    }

    @Test
    void everyByteOfTheHotFormIsAnsweredAtEveryOffset() {
        List<Entry> entries = randomLane(new Random(4), "main", 120, 300);
        SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.mixed(), entries);
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        byte[] hot = fixture.bytes();
        SplittableRandom random = new SplittableRandom(8);
        try (ColdSegment segment = ColdFixture.open(fixture)) {
            assertThat(segment.sizeBytes()).isEqualTo(hot.length);
            for (int from = 0; from <= hot.length; from++) {
                ByteBuffer target = ByteBuffer.allocateDirect(1 + random.nextInt(30));
                int expected = Math.min(target.capacity(), hot.length - from);
                assertThat(segment.readAt(from, target)).isEqualTo(expected);
                byte[] found = new byte[expected];
                target.get(0, found);
                assertThat(found).isEqualTo(Arrays.copyOfRange(hot, from, from + expected));
            }
            ByteBuffer whole = ByteBuffer.allocate(hot.length + 10);
            assertThat(segment.readAt(0, whole)).isEqualTo(hot.length);
            assertThat(Arrays.copyOf(whole.array(), hot.length)).isEqualTo(hot);
        }
    }

    @Test
    void aTailOfAColdSegmentEnds() {
        List<Entry> entries = entries(100);
        try (ColdSegment segment = cold(entries);
                SegmentCursor tail = segment.tail(0, segment.dataStart())) {
            assertThat(rest(tail)).isEqualTo(entries);
            assertThat(tail.ended()).isTrue();
            assertThat(tail.next()).isFalse();
        }
    }

    @Test
    void theBlockDirectoryDescribesItsBlocks() {
        List<Entry> entries = randomLane(new Random(12), "main", 500, 200);
        try (ColdSegment segment = cold(SegmentFixture.mixed(), entries);
                SegmentCursor cursor = segment.cursor()) {
            int at = 0;
            long end = segment.dataStart();
            for (ColdBlock block : segment.index().blocks()) {
                assertThat(block.rawOffset()).isEqualTo(end);
                assertThat(block.rawBytes()).isLessThanOrEqualTo(4 << 10);
                end = block.rawEnd();
                List<Entry> of = entries.subList(at, at + block.recordCount());
                at += block.recordCount();
                assertThat(block.firstSequence()).isEqualTo(of.get(0).sequence());
                assertThat(block.timestamps().first())
                        .isEqualTo(
                                of.stream().mapToLong(Entry::timestampNs).min().orElseThrow());
                assertThat(block.timestamps().last())
                        .isEqualTo(
                                of.stream().mapToLong(Entry::timestampNs).max().orElseThrow());
                for (int i = 0; i < of.size(); i++) {
                    assertThat(cursor.next()).isTrue();
                    assertThat(block.contexts().get(cursor.context().ref())).isTrue();
                    assertThat(cursor.offset()).isBetween(block.rawOffset(), block.rawEnd() - 1);
                }
            }
            assertThat(at).isEqualTo(500);
            assertThat(end).isEqualTo(segment.dataEnd());
        }
    }

    @Test
    void aSegmentWithoutRecordsIsFoundByItsIndexFrame() {
        try (ColdSegment segment = cold(List.of())) {
            assertThat(segment.index().blocks()).isEmpty();
            assertThat(segment.summary().orElseThrow().recordCount()).isZero();
        }
    }

    private static ColdSegment cold(List<Entry> entries) {
        return cold(SegmentFixture.single(), entries);
    }

    private static ColdSegment cold(SegmentHeader header, List<Entry> entries) {
        SegmentFixture fixture = ColdFixture.sealed(header, entries);
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
        return ColdFixture.open(fixture);
    }

    private static List<Entry> entries(int count) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(plain(i, 100));
        }
        return entries;
    }
}
