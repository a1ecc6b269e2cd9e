package io.firn.segment;

import static io.firn.segment.SegmentFixture.all;
import static io.firn.segment.SegmentFixture.plain;
import static io.firn.segment.SegmentFixture.rest;
import static io.firn.testing.Patience.await;
import static io.firn.testing.Patience.awaited;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.cache.BlockCache;
import io.firn.cache.CacheHierarchy;
import io.firn.compress.SeekableZstdReader;
import io.firn.compress.ZstdCodecs;
import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.task.SpareThreads;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of compressed files that are loaded ahead of their readers, one at a time and in runs. */
@ParameterizedClass
@ValueSource(longs = {0, ReadAheadTest.RUN_BYTES})
class ReadAheadTest {
    /** Three blocks of {@link ColdFixture#SMALL_BLOCKS} and a bit. */
    static final long RUN_BYTES = 13 << 10;

    private static final int RECORDS = 2_000;
    private static final long PLENTY = 1L << 30;

    private final BlockCache noCache = BlockCache.ofBytes(0);
    private final ThreadPoolExecutor threads = SpareThreads.newExecutor(2, 100);
    private final SegmentFixture fixture = ColdFixture.sealed(SegmentFixture.single(), entries());

    private final long runBytes;

    ReadAheadTest(long runBytes) {
        this.runBytes = runBytes;
        ColdFixture.compress(fixture, ColdFixture.SMALL_BLOCKS);
    }

    @AfterEach
    void nothingIsLeftBehind() {
        threads.shutdownNow();
        noCache.close();
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void recordsAndTheirOrderAreTheSame() {
        ReadAhead ahead = new ReadAhead(threads, ReadAhead.MAX_RUNS, runBytes, PLENTY);
        try (ColdSegment segment = open(ahead)) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(entries());
            assertThat(segment.blocksDecompressed()).isEqualTo(blocks(segment));
        }
        assertThat(ahead.heldBytes()).isZero();
    }

    @Test
    void aReaderDoesWhatNobodyHasBegun() {
        Deque<Runnable> never = new ArrayDeque<>();
        ReadAhead ahead = new ReadAhead(never::add, ReadAhead.MAX_RUNS, runBytes, PLENTY);
        try (ColdSegment segment = open(ahead)) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(entries());
            assertThat(never).hasSizeGreaterThan(runBytes == 0 ? 20 : 10);
            never.forEach(Runnable::run);
            assertThat(segment.blocksDecompressed()).isEqualTo(blocks(segment));
        }
        assertThat(ahead.heldBytes()).isZero();
    }

    @Test
    void aReaderThatWaitsForABlockLoadsTheNextOneMeanwhile() throws Exception {
        CountDownLatch slowBegan = new CountDownLatch(1);
        CountDownLatch nextRead = new CountDownLatch(1);
        Thread[] slow = new Thread[1];
        FileStore store = new ForwardingFileStore(fixture.store) {
            @Override
            protected void before(StoreCall call) {
                if (Thread.currentThread() == slow[0]) {
                    slowBegan.countDown();
                    assertThat(awaited(nextRead)).isTrue();
                } else if (slowBegan.getCount() == 0) {
                    nextRead.countDown();
                }
            }
        };
        List<Runnable> begun = new ArrayList<>();
        SegmentAccess access = new SegmentAccess(
                new ZstdCodecs(fixture.pool),
                CacheHierarchy.of(noCache),
                SegmentAccess.MIN_READ_BUFFER_BYTES,
                new ReadAhead(begun::add, 4, 0, PLENTY));
        try (Segment segment = Segment.open(store, ColdFixture.COLD, access);
                SegmentCursor cursor = segment.cursor()) {
            while (begun.size() < 3) { // the third block was read: two are ahead
                assertThat(cursor.next()).isTrue();
            }
            slow[0] = new Thread(begun.get(begun.size() - 2));
            slow[0].start();
            assertThat(awaited(slowBegan)).isTrue();
            while (cursor.next()) {
                assertThat(cursor.record().valueLength()).isEqualTo(100);
            }
            slow[0].join();
            assertThat(nextRead.getCount()).isZero();
        }
    }

    @Test
    void aReaderDoesWhatThePoolRefuses() {
        ReadAhead ahead = new ReadAhead(
                task -> {
                    throw new RejectedExecutionException("full");
                },
                ReadAhead.MAX_RUNS,
                runBytes,
                PLENTY);
        try (ColdSegment segment = open(ahead)) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(entries());
        }
        assertThat(ahead.heldBytes()).isZero();
    }

    @Test
    void theNumberOfBlocksAheadDoublesUpToItsBound() {
        List<Runnable> begun = new ArrayList<>();
        try (ColdSegment segment = open(new ReadAhead(begun::add, 4, 0, PLENTY));
                SegmentCursor cursor = segment.cursor()) {
            List<Integer> ahead = new ArrayList<>();
            for (int block = 0; block < 6; block++) {
                readTo(cursor, segment.index().blocks().get(block));
                ahead.add(begun.size() - Math.max(0, block - 1));
            }
            assertThat(ahead).containsExactly(0, 1, 2, 4, 4, 4);
        }
    }

    @Test
    void runsGrowWithEachStepUpToTheirBound() {
        List<Runnable> begun = new ArrayList<>();
        ReadAhead ahead = new ReadAhead(begun::add, 4, RUN_BYTES, PLENTY);
        try (ColdSegment segment = open(ahead);
                SegmentCursor cursor = segment.cursor()) {
            List<Integer> runs = new ArrayList<>();
            for (int block = 0; block < 10; block++) {
                readTo(cursor, segment.index().blocks().get(block));
                runs.add(begun.size());
            }
            // 2 | 3 4, 5 6 | 7 8 9, 10 11 12, 13 14 15 | 16 17 18 | 19 20 21
            assertThat(runs).containsExactly(0, 1, 3, 6, 6, 7, 7, 8, 8, 8);
        }
        assertThat(ahead.heldBytes()).isZero();
    }

    @Test
    void oneRandomReadLoadsNothingElse() {
        List<Runnable> begun = new ArrayList<>();
        try (ColdSegment segment = open(new ReadAhead(begun::add, 4, 0, PLENTY));
                SegmentCursor cursor = segment.cursor()) {
            SplittableRandom random = new SplittableRandom(5);
            for (int i = 0; i < 50; i++) {
                int sequence = random.nextInt(RECORDS / 40) * 40;
                cursor.seekSequence(sequence);
                assertThat(cursor.next()).isTrue();
                assertThat(Entry.of(cursor)).isEqualTo(plain(sequence, 100));
            }
        }
        assertThat(begun).hasSizeLessThan(10); // only where chance has led to the next block
    }

    @Test
    void nothingIsLoadedBeyondTheLimit() {
        List<Runnable> begun = new ArrayList<>();
        try (ColdSegment segment = open(new ReadAhead(begun::add, 4, 0, PLENTY));
                SegmentCursor cursor =
                        segment.cursor(0, segment.index().blocks().get(3).rawOffset())) {
            while (cursor.next()) {
                assertThat(cursor.offset())
                        .isLessThan(segment.index().blocks().get(3).rawOffset());
            }
            assertThat(begun).hasSize(1); // block 2, when block 1 was read
        }
    }

    @Test
    void noRunReachesBeyondTheLimit() {
        ReadAhead ahead = new ReadAhead(Runnable::run, 4, RUN_BYTES, PLENTY);
        try (ColdSegment segment = open(ahead)) {
            long limit = segment.index().blocks().get(8).rawOffset();
            assertThat(all(segment, limit)).isEqualTo(entries().subList(0, recordsBelow(segment, 8)));
            assertThat(segment.blocksDecompressed()).isEqualTo(8);
        }
    }

    @Test
    void whatIsBegunFollowsTheRunThatIsTaken() {
        ReadAhead ahead = new ReadAhead(Runnable::run, 4, RUN_BYTES, 4 * RUN_BYTES);
        try (ColdSegment segment = open(ahead);
                SegmentCursor cursor = segment.cursor()) {
            AheadRun ofAnother = requireNonNull(ahead.begin(0, 1, 3 * RUN_BYTES, segment::aheadBlock));
            readTo(cursor, segment.index().blocks().get(2)); // 3 and 4 are ahead, there was no room for more
            ofAnother.abandon();
            rest(cursor);
            assertThat(segment.blocksDecompressed()).isEqualTo(1 + blocks(segment));
        }
    }

    @Test
    void closingInTheMiddleGivesEverythingBack() {
        ReadAhead ahead = new ReadAhead(threads, ReadAhead.MAX_RUNS, runBytes, PLENTY);
        for (int records = 1; records < RECORDS; records += 61) {
            try (ColdSegment segment = open(ahead);
                    SegmentCursor cursor = segment.cursor()) {
                for (int i = 0; i < records; i++) {
                    assertThat(cursor.next()).isTrue();
                }
                cursor.close();
                assertThat(ahead.heldBytes()).isZero();
                assertThat(fixture.pool.outstandingCount()).isZero();
            }
        }
    }

    @Test
    void aJumpGivesUpWhatWasAhead() {
        ReadAhead ahead = new ReadAhead(threads, ReadAhead.MAX_RUNS, runBytes, PLENTY);
        try (ColdSegment segment = open(ahead);
                SegmentCursor cursor = segment.cursor()) {
            readTo(cursor, segment.index().blocks().get(5));
            cursor.seekSequence(RECORDS - 1);
            assertThat(cursor.next()).isTrue();
            assertThat(ahead.heldBytes()).isZero();
            cursor.seekSequence(0);
            assertThat(rest(cursor)).isEqualTo(entries());
        }
    }

    @Test
    void aDamagedBlockIsReportedWhereItsRecordsBelong() {
        int damaged = 20;
        long fileOffset = damage(damaged);
        ReadAhead ahead = new ReadAhead(threads, ReadAhead.MAX_RUNS, runBytes, PLENTY);
        try (ColdSegment segment = open(ahead);
                SegmentCursor cursor = segment.cursor()) {
            int before = recordsBelow(segment, damaged);
            for (int i = 0; i < before; i++) {
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.record().sequence()).isEqualTo(i);
            }
            for (int again = 0; again < 2; again++) {
                assertThatThrownBy(cursor::next)
                        .isInstanceOf(CorruptDataException.class)
                        .hasMessageContaining(ColdFixture.COLD.toString())
                        .hasMessageContaining(Long.toString(fileOffset));
            }
        }
        assertThat(ahead.heldBytes()).isZero();
    }

    @Test
    void aDamagedBlockThatNobodyReachesIsNobodysError() {
        damage(20);
        ReadAhead ahead = new ReadAhead(Runnable::run, ReadAhead.MAX_RUNS, runBytes, PLENTY);
        try (ColdSegment segment = open(ahead);
                SegmentCursor cursor = segment.cursor()) {
            readTo(cursor, segment.index().blocks().get(19));
        }
        assertThat(ahead.heldBytes()).isZero();
    }

    @Test
    void anInterruptedReaderGoesOnAndStaysInterrupted() throws Exception {
        ReadAhead ahead = new ReadAhead(threads, ReadAhead.MAX_RUNS, runBytes, PLENTY);
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try (ColdSegment segment = open(ahead)) {
            Future<Boolean> result = reader.submit(() -> {
                Thread.currentThread().interrupt();
                assertThat(all(segment, segment.dataEnd())).isEqualTo(entries());
                return Thread.interrupted();
            });
            assertThat(result.get()).isTrue();
        } finally {
            reader.shutdown();
        }
    }

    @Test
    void manyScansTogetherStayWithinTheBoundOfBytes() throws Exception {
        long bound = 10 * Math.max(4 << 10, runBytes);
        AtomicLong highest = new AtomicLong();
        AtomicInteger begun = new AtomicInteger();
        ReadAhead[] self = new ReadAhead[1];
        ReadAhead ahead = new ReadAhead(
                task -> {
                    begun.incrementAndGet();
                    highest.accumulateAndGet(self[0].heldBytes(), Math::max);
                    threads.execute(task);
                },
                ReadAhead.MAX_RUNS,
                runBytes,
                bound);
        self[0] = ahead;
        ExecutorService readers = Executors.newFixedThreadPool(16);
        try (ColdSegment segment = open(ahead)) {
            List<Callable<List<Entry>>> scans = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                scans.add(() -> all(segment, segment.dataEnd()));
            }
            for (Future<List<Entry>> scan : readers.invokeAll(scans)) {
                assertThat(scan.get()).isEqualTo(entries());
            }
        } finally {
            readers.shutdown();
        }
        assertThat(begun).hasValueGreaterThan(100);
        assertThat(highest.get()).isPositive().isLessThanOrEqualTo(bound);
        assertThat(ahead.heldBytes()).isZero();
        assertThat(threads.getLargestPoolSize()).isLessThanOrEqualTo(2);
    }

    @Test
    void threadsBeginWithWorkAndEndWithoutIt() {
        ReadAhead ahead = new ReadAhead(threads, ReadAhead.MAX_RUNS, runBytes, PLENTY);
        assertThat(threads.getPoolSize()).isZero();
        try (ColdSegment segment = open(ahead)) {
            assertThat(all(segment, segment.dataEnd())).hasSize(RECORDS);
        }
        assertThat(threads.getLargestPoolSize()).isBetween(1, 2);
        await().untilAsserted(() -> assertThat(threads.getPoolSize()).isZero());
    }

    @Test
    void aScanTakesFromTheCacheAndPutsNothingThere() {
        try (BlockCache cache = BlockCache.ofBytes(1 << 20);
                ColdSegment segment = open(new ReadAhead(threads, ReadAhead.MAX_RUNS, runBytes, PLENTY), cache)) {
            for (int sequence : List.of(0, RECORDS / 2, RECORDS - 1)) {
                try (SegmentCursor cursor = segment.cursor()) {
                    cursor.seekSequence(sequence);
                    assertThat(cursor.next()).isTrue();
                }
            }
            long cached = cache.stats().bytes();
            assertThat(segment.blocksDecompressed()).isEqualTo(3);
            assertThat(all(segment, segment.dataEnd())).isEqualTo(entries());
            assertThat(segment.blocksDecompressed()).isEqualTo(blocks(segment));
            assertThat(cache.stats().bytes()).isEqualTo(cached);
            assertThat(cache.stats().misses()).isEqualTo(3);
        }
    }

    @Test
    void zeroBytesAreOff() {
        assertThat(ReadAhead.background(0).isOff()).isTrue();
        assertThat(ReadAhead.off().isOff()).isTrue();
        List<Runnable> begun = new ArrayList<>();
        try (ColdSegment segment = open(new ReadAhead(begun::add, 0, 0, PLENTY))) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(entries());
        }
        assertThat(begun).isEmpty();
        assertThatThrownBy(() -> new ReadAhead(Runnable::run, 1, 0, -1)).hasMessageContaining("-1 bytes");
    }

    private ColdSegment open(ReadAhead ahead) {
        return open(ahead, noCache);
    }

    private ColdSegment open(ReadAhead ahead, BlockCache cache) {
        SegmentAccess access = new SegmentAccess(
                new ZstdCodecs(fixture.pool), CacheHierarchy.of(cache), SegmentAccess.MIN_READ_BUFFER_BYTES, ahead);
        return ColdFixture.open(fixture, access);
    }

    private static int blocks(ColdSegment segment) {
        int blocks = segment.index().blocks().size();
        assertThat(blocks).isGreaterThan(30);
        return blocks;
    }

    private static int recordsBelow(ColdSegment segment, int block) {
        return segment.index().blocks().subList(0, block).stream()
                .mapToInt(ColdBlock::recordCount)
                .sum();
    }

    private static void readTo(SegmentCursor cursor, ColdBlock block) {
        do {
            assertThat(cursor.next()).isTrue();
        } while (cursor.offset() < block.rawOffset());
    }

    /** Flips a bit of a block; returns the offset of the block in the file. */
    private long damage(int block) {
        try (StoreFile file = fixture.store.openWrite(ColdFixture.COLD)) {
            long offset = SeekableZstdReader.open(file, file.sizeBytes(), fixture.access.codecs())
                    .fileOffset(block);
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, offset + 30);
            one.put(0, (byte) (one.get(0) ^ 4));
            file.write(one.flip(), offset + 30);
            return offset;
        }
    }

    private static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            entries.add(plain(i, 100));
        }
        return entries;
    }
}
