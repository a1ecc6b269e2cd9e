package io.firn.segment;

import static io.firn.segment.SegmentFixture.FILE;
import static io.firn.segment.SegmentFixture.append;
import static io.firn.segment.SegmentFixture.plain;
import static io.firn.segment.SegmentFixture.randomLane;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.FormatVersionException;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.Randomized;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damage of every kind gives an error that names file and offset, or right data; never wrong data. */
class SegmentCorruptionTest {
    private final SegmentFixture fixture = new SegmentFixture();

    private SegmentSummary sealed(List<Entry> entries) {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.mixed())) {
            entries.forEach(entry -> append(writer, entry));
            return writer.seal();
        }
    }

    private static List<Entry> entriesOfAbout(int bytes) {
        List<Entry> entries = randomLane(new Random(5), "main", 1000, 120);
        int size = 0;
        int count = 0;
        while (size < bytes) {
            byte[] value = entries.get(count).record().value();
            size += 64 + (value == null ? 0 : value.length);
            count++;
        }
        return entries.subList(0, count);
    }

    @Test
    void everyFlippedBitOfASealedSegmentIsFound() {
        List<Entry> entries = entriesOfAbout(4200);
        SegmentSummary summary = sealed(entries);
        byte[] bytes = fixture.bytes();
        assertThat(bytes.length).isBetween(4 << 10, 6 << 10);
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            fixture.replace(damaged);
            assertDamageIsFound(bit, entries, summary);
        }
        fixture.replace(bytes);
        try (Segment segment = fixture.open()) {
            assertThat(segment.verify()).isEqualTo(summary);
        }
    }

    private void assertDamageIsFound(int bit, List<Entry> entries, SegmentSummary summary) {
        List<Entry> seen = new ArrayList<>();
        assertThatThrownBy(() -> {
                    try (Segment segment = fixture.open()) {
                        read(segment, summary.dataEnd(), seen);
                        segment.verify();
                    }
                })
                .as("bit %s", bit)
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(FILE + " at offset");
        assertThat(seen).isEqualTo(entries.subList(0, seen.size()));
    }

    private static void read(Segment segment, long limit, List<Entry> seen) {
        try (SegmentCursor cursor = segment.cursor(0, limit)) {
            while (cursor.next()) {
                seen.add(Entry.of(cursor));
            }
        }
    }

    @Test
    void everyTruncationOfASealedSegmentIsFoundOrHidesNothing() {
        List<Entry> entries = entriesOfAbout(17_000);
        SegmentSummary summary = sealed(entries);
        byte[] bytes = fixture.bytes();
        assertThat(bytes.length).isBetween(16 << 10, 20 << 10);
        for (int size = 0; size < bytes.length; size++) {
            fixture.replace(Arrays.copyOf(bytes, size));
            List<Entry> seen = new ArrayList<>();
            CorruptDataException error = null;
            try (Segment segment = fixture.open()) {
                assertThat(segment.isSealed()).isFalse();
                read(segment, summary.dataEnd(), seen);
            } catch (CorruptDataException e) {
                error = e;
            }
            assertThat(seen).isEqualTo(entries.subList(0, seen.size()));
            assertThat(error == null).as("size %s", size).isEqualTo(size >= summary.dataEnd());
            if (error != null) {
                assertThat(error).hasMessageContaining(FILE + " at offset");
                assertThat(error.offset()).isBetween(0L, (long) size);
            }
        }
    }

    @Test
    void aScanOfEveryTruncationFindsTheLongestPrefix() {
        List<Entry> entries = entriesOfAbout(4000);
        sealed(entries);
        List<Long> ends = new ArrayList<>();
        try (Segment segment = fixture.open();
                SegmentCursor cursor = segment.cursor()) {
            while (cursor.next()) {
                ends.add(cursor.nextOffset());
            }
        }
        byte[] bytes = fixture.bytes();
        int first = (int) headerSize();
        for (int size = first; size < bytes.length; size++) {
            fixture.replace(Arrays.copyOf(bytes, size));
            long reachable = size;
            long records = ends.stream().filter(end -> end <= reachable).count();
            SegmentScan scan = SegmentScanner.scan(fixture.store, FILE, fixture.access, 0);
            assertThat(scan.prefix().recordCount()).as("size %s", size).isEqualTo(records);
            assertThat(scan.prefix().dataEnd()).isLessThanOrEqualTo(size);
        }
    }

    private long headerSize() {
        try (Segment segment = fixture.open()) {
            return segment.dataStart();
        }
    }

    @Test
    void damageWithRightChecksumsIsFoundByVerify() {
        List<Entry> entries = List.of(plain(1, 10), plain(2, 10));
        try (SegmentWriter writer = fixture.writer(SegmentFixture.single())) {
            entries.forEach(entry -> append(writer, entry));
            writer.seal();
        }
        SegmentFixture other = new SegmentFixture();
        try (SegmentWriter writer = other.writer(SegmentFixture.single())) {
            append(writer, plain(1, 10));
            append(writer, plain(2, 9));
            writer.seal();
        }
        byte[] mixed = fixture.bytes();
        int from = (int) headerSize();
        System.arraycopy(other.bytes(), from, mixed, from, 80);
        fixture.replace(mixed);
        try (Segment segment = fixture.open()) {
            assertThatThrownBy(segment::verify)
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("data checksum in the footer");
        }
    }

    @Test
    void randomDamageNeverShowsWrongRecords() {
        Randomized.forAll(300, random -> {
            SegmentFixture each = new SegmentFixture();
            List<Entry> entries = randomLane(random, "main", 30, 100);
            long end;
            try (SegmentWriter writer = each.writer(SegmentFixture.mixed())) {
                entries.forEach(entry -> append(writer, entry));
                end = writer.lengthBytes();
                if (random.nextBoolean()) {
                    writer.seal();
                }
            }
            byte[] bytes = each.bytes();
            int at = random.nextInt((int) end);
            byte[] noise = new byte[Math.min(1 + random.nextInt(64), bytes.length - at)];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, bytes, at, noise.length);
            each.replace(bytes);
            List<Entry> seen = new ArrayList<>();
            try (Segment segment = each.open()) {
                read(segment, end, seen);
            } catch (CorruptDataException | FormatVersionException e) {
                assertThat(e).hasMessageContaining(FILE.toString());
            }
            assertThat(seen).isEqualTo(entries.subList(0, seen.size()));
        });
    }
}
