package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.fs.FileStore;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.table.Isolation;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readers in the order of time, and partition by partition. */
class ReadOrderTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final Path ROOT = Path.of("/t");
    private static final int SMALL_BUDGET = 1 << 20;

    private static final Comparator<Seen> BY_TIME = Comparator.comparingLong(Seen::timestampNs)
            .thenComparing(Seen::partition)
            .thenComparing(Seen::writer)
            .thenComparingLong(Seen::sequence);
    private static final Comparator<Seen> BY_PARTITION =
            Comparator.comparing(Seen::partition).thenComparing(Seen::writer).thenComparingLong(Seen::sequence);

    private record Seen(long timestampNs, String partition, String writer, long sequence, int valueHash) {}

    @Test
    void theMergeEqualsASortOfAllRecordsWhateverTheLifecycleDid() {
        Randomized.forAll(6, random -> {
            try (Table table = table(new InMemoryFileStore());
                    LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                for (int round = 0; round < 4; round++) {
                    write(table, random, 300);
                    manager.run(
                            switch (random.nextInt(4)) {
                                case 0 -> LifecycleRequest.settleAll();
                                case 1 -> LifecycleRequest.compressAll();
                                case 2 -> LifecycleRequest.decompressAll();
                                default -> LifecycleRequest.due();
                            });
                    assertOrders(table, random);
                }
            }
        });
    }

    @Test
    void partitionsComeInOrderEachWriterByWriter() {
        Randomized.forAll(3, random -> {
            try (Table table = table(new InMemoryFileStore());
                    LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                write(table, random, 200);
                assertThat(read(table, ReadOrder.PARTITION)).isEqualTo(sorted(table, BY_PARTITION));
                manager.run(LifecycleRequest.settleAll());
                write(table, random, 200);
                List<Seen> both = read(table, ReadOrder.PARTITION);
                assertThat(both).isEqualTo(sorted(table, BY_PARTITION)).hasSizeGreaterThan(400);
                manager.run(LifecycleRequest.compressAll());
                assertThat(read(table, ReadOrder.PARTITION)).isEqualTo(both);
            }
        });
    }

    @Test
    void thousandsOfSegmentsAreMergedWithOneOpenAndOnlyOverlappingOnesAreOpened() {
        OpenFiles store = new OpenFiles(new InMemoryFileStore(128 << 10, TestTables.CLOCK));
        try (Table table = table(store, 64 << 10)) {
            int segments = 2_400;
            for (String name : List.of("a", "b")) {
                try (TableWriter writer = writer(table, name)) {
                    for (int i = 0; i < segments / 2; i++) {
                        writer.append(record(i * 1_000L, "p" + i % 3, "value " + i));
                        writer.append(record(i * 1_000L + 1_500, "p" + i % 3, "later " + i));
                        writer.roll();
                        if (i % 100 == 99) {
                            writer.commit();
                        }
                    }
                    writer.finish();
                }
            }
            store.readsOfOthers = 0;
            assertThat(read(table, ReadOrder.TIME)).hasSize(2 * segments).isEqualTo(sorted(table, BY_TIME));
            assertThat(store.readsOfOthers).isZero();
            try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                manager.run(LifecycleRequest.settleAll());
            }
            for (int i = 0; i < 3; i++) {
                try (TableWriter writer = writer(table, "late" + i)) {
                    writer.append(record(1_000_000L * 10 * (i + 1), "p0", "x".repeat(100)));
                    writer.finish();
                }
            }
            store.readsOfOthers = 0;
            store.segments.clear();
            ScanOptions ofOne = ScanOptions.builder()
                    .order(ReadOrder.TIME)
                    .fromNs(19_000_000L * 1_000_000)
                    .toNs(21_000_000L * 1_000_000)
                    .build();
            assertThat(read(table, ofOne))
                    .singleElement()
                    .matches(seen -> seen.writer().equals("late1"));
            assertThat(store.readsOfOthers).isZero();
            assertThat(store.segments).as("the settled files are never opened").hasSize(3);
        }
    }

    @Test
    void whatIsRewrittenMeanwhileChangesNoOrder() {
        for (ReadOrder order : List.of(ReadOrder.TIME, ReadOrder.PARTITION)) {
            Randomized.forAll(2, random -> {
                try (Table table = table(new InMemoryFileStore());
                        LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                    write(table, random, 1_200);
                    List<Seen> expected = read(table, order);
                    ScanOptions options =
                            options(order).memoryBytes(SMALL_BUDGET).build();
                    try (TableReader reader = table.reader(options)) {
                        List<Seen> seen = new ArrayList<>();
                        while (reader.next()) {
                            seen.add(seen(reader));
                            if (seen.size() == 5 || seen.size() == 700 || seen.size() == 1_000) {
                                write(table, random, 20);
                                manager.run(
                                        seen.size() == 700
                                                ? LifecycleRequest.compressAll()
                                                : LifecycleRequest.settleAll());
                            }
                        }
                        assertThat(seen).isEqualTo(expected);
                        assertThat(reader.refresh()).isTrue();
                        while (reader.next()) {
                            seen.add(seen(reader));
                        }
                        assertThat(new HashSet<>(seen)).hasSameSizeAs(seen);
                        assertThat(seen).containsExactlyInAnyOrderElementsOf(read(table, ReadOrder.WRITER));
                        assertThat(reader.refresh()).isFalse();
                        for (String writer : List.of("a", "b", "c")) {
                            assertThat(reader.position(writer)).isEqualTo(positionOf(table, writer));
                        }
                    }
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCameBeforeAReaderHadToPlanAnewIsSeenByARefresh(ReadOrder order) {
        try (Table table = table(new InMemoryFileStore());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            Random random = new Random(3);
            write(table, random, 1_200);
            ScanOptions options = options(order).memoryBytes(SMALL_BUDGET).build();
            try (TableReader reader = table.reader(options)) {
                List<Seen> seen = new ArrayList<>();
                while (reader.next()) {
                    seen.add(seen(reader));
                    if (seen.size() == 1) {
                        write(table, random, 20);
                        manager.run(LifecycleRequest.settleAll()); // the files that the reader knows are gone
                    }
                }
                reader.refresh();
                while (reader.next()) {
                    seen.add(seen(reader));
                }
                assertThat(seen).containsExactlyInAnyOrderElementsOf(read(table, ReadOrder.WRITER));
                assertThat(reader.refresh()).isFalse();
            }
        }
    }

    @Test
    void whatMayBeWithdrawnHasNoOrderOfTime() {
        assertThatThrownBy(() -> options(ReadOrder.TIME)
                        .isolation(Isolation.READ_UNCOMMITTED)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("order TIME");
    }

    private static void assertOrders(Table table, RandomGenerator random) {
        List<Seen> byTime = sorted(table, BY_TIME);
        assertThat(read(table, ReadOrder.TIME)).isEqualTo(byTime);
        assertThat(read(table, options(ReadOrder.TIME).memoryBytes(SMALL_BUDGET).build()))
                .as("in many slices")
                .isEqualTo(byTime);
        long from = byTime.get(random.nextInt(byTime.size())).timestampNs();
        long to = from + random.nextInt(1_000) * 1_000_000L;
        ScanOptions some = options(ReadOrder.TIME)
                .fromNs(from)
                .toNs(to)
                .filter(PartitionFilter.parse("k = 'p1'", table.scheme()))
                .fromSequences(Map.of("a", 50L))
                .build();
        assertThat(read(table, some))
                .isEqualTo(byTime.stream()
                        .filter(seen -> seen.timestampNs() >= from && seen.timestampNs() < to)
                        .filter(seen -> seen.partition().equals("k=p1"))
                        .filter(seen -> !seen.writer().equals("a") || seen.sequence() >= 50)
                        .toList());
    }

    /** Writers of mixed and of fixed partitions; times are out of order and often equal. */
    private static void write(Table table, RandomGenerator random, int count) {
        for (String name : List.of("a", "b", "c", "fixed")) {
            WriterOptions.Builder options = WriterOptions.named(name);
            try (TableWriter writer = table.writer(
                    name.equals("fixed")
                            ? options.partition(PartitionValues.of(table.scheme(), "p1"))
                                    .build()
                            : options.mapping(MAPPING).build())) {
                long start = writer.nextSequence();
                for (int i = 0; i < count; i++) {
                    long timestampMs = name.equals("b") ? random.nextInt(2_000) - 1_000 : start + i - random.nextInt(9);
                    writer.append(record(timestampMs, "p" + random.nextInt(4), "v".repeat(random.nextInt(1_500))));
                    if (random.nextInt(200) == 0) {
                        writer.roll();
                    }
                }
                writer.commit();
                if (random.nextBoolean()) {
                    writer.finish();
                }
            }
        }
    }

    private static List<Seen> sorted(Table table, Comparator<Seen> order) {
        return read(table, ReadOrder.WRITER).stream().sorted(order).toList();
    }

    private static List<Seen> read(Table table, ReadOrder order) {
        return read(table, options(order).build());
    }

    private static List<Seen> read(Table table, ScanOptions options) {
        List<Seen> all = new ArrayList<>();
        try (TableReader reader = table.reader(options)) {
            while (reader.next()) {
                all.add(seen(reader));
            }
        }
        return all;
    }

    private static Seen seen(TableReader reader) {
        return new Seen(
                reader.record().timestampNs(),
                reader.partitionPath(),
                reader.writer(),
                reader.record().sequence(),
                reader.record().toRecord().hashCode());
    }

    private static long positionOf(Table table, String writer) {
        return table.lanes().stream()
                .filter(lane -> lane.writer().equals(writer))
                .findFirst()
                .orElseThrow()
                .position();
    }

    private static ScanOptions.Builder options(ReadOrder order) {
        return ScanOptions.builder().order(order);
    }

    private static StreamRecord record(long timestampMs, String key, String value) {
        return StreamRecord.atMillis(timestampMs)
                .key(key.getBytes(StandardCharsets.UTF_8))
                .value(value.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static TableWriter writer(Table table, String name) {
        return table.writer(WriterOptions.named(name).mapping(MAPPING).build());
    }

    private static Table table(FileStore store) {
        return table(store, 256 << 10);
    }

    private static Table table(FileStore store, int segmentBytes) {
        TableConfig config = TableConfig.builder()
                .set(TableOption.DISK_MIN_FREE_BYTES, "0")
                .segmentSizeBytes(segmentBytes)
                .compressionBlockSizeBytes(64 << 10)
                .build();
        return Table.create(ROOT, MAPPING.scheme(), config, TableEnvironment.deterministic(store, TestTables.CLOCK));
    }

    /** Watches which segment files are read: with one open at a time only the one that was opened last. */
    private static final class OpenFiles extends ForwardingFileStore {
        private final Set<Path> segments = new HashSet<>();
        private Path last = Path.of("");
        private int readsOfOthers;

        OpenFiles(FileStore store) {
            super(store);
        }

        @Override
        protected void before(StoreCall call) {
            String name = call.path().toString();
            if (!name.endsWith(".q") && !name.endsWith(".zst")) {
                return;
            }
            if (call.operation() == StoreOperation.OPEN_READ) {
                segments.add(call.path());
                last = call.path();
            } else if (call.operation() == StoreOperation.READ && !call.path().equals(last)) {
                readsOfOthers++;
            }
        }
    }
}
