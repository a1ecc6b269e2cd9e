package io.firn.segment;

import static io.firn.segment.SegmentFixture.FILE;
import static io.firn.segment.SegmentFixture.all;
import static io.firn.segment.SegmentFixture.append;
import static io.firn.segment.SegmentFixture.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.InvalidRecordException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.AllocationCounter;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(booleans = {false, true})
class SegmentWriterTest {
    private final boolean buffered;
    private final SegmentFixture fixture;

    SegmentWriterTest(boolean buffered) {
        this.buffered = buffered;
        this.fixture = new SegmentFixture().buffered(buffered);
    }

    @Test
    void refusesANameThatIsTaken() {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            assertThat(writer.path()).isEqualTo(FILE);
            assertThatThrownBy(() -> fixture.writer(SegmentFixture.single()))
                    .isInstanceOf(StorageIoException.class)
                    .hasMessageContaining(FILE.toString());
        }
    }

    @Test
    void theSealedFileIsAsLongAsItsContent() {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            append(writer, plain(1, 10));
            assertThat(fixture.store.info(FILE).sizeBytes()).isEqualTo(64 << 10);
            SegmentSummary summary = writer.seal();
            assertThat(summary.recordCount()).isEqualTo(1);
            assertThat(fixture.store.info(FILE).sizeBytes()).isBetween(summary.dataEnd() + 88, summary.dataEnd() + 300);
        }
    }

    @Test
    void aContextIsDefinedOncePerLaneAndPartition() {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.mixed())) {
            int first = writer.context("a", "p=1", 10);
            long length = writer.lengthBytes();
            assertThat(writer.context("a", "p=1", 11)).isEqualTo(first);
            assertThat(writer.lengthBytes()).isEqualTo(length);
            assertThat(writer.context("a", "p=2", 11)).isEqualTo(first + 1);
            assertThat(writer.context("b", "p=1", 11)).isEqualTo(first + 2);
        }
    }

    @Test
    void aNewContextIsDefinedWhereTheSequenceIsOutOfReach() {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            assertThat(writer.context("main", "p=0", 0xffff_ffffL)).isZero();
            int second = writer.context("main", "p=0", 0x1_0000_0000L);
            assertThat(second).isEqualTo(1);
            assertThatThrownBy(() -> writer.append(0, 0x1_0000_0000L, 0, 0, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("out of reach");
            writer.append(second, 0x1_0000_0000L, 0, 0, null);
            assertThatThrownBy(() -> writer.append(second, 0, 0, 0, null)).hasMessageContaining("out of reach");
        }
    }

    @Test
    void refusesAnUnknownContextASequenceThatDoesNotAscendAndABadType() {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            writer.append(0, 5, 0, 0, null);
            long length = writer.lengthBytes();
            assertThatThrownBy(() -> writer.append(0, 5, 0, 0, null)).hasMessageContaining("after 5");
            assertThatThrownBy(() -> writer.append(1, 6, 0, 0, null)).hasMessageContaining("not defined");
            assertThatThrownBy(() -> writer.append(-1, 6, 0, 0, null)).hasMessageContaining("not defined");
            assertThatThrownBy(() -> writer.append(0, 6, 0, 65_536, null)).isInstanceOf(InvalidRecordException.class);
            assertThatThrownBy(() -> writer.append(0, 6, 0, -1, null)).isInstanceOf(InvalidRecordException.class);
            assertThat(writer.lengthBytes()).isEqualTo(length);
            assertThat(writer.recordCount()).isEqualTo(1);
        }
    }

    @Test
    void aRecordThatFitsNoSegmentIsRefusedAndNothingIsWritten() {
        byte[] large = new byte[1 << 20];
        List<RecordHeader> headers = Collections.nCopies(2200, new RecordHeader("h", large));
        StreamRecord record = StreamRecord.atNanos(1).headers(headers).build();
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            long length = writer.lengthBytes();
            assertThatThrownBy(() -> writer.append(0, 1, record))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("above the limit");
            assertThat(writer.lengthBytes()).isEqualTo(length);
            append(writer, plain(1, 1));
            writer.seal();
        }
        try (Segment segment = fixture.open()) {
            assertThat(all(segment, segment.dataEnd())).containsExactly(plain(1, 1));
        }
    }

    @Test
    void anEmptySegmentTakesARecordThatIsLargerThanItself() {
        SegmentOptions small = fixture.options(64 << 10, 100);
        try (SegmentWriter writer = SegmentWriter.create(fixture.store, FILE, SegmentFixture.single(), small)) {
            Entry large = plain(1, 200_000);
            assertThat(writer.fits(200_000)).isTrue();
            assertThat(writer.fits(0, large.record())).isTrue();
            append(writer, large);
            assertThat(writer.fits(0)).isFalse();
            assertThat(writer.fits(0, plain(2, 0).record())).isFalse();
            writer.seal();
            try (Segment segment = fixture.open()) {
                assertThat(all(segment, segment.dataEnd())).containsExactly(large);
            }
        }
    }

    @Test
    void aSegmentIsFullAtItsSize() {
        SegmentOptions small = fixture.options(64 << 10, 100);
        try (SegmentWriter writer = SegmentWriter.create(fixture.store, FILE, SegmentFixture.single(), small)) {
            long sequence = 0;
            while (writer.fits(0, plain(sequence, 100).record())) {
                append(writer, plain(sequence++, 100));
            }
            assertThat(writer.lengthBytes()).isBetween((64L << 10) - 200, 64L << 10);
        }
    }

    @Test
    void aFullDiskLeavesTheWriterUsable() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        SegmentFixture faulty = new SegmentFixture(store).buffered(buffered);
        List<Entry> written = new ArrayList<>();
        try (SegmentWriter writer = faulty.writer(SegmentFixture.single())) {
            store.limitSpace(70_000);
            long sequence = appendUntilFull(writer, written);
            long length = writer.lengthBytes();
            assertThatThrownBy(() ->
                            writer.append(0, sequence, plain(sequence, 1000).record()))
                    .isInstanceOf(StorageFullException.class);
            assertThat(writer.lengthBytes()).isEqualTo(length);
            if (buffered) {
                assertThatThrownBy(writer::force).isInstanceOf(StorageFullException.class);
                assertThatThrownBy(writer::flush).isInstanceOf(StorageFullException.class);
            } else {
                writer.force();
                assertShown(faulty, length, written);
            }
            store.heal();
            writer.flush();
            assertShown(faulty, length, written);
            for (long i = sequence; i < sequence + 100; i++) {
                written.add(plain(i, 1000));
                append(writer, plain(i, 1000));
            }
            writer.seal();
        }
        try (Segment segment = faulty.open()) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(written);
        }
    }

    private static void assertShown(SegmentFixture fixture, long length, List<Entry> written) {
        try (Segment segment = fixture.open();
                SegmentCursor tail = segment.tail(0, length)) {
            assertThat(SegmentFixture.rest(tail)).isEqualTo(written);
        }
    }

    private static long appendUntilFull(SegmentWriter writer, List<Entry> written) {
        for (long sequence = 0; ; sequence++) {
            Entry entry = plain(sequence, 1000);
            try {
                append(writer, entry);
            } catch (StorageFullException e) {
                return sequence;
            }
            written.add(entry);
        }
    }

    @Test
    void aFullDiskWhileCreatingLeavesNoFile() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        SegmentFixture faulty = new SegmentFixture(store).buffered(buffered);
        store.limitSpace(100);
        assertThatThrownBy(() -> faulty.writer(SegmentFixture.single())).isInstanceOf(StorageFullException.class);
        assertThat(store.exists(FILE)).isFalse();
        store.heal();
        faulty.writer(SegmentFixture.single()).close();
    }

    @Test
    void aFullDiskWhileSealingLeavesTheWriterUsable() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        SegmentFixture faulty = new SegmentFixture(store).buffered(buffered);
        List<Entry> written = new ArrayList<>();
        try (SegmentWriter writer = faulty.writer(SegmentFixture.single())) {
            for (long i = 0; i < 64; i++) {
                written.add(plain(i, 1000 - 32));
                append(writer, plain(i, 1000 - 32));
            }
            writer.force();
            store.limitSpace(0);
            while (writer.lengthBytes() + 2000 < (64 << 10)) {
                long i = written.size();
                written.add(plain(i, 0));
                append(writer, plain(i, 0));
            }
            assertSealHitsTheFullDisk(writer, written);
            store.heal();
            long next = written.size();
            written.add(plain(next, 50_000));
            append(writer, plain(next, 50_000));
            writer.seal();
        }
        try (Segment segment = faulty.open()) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(written);
        }
    }

    private static void assertSealHitsTheFullDisk(SegmentWriter writer, List<Entry> written) {
        while (true) {
            long i = written.size();
            try {
                append(writer, plain(i, 0));
                written.add(plain(i, 0));
            } catch (StorageFullException full) {
                break;
            }
        }
        assertThatThrownBy(writer::seal).isInstanceOf(StorageFullException.class);
    }

    @Test
    void aClosedWriterRefusesEverything() {
        SegmentWriter writer = fixture.writer(SegmentFixture.single());
        append(writer, plain(1, 1));
        writer.close();
        writer.close();
        assertThatThrownBy(() -> writer.append(0, 2, 0, 0, null)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(writer::force).isInstanceOf(ClosedException.class);
        assertThatThrownBy(writer::seal).isInstanceOf(ClosedException.class);
        writer.flush();
        assertThat(writer.recordCount()).isEqualTo(1);
    }

    @Test
    void appendingAllocatesNothing() {
        try (SegmentWriter writer =
                SegmentWriter.create(fixture.store, FILE, SegmentFixture.single(), fixture.options(1000))) {
            ByteBuffer value = ByteBuffer.allocateDirect(16);
            long sequence = appendMany(writer, value, 0, 1650); // past the first remapping
            assertThat(writer.lengthBytes()).isBetween(64L << 10, 70L << 10);
            long[] next = {sequence};
            long allocated =
                    AllocationCounter.allocatedBytes(1, () -> next[0] = appendMany(writer, value, next[0], 100));
            assertThat(allocated).isZero();
        }
    }

    private static long appendMany(SegmentWriter writer, ByteBuffer value, long from, int count) {
        for (long sequence = from; sequence < from + count; sequence++) {
            writer.append(0, sequence, sequence, 1, value);
        }
        return from + count;
    }

    @Test
    void anUnfinishedFileNeverEndsInBytesOfARecord() {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            for (long i = 0; i < 600; i++) {
                append(writer, plain(i, (int) (i * 7 % 900)));
                if (i % 5 == 0) {
                    writer.flush();
                }
                byte[] bytes = fixture.bytes();
                assertThat(Arrays.copyOfRange(bytes, bytes.length - 88, bytes.length))
                        .containsOnly(0);
            }
        }
    }

    @Test
    void aFlushShowsWhatWasAppendedAndNothingHalf() {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.mixed())) {
            List<Entry> entries = SegmentFixture.randomLane(new SplittableRandom(7), "a", 900, 2_000);
            for (int i = 0; i < entries.size(); i++) {
                append(writer, entries.get(i));
                if (i % 37 == 0) {
                    writer.flush();
                    assertShown(fixture, writer.lengthBytes(), entries.subList(0, i + 1));
                }
            }
            SegmentSummary summary = writer.seal();
            assertThat(summary.recordCount()).isEqualTo(entries.size());
        }
        try (Segment segment = fixture.open()) {
            assertThat(all(segment, segment.dataEnd())).hasSize(900);
            segment.verify();
        }
        assertThat(fixture.pool.outstandingCount()).isZero();
    }

    @Test
    void theTwoKindsOfWritersMakeTheSameFile() {
        SegmentFixture other = new SegmentFixture().buffered(!buffered);
        for (SegmentFixture each : List.of(fixture, other)) {
            try (SegmentWriter writer = each.writer(SegmentFixture.single())) {
                for (long i = 0; i < 400; i++) {
                    append(writer, plain(i, i == 200 ? 300_000 : (int) (i * 13 % 1_000)));
                    if (i % 100 == 50) {
                        writer.force();
                    }
                }
                writer.finish();
            }
        }
        assertThat(fixture.bytes()).isEqualTo(other.bytes());
    }

    @Test
    void aFooterWithoutSpaceCanBeWrittenLater() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        SegmentFixture faulty = new SegmentFixture(store).buffered(true); // where space is reserved there is some
        List<Entry> written = new ArrayList<>();
        try (SegmentWriter writer = faulty.writer(SegmentFixture.single())) {
            failToSeal(writer, store, written);
            writer.seal();
        }
        try (Segment segment = faulty.open()) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(written);
            segment.verify();
        }
    }

    @Test
    void aFooterWithoutSpaceLeavesNothingWhereTheEndWordWillStand() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        SegmentFixture faulty = new SegmentFixture(store).buffered(true);
        try (SegmentWriter writer = faulty.writer(SegmentFixture.single())) {
            failToSeal(writer, store, new ArrayList<>());
            writer.force();
            int end = (int) writer.lengthBytes();
            assertThat(Arrays.copyOfRange(faulty.bytes(), end, end + 8))
                    .as("a part of the first footer")
                    .isNotEqualTo(new byte[8]);
            store.inject(Fault.on(StoreCall.is(StoreOperation.FORCE)));
            assertThatThrownBy(writer::seal).isInstanceOf(StorageIoException.class);
            assertThat(Arrays.copyOfRange(faulty.bytes(), end, end + 8)).containsOnly(0);
        }
    }

    /** Leaves a part of a footer behind the last frame, and appends one more that is shorter. */
    private static void failToSeal(SegmentWriter writer, FaultyFileStore store, List<Entry> written) {
        for (long i = 0; writer.lengthBytes() < (64 << 10) - 1_300; i++) {
            written.add(plain(i, 1_000));
            append(writer, plain(i, 1_000));
        }
        written.add(plain(written.size(), (int) ((64 << 10) - 88 - 32 - writer.lengthBytes())));
        append(writer, written.get(written.size() - 1));
        writer.force();
        store.limitSpace(20);
        assertThatThrownBy(writer::seal).isInstanceOf(StorageFullException.class);
        store.heal();
        written.add(plain(written.size(), 5));
        append(writer, written.get(written.size() - 1));
    }

    @Test
    void afterAFailedEndNothingIsAppendedAnyMore() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        SegmentFixture faulty = new SegmentFixture(store).buffered(buffered);
        try (SegmentWriter writer = faulty.writer(SegmentFixture.single())) {
            append(writer, plain(1, 10));
            store.inject(Fault.on(StoreCall.is(StoreOperation.TRUNCATE)));
            assertThatThrownBy(writer::finish).isInstanceOf(StorageIoException.class);
            store.heal();
            assertThatThrownBy(() -> append(writer, plain(2, 10))).isInstanceOf(StorageIoException.class);
        }
        assertThat(faulty.pool.outstandingCount()).isZero();
    }

    /** Whatever it was: the window may have been given back already. */
    @Test
    void afterAnEndThatAMistakeStoppedNothingIsAppendedAnyMore() {
        ForwardingFileStore store = new ForwardingFileStore(new InMemoryFileStore());
        SegmentFixture broken = new SegmentFixture(store).buffered(buffered);
        store.runBeforeOnce(StoreCall.is(StoreOperation.TRUNCATE), () -> {
            throw new IllegalStateException("a mistake");
        });
        try (SegmentWriter writer = broken.writer(SegmentFixture.single())) {
            append(writer, plain(1, 10));
            assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> append(writer, plain(2, 10)))
                    .isInstanceOf(StorageIoException.class)
                    .hasMessageContaining("a mistake");
            assertThatThrownBy(writer::force).isInstanceOf(StorageIoException.class);
        }
        assertThat(broken.pool.outstandingCount()).isZero();
    }

    @Test
    void flushesOfAnotherThreadDisturbNobody() {
        List<Entry> entries = SegmentFixture.randomLane(new SplittableRandom(3), "main", 5_000, 500);
        SegmentFixture large = new SegmentFixture(new InMemoryFileStore(4 << 20, InstantSource.system()));
        AtomicBoolean done = new AtomicBoolean();
        SegmentOptions options = large.buffered(buffered).options(4 << 20, 100);
        try (SegmentWriter writer = SegmentWriter.create(large.store, FILE, SegmentFixture.mixed(), options)) {
            CompletableFuture<Void> flusher = CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    writer.flush();
                }
            });
            entries.forEach(entry -> append(writer, entry));
            done.set(true);
            flusher.join();
            writer.seal();
        }
        try (Segment segment = large.open()) {
            assertThat(all(segment, segment.dataEnd())).isEqualTo(entries);
            segment.verify();
        }
    }
}
