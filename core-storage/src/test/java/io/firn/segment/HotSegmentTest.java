package io.firn.segment;

import static io.firn.segment.SegmentFixture.all;
import static io.firn.segment.SegmentFixture.append;
import static io.firn.segment.SegmentFixture.plain;
import static io.firn.segment.SegmentFixture.randomLane;
import static io.firn.segment.SegmentFixture.rest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HotSegmentTest extends SegmentContract {
    @Override
    Segment open(SegmentFixture fixture) {
        return fixture.open();
    }

    @Test
    void anUnsealedSegmentIsReadUpToTheCommittedLength() {
        SegmentFixture fixture = new SegmentFixture();
        try (SegmentWriter writer = fixture.writer(SegmentFixture.mixed())) {
            append(writer, plain(1, 10));
            append(writer, plain(2, 10));
            long committed = writer.lengthBytes();
            append(writer, plain(3, 10));
            try (Segment segment = fixture.open()) {
                assertThat(segment.isSealed()).isFalse();
                assertThat(segment.summary()).isEmpty();
                assertThat(all(segment, committed)).containsExactly(plain(1, 10), plain(2, 10));
                assertThatThrownBy(segment::dataEnd).isInstanceOf(CorruptDataException.class);
            }
        }
    }

    @Test
    void aTailingCursorComesToTheEndOfASegmentThatItsSealHasCut(@TempDir Path directory) {
        SegmentFixture fixture = new SegmentFixture(LocalFileStore.open(IoMode.MMAP));
        Path file = directory.resolve("a.q");
        try (SegmentWriter writer = fixture.writer(file, SegmentFixture.mixed());
                Segment segment = Segment.open(fixture.store, file, fixture.access);
                SegmentCursor cursor = segment.tail(0, 0)) {
            assertThat(cursor.next()).isFalse();
            long reserved = segment.sizeBytes();
            List<Entry> entries = randomLane(new Random(2), "main", 200, 30);
            for (Entry entry : entries) {
                append(writer, entry);
                assertThat(cursor.next()).isTrue();
                assertThat(Entry.of(cursor)).isEqualTo(entry);
                assertThat(cursor.next()).isFalse();
                assertThat(cursor.ended()).isFalse();
            }
            writer.seal();
            assertThat(segment.sizeBytes()).isNotEqualTo(reserved);
            for (int looks = 0; looks < 3; looks++) {
                assertThat(cursor.next()).isFalse();
                assertThat(cursor.ended()).isTrue();
            }
        }
    }

    /** Whatever the reader has done when the owner seals the file and cuts the reserved space off. */
    @Test
    void aSegmentThatItsOwnerSealsWhileItIsOpenedIsReadInFull() {
        List<Entry> entries = randomLane(new Random(3), "main", 50, 30);
        boolean happened = true;
        for (int calls = 0; happened; calls++) {
            ForwardingFileStore files = new ForwardingFileStore(new InMemoryFileStore()) {};
            SegmentFixture fixture = new SegmentFixture(files);
            try (SegmentWriter writer = fixture.writer(SegmentFixture.mixed())) {
                entries.forEach(entry -> append(writer, entry));
                long committed = writer.lengthBytes();
                AtomicInteger left = new AtomicInteger(calls);
                boolean[] sealed = new boolean[1];
                files.runBefore(call -> !sealed[0] && left.getAndDecrement() == 0, () -> {
                    sealed[0] = true;
                    writer.seal();
                });
                try (Segment segment = fixture.open()) {
                    assertThat(all(segment, committed))
                            .as("before call %d", calls)
                            .isEqualTo(entries);
                }
                happened = sealed[0];
            }
        }
    }

    @Test
    void aCursorOverAnUnsealedSegmentStartsAtAnyRecordAndSeeks() {
        SegmentFixture fixture = new SegmentFixture();
        List<Entry> entries = randomLane(new Random(1), "main", 50, 30);
        try (SegmentWriter writer = fixture.writer(SegmentFixture.mixed())) {
            List<Long> starts = new ArrayList<>();
            for (Entry entry : entries) {
                writer.context(entry.lane(), entry.partition(), entry.sequence());
                starts.add(writer.lengthBytes());
                append(writer, entry);
            }
            try (Segment segment = fixture.open()) {
                for (int i = 0; i < entries.size(); i++) {
                    try (SegmentCursor cursor = segment.cursor(starts.get(i), writer.lengthBytes())) {
                        List<Entry> expected = entries.subList(i, entries.size());
                        assertThat(rest(cursor)).isEqualTo(expected);
                        cursor.seekSequence(entries.get(i).sequence());
                        assertThat(rest(cursor)).isEqualTo(expected);
                        cursor.seekSequence("main", entries.get(i).sequence());
                        assertThat(rest(cursor)).isEqualTo(expected);
                        cursor.seekTimestamp(Long.MIN_VALUE);
                        assertThat(rest(cursor)).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void aMissingFrameBelowTheCommittedLengthIsCorruption() {
        SegmentFixture fixture = new SegmentFixture();
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            append(writer, plain(1, 10));
            long end = writer.lengthBytes();
            try (Segment segment = fixture.open()) {
                assertThatThrownBy(() -> all(segment, end + 8))
                        .isInstanceOf(CorruptDataException.class)
                        .hasMessageContaining("at offset " + end)
                        .hasMessageContaining("no frame");
                assertThatThrownBy(() -> all(segment, 1 << 20)).isInstanceOf(CorruptDataException.class);
            }
        }
    }

    @Test
    void aTailSeesRecordsAsTheyArePublishedAndTheEnd() {
        Randomized.forAll(10, random -> {
            SegmentFixture fixture = new SegmentFixture();
            List<Entry> entries = randomLane(random, "main", 300, 300);
            try (SegmentWriter writer = fixture.writer(SegmentFixture.mixed());
                    Segment segment = fixture.open();
                    SegmentCursor tail = segment.tail(0, 0)) {
                List<Entry> seen = new ArrayList<>();
                for (Entry entry : entries) {
                    append(writer, entry);
                    if (random.nextInt(5) == 0) {
                        seen.addAll(rest(tail));
                        assertThat(seen).isEqualTo(entries.subList(0, entries.indexOf(entry) + 1));
                        assertThat(tail.ended()).isFalse();
                        tail.extendTo(writer.lengthBytes());
                    }
                }
                writer.seal();
                seen.addAll(rest(tail));
                assertThat(seen).isEqualTo(entries);
                assertThat(tail.ended()).isTrue();
                assertThat(tail.next()).isFalse();
            }
        });
    }

    /** A buffer is written in whole stretches, which end in the middle of a record. */
    @ParameterizedTest
    @EnumSource(names = {"MMAP", "CHANNEL"})
    void aTailWaitsForTheRestOfARecord(IoMode mode, @TempDir Path directory) {
        SegmentFixture fixture = new SegmentFixture(LocalFileStore.open(mode)).buffered(true);
        Path file = directory.resolve("a.q");
        List<Entry> entries = randomLane(new Random(5), "main", 900, 2_000);
        try (SegmentWriter writer = fixture.writer(file, SegmentFixture.mixed());
                Segment segment = Segment.open(fixture.store, file, fixture.access);
                SegmentCursor tail = segment.tail(0, 0)) {
            List<Entry> seen = new ArrayList<>();
            int waits = 0;
            for (int i = 0; i < entries.size(); i++) {
                append(writer, entries.get(i));
                int before = seen.size();
                seen.addAll(rest(tail));
                assertThat(tail.ended()).isFalse();
                waits += seen.size() > before && seen.size() <= i ? 1 : 0;
            }
            assertThat(waits).as("stretches that ended in a record").isGreaterThan(1);
            assertThat(seen).isEqualTo(entries.subList(0, seen.size()));
            writer.seal();
            seen.addAll(rest(tail));
            assertThat(seen).isEqualTo(entries);
            assertThat(tail.ended()).isTrue();
        }
    }

    @Test
    void aTailStopsAtATornFrameBeyondTheCommittedLengthOnly() {
        SegmentFixture fixture = new SegmentFixture();
        long committed;
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            append(writer, plain(1, 10));
            committed = writer.lengthBytes();
            append(writer, plain(2, 10));
        }
        byte[] bytes = fixture.bytes();
        bytes[(int) committed + 30] ^= 1;
        fixture.replace(bytes);
        try (Segment segment = fixture.open()) {
            try (SegmentCursor tail = segment.tail(0, committed)) {
                assertThat(rest(tail)).containsExactly(plain(1, 10));
                assertThat(tail.next()).isFalse();
                tail.extendTo(committed + 40);
                assertThatThrownBy(tail::next)
                        .isInstanceOf(CorruptDataException.class)
                        .hasMessageContaining("at offset " + committed);
            }
        }
    }
}
