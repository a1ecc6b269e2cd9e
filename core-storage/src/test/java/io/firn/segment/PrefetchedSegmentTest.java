package io.firn.segment;

import static io.firn.segment.SegmentFixture.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cache.CacheHierarchy;
import io.firn.cache.CacheOptions;
import io.firn.cache.PrefetchStats;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.InMemoryFileStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Random reads of cold segments that announce the next ones. */
class PrefetchedSegmentTest {
    private static final int RECORDS = 3000;

    private final SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.single(), entries());

    PrefetchedSegmentTest() {
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
    }

    @AfterEach
    void everyBufferIsGivenBack() {
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    private static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            entries.add(plain(i, 100));
        }
        return entries;
    }

    private CacheHierarchy cache(String prefetchMaxBytes) {
        CacheOptions options = CacheOptions.fromProperties(Map.of("prefetch.max.bytes", prefetchMaxBytes));
        return CacheHierarchy.open(new InMemoryFileStore(), options, fixture.pool);
    }

    private ColdSegment open(CacheHierarchy cache) {
        return ColdFixture.open(fixture, fixture.access.withCache(cache));
    }

    /** Reads the first record of every n-th block, with a cursor of its own each. */
    private static void jump(ColdSegment segment, int step) {
        List<ColdBlock> blocks = segment.index().blocks();
        for (int i = 0; i < blocks.size(); i += step) {
            try (SegmentCursor cursor = segment.cursor(blocks.get(i).rawOffset(), segment.dataEnd())) {
                assertThat(cursor.next()).isTrue();
                Entry found = Entry.of(cursor);
                assertThat(found).isEqualTo(plain(found.sequence(), 100));
            }
        }
    }

    @Test
    void jumpsOfOneSizeAreLoadedBeforeTheyAreAskedFor() {
        for (int step : new int[] {1, 2, 3}) {
            try (CacheHierarchy cache = cache("1MiB");
                    ColdSegment segment = open(cache)) {
                jump(segment, step);
                PrefetchStats stats = cache.prefetchStats();
                int asked = (segment.index().blocks().size() + step - 1) / step;
                assertThat(stats.used() + stats.misses()).isEqualTo(asked);
                assertThat(stats.misses()).isLessThanOrEqualTo(step == 1 ? 2 : 10);
            }
        }
    }

    @Test
    void aScanIsLeftToReadAhead() {
        try (CacheHierarchy cache = cache("1MiB");
                ColdSegment segment = open(cache)) {
            assertThat(SegmentFixture.all(segment, segment.dataEnd())).isEqualTo(entries());
            assertThat(cache.prefetchStats().issued()).isZero();
        }
    }

    @Test
    void switchedOffNothingIsLoadedAhead() {
        try (CacheHierarchy cache = cache("0");
                ColdSegment segment = open(cache)) {
            jump(segment, 1);
            assertThat(cache.prefetchStats()).isEqualTo(PrefetchStats.NONE);
            assertThat(segment.blocksDecompressed())
                    .isEqualTo(segment.index().blocks().size());
        }
    }

    @Test
    void closingTheSegmentEndsItsGuesses() {
        for (int round = 0; round < 50; round++) {
            try (CacheHierarchy cache = cache("1MiB")) {
                try (ColdSegment segment = open(cache)) {
                    jump(segment, 1 + round % 4);
                }
            }
        }
    }
}
