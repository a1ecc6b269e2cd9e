package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.AttemptWriter;
import io.firn.table.LaneReader;
import io.firn.table.LaneReaders;
import io.firn.table.ReadOrder;
import io.firn.table.ReadRange;
import io.firn.table.ReadRanges;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Parts of lanes: cut into ranges, read side by side, whatever the lifecycle does meanwhile. */
class LaneReadersTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final long MEMORY_BYTES = 8 << 20;

    private record Seen(String writer, long sequence, String partition, int valueHash) {}

    @Test
    void rangesHoldEverythingOnceWhateverHappensBetweenCuttingAndReading() {
        Randomized.forAll(8, random -> {
            try (Table table = table(new InMemoryFileStore());
                    LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                for (int round = 0; round < 3; round++) {
                    write(table, random, 300);
                    List<Seen> expected = read(table, ScanOptions.ALL);
                    List<ReadRange> ranges =
                            ReadRanges.of(table, ScanOptions.ALL, 1 + random.nextInt(200), 1L + random.nextInt(20_000));
                    act(manager, random);
                    assertThat(readEach(table, ranges)).isEqualTo(expected);
                    assertThat(readSideBySide(table, ranges, random)).containsExactlyInAnyOrderElementsOf(expected);
                }
            }
        });
    }

    @Test
    void eachReaderOfAWriterSeesEverythingOfItsRange() {
        try (Table table = table(new InMemoryFileStore());
                TableWriter writer = writer(table, "main");
                LaneReaders readers = table.laneReaders(MEMORY_BYTES)) {
            for (int i = 0; i < 10; i++) {
                append(writer, i);
            }
            writer.commit();
            ScanOptions secondHalf =
                    ScanOptions.builder().fromSequences(Map.of("main", 5L)).build();
            for (ScanOptions options : List.of(ScanOptions.ALL, ScanOptions.ALL, secondHalf)) {
                try (LaneReader reader = readers.open("main", options)) {
                    assertThat(drain(reader)).hasSize(options.equals(secondHalf) ? 5 : 10);
                }
            }
        }
    }

    @Test
    void aRefreshFindsTheLaneOfAWriterThatBeginsLater() {
        try (Table table = table(new InMemoryFileStore());
                LaneReaders readers = table.laneReaders(MEMORY_BYTES);
                LaneReader later = readers.open("later", ScanOptions.ALL)) {
            readers.refresh();
            assertThat(later.next()).isFalse();
            assertThat(readers.refresh()).isFalse();
            try (TableWriter writer = writer(table, "later")) {
                append(writer, 1);
                writer.commit();
                assertThat(readers.refresh()).isTrue();
                assertThat(drain(later)).hasSize(1);
            }
        }
    }

    @Test
    void aRefreshTellsWhatWasPlannedForAnotherReader() {
        try (Table table = table(new InMemoryFileStore());
                TableWriter a = writer(table, "a");
                TableWriter b = writer(table, "b");
                LaneReaders readers = table.laneReaders(MEMORY_BYTES);
                LaneReader ofA = readers.open("a", ScanOptions.ALL)) {
            append(a, 1);
            a.commit();
            append(b, 1);
            b.commit();
            assertThat(drain(ofA)).hasSize(1);
            append(a, 2);
            a.commit();
            assertThat(drain(readers.open("b", ScanOptions.ALL))).hasSize(1);
            assertThat(readers.refresh()).isTrue();
            assertThat(drain(ofA)).hasSize(1);
            assertThat(readers.refresh()).isFalse();
        }
    }

    @Test
    void rangesEndWhereFilesEnd() {
        try (Table table = table(new InMemoryFileStore())) {
            writeSegments(table, "main", 10, 100);
            List<ReadRange> ranges = ReadRanges.of(table, ScanOptions.ALL, 250, Long.MAX_VALUE);
            assertThat(ranges).extracting(ReadRange::fromSequence).containsExactly(0L, 300L, 600L, 900L);
            assertThat(ranges).extracting(ReadRange::toSequence).containsExactly(300L, 600L, 900L, 1000L);
            assertThat(ranges).extracting(ReadRange::records).containsExactly(300L, 300L, 300L, 100L);
            assertThat(ranges).extracting(ReadRange::minTimestampNs).containsExactly(0L, 300L, 600L, 900L);
        }
    }

    @Test
    void aFileThatIsMuchLargerThanARangeIsDivided() {
        try (Table table = table(new InMemoryFileStore());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            writeSegments(table, "main", 10, 100);
            manager.run(LifecycleRequest.compressAll());
            List<ReadRange> ranges = ReadRanges.of(table, ScanOptions.ALL, 100, Long.MAX_VALUE);
            assertThat(ranges).hasSize(10).allMatch(range -> range.toSequence() - range.fromSequence() == 100);
            assertThat(ReadRanges.of(table, ScanOptions.ALL, 1_000, Long.MAX_VALUE))
                    .hasSize(1);
            assertThat(ReadRanges.of(table, ScanOptions.ALL, 800, Long.MAX_VALUE))
                    .hasSize(1);
            assertThat(ReadRanges.of(table, ScanOptions.ALL, 799, Long.MAX_VALUE))
                    .hasSize(2);
        }
    }

    @Test
    void filesOutsideOfARangeAreNotOpened() {
        ForwardingFileStore store = new ForwardingFileStore(new InMemoryFileStore());
        AtomicInteger opened = new AtomicInteger();
        store.runBefore(StoreCall.is(StoreOperation.OPEN_READ, ".q"), opened::incrementAndGet);
        try (Table table = table(store)) {
            writeSegments(table, "main", 10, 100);
            opened.set(0);
            ScanOptions middle = ScanOptions.builder()
                    .fromSequences(Map.of("main", 400L))
                    .toSequences(Map.of("main", 600L))
                    .build();
            assertThat(read(table, middle)).hasSize(200).first().matches(seen -> seen.sequence == 400);
            assertThat(opened).hasValue(2);
            ScanOptions none = ScanOptions.builder()
                    .fromSequences(Map.of("main", 400L))
                    .toSequences(Map.of("main", 400L))
                    .build();
            assertThat(read(table, none)).isEmpty();
            assertThat(opened).hasValue(2);
        }
    }

    @Test
    void aRangeEndsInTheMiddleOfAFile() {
        try (Table table = table(new InMemoryFileStore());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            writeSegments(table, "a", 1, 100);
            writeSegments(table, "b", 1, 100);
            for (LifecycleRequest request :
                    List.of(LifecycleRequest.due(), LifecycleRequest.settleAll(), LifecycleRequest.compressAll())) {
                manager.run(request);
                for (long end : new long[] {0, 1, 50, 99, 100, 101}) {
                    ScanOptions options = ScanOptions.builder()
                            .writer("a")
                            .toSequences(Map.of("a", end))
                            .build();
                    try (TableReader reader = table.reader(options)) {
                        for (long sequence = 0; sequence < Math.min(100, end); sequence++) {
                            assertThat(reader.next()).isTrue();
                            assertThat(reader.record().sequence()).isEqualTo(sequence);
                        }
                        assertThat(reader.next()).isFalse();
                        assertThat(reader.next()).isFalse();
                        assertThat(reader.refresh()).isFalse();
                        assertThat(end == 0 || reader.position("a") == Math.min(100, end))
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void endsNeedTheOrderOfWriters() {
        assertThatThrownBy(() -> ScanOptions.builder()
                        .order(ReadOrder.TIME)
                        .toSequences(Map.of("a", 1L))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in order WRITER");
    }

    @Test
    void oneLookServesAllLanesAndTouchesNoOthers() {
        ForwardingFileStore store = new ForwardingFileStore(new InMemoryFileStore());
        AtomicInteger looksAtOther = new AtomicInteger();
        try (Table table = table(store);
                TableWriter a = writer(table, "a");
                TableWriter b = writer(table, "b");
                TableWriter other = writer(table, "other");
                LaneReaders lanes = table.laneReaders(MEMORY_BYTES)) {
            append(other, 0);
            other.commit();
            store.runBefore(StoreCall.is(StoreOperation.OPEN_READ, "other~"), looksAtOther::incrementAndGet);
            LaneReader readerA = lanes.open("a", ScanOptions.ALL);
            LaneReader readerB = lanes.open("b", ScanOptions.ALL);
            for (int i = 0; i < 20; i++) {
                append(i % 2 == 0 ? a : b, i);
                (i % 2 == 0 ? a : b).commit();
                assertThat(lanes.refresh()).isTrue();
                assertThat(lanes.refresh()).isFalse();
                assertThat(readerA.lag() + readerB.lag()).isEqualTo(1);
                assertThat(drain(readerA)).hasSize(i % 2 == 0 ? 1 : 0);
                assertThat(drain(readerB)).hasSize(i % 2 == 0 ? 0 : 1);
                assertThat(readerA.lag() + readerB.lag()).isZero();
            }
            assertThat(looksAtOther).hasValue(0);
            assertThat(readerA.isFinished()).isFalse();
        }
    }

    @Test
    void moreLanesThanMemoryTakeTurnsWithTheirFiles() {
        try (Table table = table(new InMemoryFileStore());
                LaneReaders lanes = table.laneReaders(1)) {
            List<LaneReader> readers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                writeSegments(table, "w" + i, 2, 50);
                readers.add(lanes.open("w" + i, ScanOptions.ALL));
            }
            for (int turn = 0; turn < 100; turn++) {
                for (LaneReader reader : readers) {
                    assertThat(reader.next()).isTrue();
                    assertThat(reader.record().sequence()).isEqualTo(turn);
                }
            }
            readers.forEach(reader -> assertThat(reader.next()).isFalse());
        }
    }

    @Test
    void theLaneOfAnEndedAttemptIsFinished() {
        try (Table table = table(new InMemoryFileStore());
                LaneReaders lanes = table.laneReaders(MEMORY_BYTES);
                AttemptWriter attempt = table.attempt(
                        WriterOptions.named("s-0-first").mapping(MAPPING).build())) {
            attempt.append(record(1, "k"));
            table.commit(attempt.prepare(List.of()));
            LaneReader reader = lanes.open("s-0-first", ScanOptions.ALL);
            assertThat(drain(reader)).hasSize(1);
            assertThat(reader.isFinished()).isFalse();
            try (AttemptWriter next = table.attempt(
                    WriterOptions.named("s-0-second").mapping(MAPPING).build())) {
                table.commit(next.prepare(List.of(new RetiredAttempt("s-0-first", 1))));
            }
            assertThat(lanes.refresh()).isTrue();
            assertThat(reader.next()).isFalse();
            assertThat(reader.isFinished()).isTrue();
        }
    }

    @Test
    void aRangeOfALaneThatIsGoneIsMissing() {
        try (Table table = table(new InMemoryFileStore());
                LaneReaders lanes = table.laneReaders(MEMORY_BYTES)) {
            LaneReader reader = lanes.open(
                    "gone",
                    ScanOptions.builder().toSequences(Map.of("gone", 10L)).build());
            assertThatThrownBy(reader::next)
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("no writer 'gone' any more");
            assertThat(lanes.open("not yet", ScanOptions.ALL).next()).isFalse();
        }
    }

    @Test
    void whatTheFilterPrunesIsInNoRange() {
        try (Table table = table(new InMemoryFileStore());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults());
                TableWriter writer = writer(table, "main")) {
            for (int i = 0; i < 200; i++) {
                writer.append(record(i, i < 100 ? "a" : "b"));
            }
            writer.finish();
            manager.run(LifecycleRequest.settleAll());
            ScanOptions onlyB = ScanOptions.builder()
                    .filter(PartitionFilter.exact("k", "b"))
                    .build();
            assertThat(ReadRanges.of(table, onlyB, 1_000, Long.MAX_VALUE))
                    .singleElement()
                    .satisfies(range -> {
                        assertThat(range.fromSequence()).isEqualTo(100);
                        assertThat(range.toSequence()).isEqualTo(200);
                        assertThat(range.minTimestampNs()).isEqualTo(100);
                        assertThat(range.records()).isEqualTo(100);
                    });
        }
    }

    private static List<Seen> readEach(Table table, List<ReadRange> ranges) {
        List<Seen> seen = new ArrayList<>();
        for (ReadRange range : ranges) {
            seen.addAll(read(table, optionsOf(range)));
        }
        return seen;
    }

    private static List<Seen> readSideBySide(Table table, List<ReadRange> ranges, RandomGenerator random) {
        List<Seen> seen = new ArrayList<>();
        try (LaneReaders lanes = table.laneReaders(MEMORY_BYTES)) {
            List<LaneReader> open = new ArrayList<>();
            ranges.forEach(range -> open.add(lanes.open(range.writer(), optionsOf(range))));
            while (!open.isEmpty()) {
                LaneReader reader = open.get(random.nextInt(open.size()));
                for (int i = random.nextInt(50); i >= 0; i--) {
                    if (reader.next()) {
                        seen.add(seen(reader));
                    } else if (reader.isFinished()) {
                        open.remove(reader);
                        reader.close();
                        break;
                    }
                }
            }
        }
        return seen;
    }

    private static ScanOptions optionsOf(ReadRange range) {
        return ScanOptions.builder()
                .writer(range.writer())
                .fromSequences(Map.of(range.writer(), range.fromSequence()))
                .toSequences(Map.of(range.writer(), range.toSequence()))
                .build();
    }

    private static void act(LifecycleManager manager, RandomGenerator random) {
        manager.run(
                switch (random.nextInt(5)) {
                    case 0 -> LifecycleRequest.settleAll();
                    case 1 -> LifecycleRequest.compressAll();
                    case 2 -> LifecycleRequest.decompressAll();
                    case 3 -> LifecycleRequest.compact();
                    default -> LifecycleRequest.due();
                });
    }

    private static void write(Table table, RandomGenerator random, int count) {
        for (String name : List.of("a", "b", "c")) {
            try (TableWriter writer = writer(table, name)) {
                for (int i = random.nextInt(count); i >= 0; i--) {
                    writer.append(record(random.nextInt(1_000), "p" + random.nextInt(4)));
                    if (random.nextInt(60) == 0) {
                        writer.roll();
                    }
                    if (random.nextInt(60) == 0) {
                        writer.commit();
                    }
                }
                writer.finish();
            }
        }
    }

    private static void writeSegments(Table table, String name, int segments, int records) {
        try (TableWriter writer = writer(table, name)) {
            for (int i = 0; i < segments * records; i++) {
                append(writer, i);
                if (i % records == records - 1) {
                    writer.roll();
                }
            }
            writer.finish();
        }
    }

    private static List<Seen> drain(LaneReader reader) {
        List<Seen> seen = new ArrayList<>();
        while (reader.next()) {
            seen.add(seen(reader));
        }
        return seen;
    }

    private static Seen seen(LaneReader reader) {
        return new Seen(
                reader.writer(),
                reader.record().sequence(),
                reader.partitionPath(),
                reader.record().toRecord().hashCode());
    }

    private static List<Seen> read(Table table, ScanOptions options) {
        List<Seen> seen = new ArrayList<>();
        try (TableReader reader = table.reader(options)) {
            while (reader.next()) {
                seen.add(new Seen(
                        reader.writer(),
                        reader.record().sequence(),
                        reader.partitionPath(),
                        reader.record().toRecord().hashCode()));
            }
        }
        return seen;
    }

    private static TableWriter writer(Table table, String name) {
        return table.writer(WriterOptions.named(name).mapping(MAPPING).build());
    }

    private static void append(TableWriter writer, long timestampNs) {
        writer.append(record(timestampNs, "k"));
    }

    private static StreamRecord record(long timestampNs, String key) {
        return StreamRecord.atNanos(timestampNs)
                .key(key.getBytes(StandardCharsets.UTF_8))
                .value(("v" + timestampNs).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static Table table(FileStore store) {
        return Table.create(
                Path.of("/t"),
                MAPPING.scheme(),
                TableConfig.defaults(),
                TableEnvironment.deterministic(store, TestTables.CLOCK));
    }
}
