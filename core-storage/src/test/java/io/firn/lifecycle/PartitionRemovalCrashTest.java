package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.ClosedException;
import io.firn.fs.FileStore;
import io.firn.lifecycle.rebuild.LostCatalog;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.lifecycle.verify.VerifyReport;
import io.firn.log.ExpiryMarkers;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.CrashFileStore;
import io.firn.testing.SimulatedCrash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * A power loss before each operation of a removal: the partition is there as a whole or gone as a whole, and after the
 * next run it is gone for ever, whatever is settled and compressed later.
 */
class PartitionRemovalCrashTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final LifecycleRequest DROP = LifecycleRequest.drop(PartitionFilter.exact("k", "p0"));
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 12;

    @Test
    void aPowerLossBeforeEachOperation() {
        CrashFileStore counted = prepared();
        long before = counted.mutationCount();
        assertThat(WrittenTable.maintain(counted, DROP).removed().records()).isEqualTo(2 * RECORDS / PARTITIONS);
        long operations = counted.mutationCount() - before;
        assertThat(operations).isGreaterThan(10);
        int removed = 0;
        for (long operation = 1; operation <= operations; operation++) {
            removed += crashAt(operation) ? 1 : 0;
        }
        assertThat(removed).isBetween(1, (int) operations - 1);
    }

    /** Returns whether the removal had taken place. */
    private static boolean crashAt(long operation) {
        CrashFileStore machine = prepared();
        machine.crashAt(operation);
        try {
            WrittenTable.maintain(machine, DROP);
        } catch (SimulatedCrash | ClosedException powerFailed) {
            assertThat(machine.isDown()).isTrue();
        }
        CrashFileStore restarted = machine.crash(new SplittableRandom(operation));
        List<Long> seen = sequences(restarted);
        boolean removed = seen.equals(left());
        if (!removed) {
            assertThat(seen)
                    .as("after a power loss before operation %s", operation)
                    .isEqualTo(all());
        }
        if (operation % 2 == 0) {
            assertThat(WrittenTable.maintain(restarted, LifecycleRequest.settleAll())
                            .errors())
                    .isEmpty();
            assertThat(sequences(restarted)).isEqualTo(seen);
        }
        assertThat(WrittenTable.maintain(restarted, DROP).errors()).isEmpty();
        assertThat(sequences(restarted)).isEqualTo(left());
        assertThat(WrittenTable.maintain(restarted, LifecycleRequest.compressAll())
                        .errors())
                .isEmpty();
        assertThat(sequences(restarted)).isEqualTo(left());
        assertTidy(restarted);
        return removed;
    }

    @Test
    void aRebuiltCatalogLeavesOutWhatWasRemoved() {
        CrashFileStore counted = prepared();
        long before = counted.mutationCount();
        WrittenTable.maintain(counted, DROP);
        long operations = counted.mutationCount() - before;
        int removed = 0;
        for (long operation = 1; operation <= operations + 1; operation++) {
            removed += rebuildAfterCrashAt(operation) ? 1 : 0;
        }
        assertThat(removed).isBetween(2, (int) operations - 1);
    }

    /** Returns whether the removal had taken place; the marker alone is enough for the rebuild to complete it. */
    private static boolean rebuildAfterCrashAt(long operation) {
        SplittableRandom random = new SplittableRandom(operation);
        CrashFileStore machine = prepared();
        machine.crashAt(operation);
        try {
            WrittenTable.maintain(machine, DROP);
        } catch (SimulatedCrash | ClosedException powerFailed) {
            assertThat(machine.isDown()).isTrue();
        }
        CrashFileStore restarted = machine.crash(random);
        boolean removed = sequences(restarted).equals(left());
        LostCatalog.lose(restarted, random);
        RebuildReport report = LostCatalog.rebuild(restarted);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        List<Long> seen = sequences(restarted);
        if (removed || seen.size() < all().size()) {
            assertThat(seen).as("rebuilt after operation %s", operation).isEqualTo(left());
        } else {
            assertThat(seen).isEqualTo(all());
        }
        write(restarted);
        assertThat(WrittenTable.maintain(restarted, LifecycleRequest.compressAll())
                        .errors())
                .isEmpty();
        try (Table table = WrittenTable.open(restarted)) {
            assertThat(ExpiryMarkers.read(table.layout()).isEmpty()).isEqualTo(seen.equals(all()));
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
        assertThat(sequences(restarted).stream().filter(sequence -> sequence < all().size()))
                .as("what was removed does not come back with later records of its partition")
                .containsExactlyElementsOf(seen);
        return removed;
    }

    private static void assertTidy(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            assertThat(store.list(table.layout().temporary())).isEmpty();
            assertThat(store.exists(table.layout().resolve("k=p0"))).isFalse();
            assertThat(WrittenTable.segmentFiles(store))
                    .hasSize(table.contents().segments().size());
            assertThat(ExpiryMarkers.read(table.layout())).isNotEmpty();
            assertThat(ExpiryMarkers.read(table.layout()).stream()
                            .mapToLong(range -> range.records())
                            .sum())
                    .isEqualTo(2 * RECORDS / PARTITIONS);
            VerifyReport report = TableVerifier.verify(table);
            assertThat(report.damages()).isEmpty();
        }
    }

    /** One file of each partition is cold, and as much stands in a sealed hot segment. */
    private static CrashFileStore prepared() {
        CrashFileStore machine = WrittenTable.machine();
        WrittenTable.create(machine);
        write(machine);
        assertThat(WrittenTable.maintain(machine, LifecycleRequest.compressAll())
                        .errors())
                .isEmpty();
        write(machine);
        return machine;
    }

    private static void write(FileStore store) {
        try (Table table = WrittenTable.open(store);
                TableWriter writer =
                        table.writer(WriterOptions.named("w").mapping(MAPPING).build())) {
            for (int i = 0; i < RECORDS; i++) {
                long sequence = writer.nextSequence();
                writer.append(StreamRecord.atMillis(sequence)
                        .key(("p" + sequence % PARTITIONS).getBytes(StandardCharsets.UTF_8))
                        .value(("value " + sequence).getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
        }
    }

    private static List<Long> sequences(FileStore store) {
        List<Long> sequences = new ArrayList<>();
        try (Table table = WrittenTable.open(store);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                sequences.add(reader.record().sequence());
            }
        }
        return sequences;
    }

    private static List<Long> all() {
        return LongStream.range(0, 2 * RECORDS).boxed().toList();
    }

    private static List<Long> left() {
        return all().stream().filter(sequence -> sequence % PARTITIONS != 0).toList();
    }
}
