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
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentWriterTest {
    private final SegmentFixture fixture = new SegmentFixture();

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
        SegmentOptions small = new SegmentOptions(64 << 10, 100, fixture.reserver);
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
        SegmentOptions small = new SegmentOptions(64 << 10, 100, fixture.reserver);
        try (SegmentWriter writer = SegmentWriter.create(fixture.store, FILE, SegmentFixture.single(), small)) {
            long sequence = 0;
            while (writer.fits(0, plain(sequence, 100).record())) {
                append(writer, plain(sequence++, 100));
            }
            assertThat(writer.lengthBytes()).isBetween((64L << 10) - 200, 64L << 10);
        }
    }

    @Test
    void aFullDiskWhileReservingLeavesTheWriterUsable() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        SegmentFixture faulty = new SegmentFixture(store);
        List<Entry> written = new ArrayList<>();
        try (SegmentWriter writer = faulty.writer(SegmentFixture.single())) {
            store.limitSpace(70_000);
            long sequence = appendUntilFull(writer, written);
            long length = writer.lengthBytes();
            assertThatThrownBy(() ->
                            writer.append(0, sequence, plain(sequence, 1000).record()))
                    .isInstanceOf(StorageFullException.class);
            assertThat(writer.lengthBytes()).isEqualTo(length);
            try (Segment segment = faulty.open();
                    SegmentCursor tail = segment.tail(0, length)) {
                assertThat(SegmentFixture.rest(tail)).isEqualTo(written);
            }
            writer.force();
            store.heal();
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
        SegmentFixture faulty = new SegmentFixture(store);
        store.limitSpace(1000);
        assertThatThrownBy(() -> faulty.writer(SegmentFixture.single())).isInstanceOf(StorageFullException.class);
        assertThat(store.exists(FILE)).isFalse();
        store.heal();
        faulty.writer(SegmentFixture.single()).close();
    }

    @Test
    void aFullDiskWhileSealingLeavesTheWriterUsable() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
        SegmentFixture faulty = new SegmentFixture(store);
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
        try (SegmentWriter writer = SegmentWriter.create(
                fixture.store, FILE, SegmentFixture.single(), new SegmentOptions(1 << 19, 1000, fixture.reserver))) {
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
}
