package io.firn.segment;

import static io.firn.segment.SegmentFixture.all;
import static io.firn.segment.SegmentFixture.append;
import static io.firn.segment.SegmentFixture.plain;
import static io.firn.segment.SegmentFixture.randomLane;
import static io.firn.segment.SegmentFixture.rest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.CorruptDataException;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.AllocationCounter;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every form of a sealed segment answers. */
abstract class SegmentContract {
    private final List<SegmentFixture> fixtures = new ArrayList<>();

    /** Turns the sealed hot file of the fixture into the form under test and opens it. */
    abstract Segment open(SegmentFixture fixture);

    @AfterEach
    void everyBufferIsGivenBack() {
        fixtures.forEach(fixture -> assertThat(fixture.pool.outstandingCount()).isZero());
    }

    private SegmentFixture fixture(SegmentHeader header, Consumer<SegmentWriter> content) {
        return fill(new SegmentFixture(), header, content);
    }

    private SegmentFixture fill(SegmentFixture fixture, SegmentHeader header, Consumer<SegmentWriter> content) {
        fixtures.add(fixture);
        try (SegmentWriter writer = fixture.writer(header)) {
            content.accept(writer);
            writer.seal();
        }
        return fixture;
    }

    private Segment segment(SegmentHeader header, List<Entry> entries) {
        return open(fixture(header, writer -> entries.forEach(entry -> append(writer, entry))));
    }

    @Test
    void randomRecordsOfManyContextsComeBack() {
        Randomized.forAll(30, random -> {
            List<Entry> entries = randomLane(random, "main", random.nextInt(300), 200);
            try (Segment segment = segment(SegmentFixture.mixed(), entries)) {
                assertThat(all(segment, segment.dataEnd())).isEqualTo(entries);
                assertThat(segment.summary().orElseThrow().recordCount()).isEqualTo(entries.size());
            }
        });
    }

    @Test
    void aSegmentWithoutRecordsIsEmpty() {
        try (Segment segment = segment(SegmentFixture.single(), List.of());
                SegmentCursor cursor = segment.cursor()) {
            assertThat(cursor.next()).isFalse();
            assertThat(cursor.nextOffset()).isEqualTo(segment.dataEnd());
            assertThat(segment.summary().orElseThrow().sequences().isEmpty()).isTrue();
            cursor.seekTimestamp(0);
            assertThat(cursor.next()).isFalse();
            cursor.seekSequence(0);
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void theSummaryHoldsCountsAndRangesOfEveryContext() {
        List<Entry> entries = randomLane(new Random(7), "main", 200, 50);
        try (Segment segment = segment(SegmentFixture.mixed(), entries)) {
            SegmentSummary summary = segment.summary().orElseThrow();
            assertThat(summary.sequences())
                    .isEqualTo(new Range(
                            entries.get(0).sequence(), entries.get(199).sequence()));
            for (ContextSummary context : summary.contexts()) {
                List<Entry> of = entries.stream()
                        .filter(e -> e.partition().equals(context.context().partitionPath())
                                && context.context().covers(e.sequence())
                                && context.sequences().contains(e.sequence()))
                        .toList();
                assertThat(context.recordCount()).isEqualTo(of.size());
                assertThat(context.timestamps().first())
                        .isEqualTo(
                                of.stream().mapToLong(Entry::timestampNs).min().orElseThrow());
                assertThat(context.timestamps().last())
                        .isEqualTo(
                                of.stream().mapToLong(Entry::timestampNs).max().orElseThrow());
            }
        }
    }

    @Test
    void aLimitAtTheEndOfEachRecordGivesTheRecordsBelowIt() {
        List<Entry> entries = randomLane(new Random(3), "main", 60, 100);
        try (Segment segment = segment(SegmentFixture.mixed(), entries)) {
            List<Long> ends = new ArrayList<>();
            try (SegmentCursor cursor = segment.cursor()) {
                while (cursor.next()) {
                    ends.add(cursor.nextOffset());
                }
            }
            for (int i = 0; i < ends.size(); i++) {
                assertThat(all(segment, ends.get(i))).isEqualTo(entries.subList(0, i + 1));
            }
        }
    }

    @Test
    void aLimitWithinAFrameOrBeyondTheDataIsCorruption() {
        try (Segment segment = segment(SegmentFixture.single(), List.of(plain(1, 50), plain(2, 50)))) {
            for (long limit : new long[] {segment.dataEnd() - 1, segment.dataEnd() - 79, segment.dataEnd() + 8}) {
                assertThatThrownBy(() -> all(segment, limit))
                        .isInstanceOf(CorruptDataException.class)
                        .hasMessageContaining(segment.path() + " at offset");
            }
        }
    }

    @Test
    void aLimitThatIsExtendedShowsMore() {
        List<Entry> entries = randomLane(new Random(5), "main", 50, 100);
        try (Segment segment = segment(SegmentFixture.mixed(), entries)) {
            List<Entry> seen = new ArrayList<>();
            try (SegmentCursor ends = segment.cursor();
                    SegmentCursor cursor = segment.cursor(0, segment.dataStart())) {
                assertThat(cursor.next()).isFalse();
                while (ends.next()) {
                    cursor.extendTo(ends.nextOffset());
                    seen.addAll(rest(cursor));
                    assertThat(cursor.next()).isFalse();
                }
                assertThatThrownBy(() -> cursor.extendTo(0)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(seen).isEqualTo(entries);
        }
    }

    @Test
    void aCursorStartsAtTheOffsetOfAnyRecord() {
        List<Entry> entries = randomLane(new Random(9), "main", 60, 100);
        try (Segment segment = segment(SegmentFixture.mixed(), entries);
                SegmentCursor cursor = segment.cursor()) {
            for (int i = 0; cursor.next(); i++) {
                try (SegmentCursor from = segment.cursor(cursor.offset(), segment.dataEnd())) {
                    assertThat(rest(from)).isEqualTo(entries.subList(i, entries.size()));
                }
            }
        }
    }

    @Test
    void aSeekFindsTheFirstRecordAtOrAboveATimestamp() {
        Randomized.forAll(10, random -> {
            List<Entry> entries = randomLane(random, "main", 100, 50);
            try (Segment segment = segment(SegmentFixture.mixed(), entries);
                    SegmentCursor cursor = segment.cursor()) {
                for (Entry entry : entries) {
                    for (long delta = -1; delta <= 1; delta++) {
                        long target = entry.timestampNs() + delta;
                        cursor.seekTimestamp(target);
                        assertThat(rest(cursor)).isEqualTo(from(entries, e -> e.timestampNs() >= target));
                    }
                }
            }
        });
    }

    @Test
    void aSeekFindsTheFirstRecordAtOrAboveASequence() {
        Randomized.forAll(10, random -> {
            List<Entry> entries = randomLane(random, "main", 100, 50);
            try (Segment segment = segment(SegmentFixture.mixed(), entries);
                    SegmentCursor cursor = segment.cursor()) {
                for (Entry entry : entries) {
                    for (long delta = -1; delta <= 1; delta++) {
                        long target = entry.sequence() + delta;
                        cursor.seekSequence(target);
                        assertThat(rest(cursor)).isEqualTo(from(entries, e -> e.sequence() >= target));
                    }
                }
                cursor.seekSequence(Long.MIN_VALUE);
                assertThat(rest(cursor)).isEqualTo(entries);
                cursor.seekSequence(Long.MAX_VALUE);
                assertThat(cursor.next()).isFalse();
            }
        });
    }

    @Test
    void aSeekFindsSequencesOfOneLaneAmongMany() {
        Randomized.forAll(10, random -> {
            List<Entry> entries = manyLanes(random);
            try (Segment segment = segment(settled(), entries);
                    SegmentCursor cursor = segment.cursor()) {
                assertThat(rest(cursor)).isEqualTo(entries);
                for (Entry entry : entries) {
                    for (long delta = -1; delta <= 1; delta++) {
                        long target = entry.sequence() + delta;
                        cursor.seekSequence(entry.lane(), target);
                        assertThat(rest(cursor))
                                .isEqualTo(from(entries, e -> e.lane().equals(entry.lane()) && e.sequence() >= target));
                        cursor.seekSequence(target);
                        assertThat(rest(cursor)).isEqualTo(from(entries, e -> e.sequence() >= target));
                    }
                }
                cursor.seekSequence("unknown", 0);
                assertThat(cursor.next()).isFalse();
            }
        });
    }

    private static List<Entry> from(List<Entry> entries, Predicate<Entry> first) {
        for (int i = 0; i < entries.size(); i++) {
            if (first.test(entries.get(i))) {
                return entries.subList(i, entries.size());
            }
        }
        return List.of();
    }

    private static SegmentHeader settled() {
        return SegmentHeader.builder(SegmentFixture.TABLE)
                .generation(1)
                .partitionPath("p=0")
                .build();
    }

    private static List<Entry> manyLanes(RandomGenerator random) {
        List<Entry> entries = new ArrayList<>();
        for (int lane = 0; lane < 5; lane++) {
            entries.addAll(randomLane(random, "lane-" + lane, random.nextInt(30), 40));
        }
        return entries;
    }

    @Test
    void readAtAnswersTheBytesOfTheHotForm() {
        List<Entry> entries = randomLane(new Random(2), "main", 100, 200);
        SegmentFixture fixture =
                fixture(SegmentFixture.mixed(), writer -> entries.forEach(entry -> append(writer, entry)));
        byte[] hot = fixture.bytes();
        try (Segment segment = open(fixture)) {
            int end = (int) segment.dataEnd();
            for (int from = 0; from < end; from += 97) {
                ByteBuffer target = ByteBuffer.allocate(Math.min(501, end - from));
                assertThat(segment.readAt(from, target)).isEqualTo(target.capacity());
                assertThat(target.array()).isEqualTo(Arrays.copyOfRange(hot, from, from + target.capacity()));
            }
            ByteBuffer beyond = ByteBuffer.allocate(16);
            assertThat(segment.readAt(hot.length, beyond)).isZero();
        }
    }

    @Test
    void aRecordLargerThanTheReadBufferComesBack() {
        List<Entry> entries = List.of(plain(1, 10), plain(2, 100_000), plain(3, 4096), plain(4, 0));
        try (Segment segment = segment(SegmentFixture.single(), entries)) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(entries);
        }
    }

    @Test
    void aCopyThroughViewsHoldsTheSameRecords() {
        List<Entry> entries = randomLane(new Random(11), "main", 200, 100);
        SegmentFixture copy = new SegmentFixture();
        try (Segment segment = segment(SegmentFixture.mixed(), entries)) {
            try (SegmentWriter writer = copy.writer(settled());
                    SegmentCursor cursor = segment.cursor()) {
                while (cursor.next()) {
                    SegmentContext context = cursor.context();
                    int reference = writer.context(
                            context.lane(),
                            context.partitionPath(),
                            cursor.record().sequence());
                    assertThat(writer.fits(reference, cursor.record())).isTrue();
                    writer.append(reference, cursor.record());
                }
                writer.seal();
            }
        }
        try (Segment segment = copy.open()) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(entries);
        }
    }

    @Test
    void readingAllocatesNothingPerRecord() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            entries.add(plain(i, 60));
        }
        SegmentFixture fixture = new SegmentFixture(new InMemoryFileStore(), 1 << 19);
        fill(fixture, SegmentFixture.single(), writer -> entries.forEach(entry -> append(writer, entry)));
        try (Segment segment = openLargeBlocks(fixture);
                SegmentCursor cursor = segment.cursor()) {
            long[] sum = new long[1];
            long allocated = AllocationCounter.allocatedBytes(20, () -> {
                cursor.seekSequence(0);
                sum[0] += walk(cursor);
            });
            assertThat(sum[0]).isNotZero();
            assertThat(allocated).isLessThanOrEqualTo(allocatedByAWalk());
        }
    }

    /** As {@link #open(SegmentFixture)}, in blocks of hundreds of records where there are blocks. */
    Segment openLargeBlocks(SegmentFixture fixture) {
        return open(fixture);
    }

    /** Bytes that a seek and a walk over 4,000 records may allocate; an object for each record would be 64,000. */
    long allocatedByAWalk() {
        return 1_000;
    }

    private static long walk(SegmentCursor cursor) {
        long sum = 0;
        while (cursor.next()) {
            ByteBuffer value = cursor.record().value();
            sum += cursor.record().sequence()
                    + cursor.record().timestampNs()
                    + cursor.context().ref();
            sum += value == null ? 0 : value.get(value.position());
        }
        return sum;
    }

    @Test
    void aClosedCursorRefusesToMove() {
        try (Segment segment = segment(SegmentFixture.single(), List.of(plain(1, 1)))) {
            SegmentCursor cursor = segment.cursor();
            cursor.close();
            cursor.close();
            assertThatThrownBy(cursor::next).isInstanceOf(ClosedException.class);
        }
    }
}
