package io.firn.segment;

import static io.firn.segment.SegmentFixture.FILE;
import static io.firn.segment.SegmentFixture.all;
import static io.firn.segment.SegmentFixture.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.ClosedException;
import io.firn.segment.SegmentFixture.Entry;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Power fails in any operation of a writer: what was forced is there, what is shown was written. */
class SegmentCrashTest {
    private static final int RUNS = 400;
    private static final int MOST_OPERATIONS = 40;

    private long committedLength;
    private int committedRecords;

    @Test
    void whatWasForcedSurvivesAPowerFailureInAnyOperation() {
        Randomized.forAll(RUNS, random -> {
            List<Entry> entries = SegmentFixture.randomLane(random, "main", 20 + random.nextInt(200), 900);
            CrashFileStore machine = new CrashFileStore();
            machine.crashAt(1 + random.nextInt(MOST_OPERATIONS));
            committedLength = 0;
            committedRecords = 0;
            try {
                write(new SegmentFixture(machine).buffered(random.nextBoolean()), entries, random);
            } catch (SimulatedCrash | ClosedException e) {
                assertThat(machine.isDown()).isTrue();
            }
            CrashFileStore survivor = machine.crash(random);
            if (committedLength > 0) {
                assertCommittedIsThere(new SegmentFixture(survivor), entries);
            }
        });
    }

    private void write(SegmentFixture fixture, List<Entry> entries, RandomGenerator random) {
        try (SegmentWriter writer = fixture.writer(SegmentFixture.mixed())) {
            for (int i = 0; i < entries.size(); i++) {
                append(writer, entries.get(i));
                if (random.nextInt(20) == 0) {
                    commit(fixture, writer, i + 1);
                }
            }
            commit(fixture, writer, entries.size());
            writer.seal();
        }
    }

    private void commit(SegmentFixture fixture, SegmentWriter writer, int records) {
        writer.force();
        fixture.store.forceDirectory(Objects.requireNonNull(FILE.getParent()));
        committedLength = writer.lengthBytes();
        committedRecords = records;
    }

    private void assertCommittedIsThere(SegmentFixture fixture, List<Entry> entries) {
        byte[] before = fixture.bytes();
        SegmentScan scan = SegmentScanner.scan(fixture.store, FILE, fixture.access, committedLength);
        long found = scan.prefix().recordCount();
        assertThat(found).isBetween((long) committedRecords, (long) entries.size());
        try (Segment segment = fixture.open()) {
            assertThat(all(segment, committedLength)).isEqualTo(entries.subList(0, committedRecords));
            if (segment.isSealed()) {
                assertThat(segment.verify().recordCount()).isEqualTo(entries.size());
            } else {
                assertThat(all(segment, scan.prefix().dataEnd())).isEqualTo(entries.subList(0, (int) found));
            }
        }
        assertThat(fixture.bytes()).isEqualTo(before);
    }
}
