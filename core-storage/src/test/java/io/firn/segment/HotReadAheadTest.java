package io.firn.segment;

import static io.firn.segment.SegmentFixture.FILE;
import static io.firn.segment.SegmentFixture.all;
import static io.firn.segment.SegmentFixture.append;
import static io.firn.segment.SegmentFixture.plain;
import static io.firn.segment.SegmentFixture.randomLane;
import static io.firn.segment.SegmentFixture.rest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.task.SpareThreads;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Sealed hot files whose blocks are read and checked ahead of their readers, one at a time and in runs. */
@ParameterizedClass
@ValueSource(longs = {0, 3 * HotReadAheadTest.BUFFER_BYTES})
class HotReadAheadTest {
    static final int BUFFER_BYTES = 128 << 10;
    private static final int RECORDS = 8_000;
    private static final int VALUE_BYTES = 100;
    private static final long PLENTY = 1L << 30;

    private final ThreadPoolExecutor threads = SpareThreads.newExecutor(2, 100);
    private final ReadAhead ahead;
    private final SegmentFixture fixture = newFixture();

    HotReadAheadTest(long runBytes) {
        ahead = new ReadAhead(threads, 4, runBytes, PLENTY);
    }

    private static SegmentFixture newFixture() {
        return new SegmentFixture(new InMemoryFileStore(16 << 20, InstantSource.system()), BUFFER_BYTES);
    }

    @AfterEach
    void nothingIsLeftBehind() {
        threads.shutdownNow();
        assertThat(ahead.heldBytes()).isZero();
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void recordsAndTheirOrderAreTheSame() {
        write(entries(RECORDS));
        try (Segment segment = open(ahead)) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(entries(RECORDS));
        }
        assertThat(ahead.readyBlocks() + ahead.lateBlocks()).isGreaterThan(4);
    }

    @Test
    void recordsOfAnySizeAndContextAreTheSame() {
        Randomized.forAll(5, random -> {
            SegmentFixture other = newFixture();
            List<Entry> written = new ArrayList<>(randomLane(random, "main", 3_000, 300));
            for (int i = 0; i < 3; i++) {
                written.add(plain(written.get(written.size() - 1).sequence() + 1, random.nextInt(3 * BUFFER_BYTES)));
                written.addAll(later(random, written));
            }
            write(other, written);
            try (Segment segment = open(other, ahead)) {
                assertThat(all(segment, segment.dataEnd())).isEqualTo(written);
                Entry sought = written.get(random.nextInt(written.size()));
                try (SegmentCursor cursor = segment.cursor()) {
                    cursor.seekSequence(sought.sequence());
                    assertThat(rest(cursor)).isEqualTo(written.subList(written.indexOf(sought), written.size()));
                }
            }
            assertThat(other.pool.outstandingCount()).isZero();
        });
    }

    private static List<Entry> later(RandomGenerator random, List<Entry> written) {
        long last = written.get(written.size() - 1).sequence();
        return randomLane(random, "main", 1_000, 300).stream()
                .map(entry -> new Entry("main", entry.partition(), last + 1 + entry.sequence(), entry.record()))
                .toList();
    }

    @Test
    void aDamagedFrameIsReportedWhenItsTurnComes() {
        write(entries(RECORDS));
        long[] offsets = offsets();
        for (int damaged : new int[] {0, 1_500, 4_321, RECORDS - 1}) {
            flip(offsets[damaged] + 40);
            try (Segment segment = open(ahead);
                    SegmentCursor cursor = segment.cursor()) {
                for (int i = 0; i < damaged; i++) {
                    assertThat(cursor.next()).isTrue();
                    assertThat(cursor.record().sequence()).isEqualTo(i);
                }
                for (int again = 0; again < 2; again++) {
                    assertThatThrownBy(cursor::next)
                            .isInstanceOf(CorruptDataException.class)
                            .hasMessageContaining(FILE.toString())
                            .hasMessageContaining(Long.toString(offsets[damaged]))
                            .hasMessageContaining("checksum");
                }
            }
            flip(offsets[damaged] + 40);
        }
    }

    @Test
    void noFrameBeyondTheLimitIsShown() {
        write(entries(RECORDS));
        long[] offsets = offsets();
        flip(offsets[5_001] + 40);
        try (Segment segment = open(ahead)) {
            assertThat(all(segment, offsets[5_000])).isEqualTo(entries(5_000));
            assertThatThrownBy(() -> all(segment, offsets[2_000] + 8)).isInstanceOf(CorruptDataException.class);
        }
    }

    @Test
    void aFileThatSomebodyCutsIsReportedAndTheCursorCanGoBack() {
        write(entries(RECORDS));
        try (Segment segment = open(ahead);
                SegmentCursor cursor = segment.cursor()) {
            try (StoreFile file = fixture.store.openWrite(FILE)) {
                file.truncate(3L * BUFFER_BYTES);
            }
            long[] last = new long[1];
            assertThatThrownBy(() -> readToTheEnd(cursor, last))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(FILE.toString())
                    .hasMessageContaining(Long.toString(3L * BUFFER_BYTES));
            overwriteIdleBuffers();
            cursor.seekSequence(last[0] - 10);
            assertThat(cursor.next()).isTrue();
            assertThat(Entry.of(cursor)).isEqualTo(plain(last[0] - 10, VALUE_BYTES));
        }
    }

    private static void readToTheEnd(SegmentCursor cursor, long[] last) {
        while (cursor.next()) {
            last[0] = cursor.record().sequence();
        }
    }

    /** What others may do with memory that was given back. */
    private void overwriteIdleBuffers() {
        List<PooledBuffer> taken = new ArrayList<>();
        while (fixture.pool.idleBytes() > 0 && taken.size() < 100) {
            PooledBuffer buffer = fixture.pool.take(BUFFER_BYTES);
            for (int i = 0; i < BUFFER_BYTES; i++) {
                buffer.bytes().put(i, (byte) 0x7f);
            }
            taken.add(buffer);
        }
        assertThat(taken).isNotEmpty();
        taken.forEach(PooledBuffer::close);
    }

    @Test
    void shortFilesSmallBuffersAndSegmentsThatAreStillWrittenAreNotReadAhead() {
        List<Runnable> begun = new ArrayList<>();
        ReadAhead counted = new ReadAhead(begun::add, 4, 0, PLENTY);
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            List<Entry> written = entries(RECORDS);
            written.forEach(entry -> append(writer, entry));
            try (Segment segment = open(counted)) {
                assertThat(all(segment, writer.lengthBytes())).isEqualTo(written);
            }
        }
        fixture.store.delete(FILE);
        write(entries(2 * BUFFER_BYTES / (2 * VALUE_BYTES)));
        try (Segment segment = open(counted)) {
            assertThat(all(segment, segment.dataEnd())).hasSize(2 * BUFFER_BYTES / (2 * VALUE_BYTES));
        }
        fixture.store.delete(FILE);
        write(entries(RECORDS));
        SegmentAccess small =
                fixture.access.withReadBufferBytes(BUFFER_BYTES - 1).withReadAhead(counted);
        try (Segment segment = Segment.open(fixture.store, FILE, small)) {
            assertThat(all(segment, segment.dataEnd())).hasSize(RECORDS);
        }
        assertThat(begun).isEmpty();
    }

    private static List<Entry> entries(int count) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(plain(i, VALUE_BYTES));
        }
        return entries;
    }

    private void write(List<Entry> entries) {
        write(fixture, entries);
    }

    private static void write(SegmentFixture fixture, List<Entry> entries) {
        SegmentOptions options = new SegmentOptions(8 << 20, 100, fixture.reserver);
        try (SegmentWriter writer = SegmentWriter.create(fixture.store, FILE, SegmentFixture.mixed(), options)) {
            entries.forEach(entry -> append(writer, entry));
            writer.seal();
        }
    }

    private Segment open(ReadAhead readAhead) {
        return open(fixture, readAhead);
    }

    private static Segment open(SegmentFixture fixture, ReadAhead readAhead) {
        return Segment.open(fixture.store, FILE, fixture.access.withReadAhead(readAhead));
    }

    /** Where the frame of each record starts. */
    private long[] offsets() {
        long[] offsets = new long[RECORDS];
        try (Segment segment = open(ReadAhead.off());
                SegmentCursor cursor = segment.cursor()) {
            for (int i = 0; i < RECORDS; i++) {
                assertThat(cursor.next()).isTrue();
                offsets[i] = cursor.offset();
            }
        }
        return offsets;
    }

    private void flip(long offset) {
        try (StoreFile file = fixture.store.openWrite(FILE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 4));
            file.write(one.flip(), offset);
        }
    }
}
