package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.access.AccessTracker;
import io.firn.fs.FileStore;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A dropped partition takes its directory along, and whoever is about to write there makes it again. */
class EmptyDirectoriesTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key,dt:date=timestamp");
    private static final LifecycleRequest DROP_A = LifecycleRequest.drop(PartitionFilter.exact("k", "a"));
    private static final Path OF_A = WrittenTable.ROOT.resolve("k=a");
    private static final Path FIRST_DAY = OF_A.resolve("dt=1970-01-01");

    @Test
    void theDirectoriesOfADroppedPartitionGo() {
        FileStore store = prepared();
        store.createExclusively(FIRST_DAY.resolve(AccessTracker.LOG_FILE))
                .orElseThrow()
                .close();
        maintain(store, DROP_A);
        assertThat(store.exists(OF_A)).isFalse();
        assertThat(store.isDirectory(WrittenTable.ROOT.resolve("k=b/dt=1970-01-01")))
                .isTrue();
        write(store);
        maintain(store, LifecycleRequest.compressAll());
        assertThat(store.list(FIRST_DAY)).hasSize(1);
    }

    @Test
    void aDirectoryWithAnythingElseInItStays() {
        FileStore store = prepared();
        Path note = FIRST_DAY.resolve("note.txt");
        store.createExclusively(note).orElseThrow().close();
        maintain(store, DROP_A);
        assertThat(store.list(FIRST_DAY)).containsExactly("note.txt");
        assertThat(store.list(OF_A)).containsExactly("dt=1970-01-01");
        assertThat(store.delete(note)).isTrue();
        maintain(store, DROP_A);
        assertThat(store.exists(OF_A)).isFalse();
    }

    @Test
    void aFileThatComesInTheLastMomentKeepsTheDirectory() {
        CrashFileStore machine = prepared();
        Path late = FIRST_DAY.resolve("late.q");
        ForwardingFileStore racing = new ForwardingFileStore(machine);
        racing.runBeforeOnce(
                call -> call.operation() == StoreOperation.DELETE && call.path().equals(FIRST_DAY),
                () -> machine.createExclusively(late).orElseThrow().close());
        maintain(racing, DROP_A);
        assertThat(machine.exists(late)).isTrue();
    }

    @Test
    void aWriterWhoseDirectoryIsRemovedUnderItMakesItAgain() {
        CrashFileStore machine = prepared();
        AtomicInteger races = new AtomicInteger();
        ForwardingFileStore racing = new ForwardingFileStore(machine);
        racing.runBefore(
                call -> call.operation() == StoreOperation.CREATE && call.path().startsWith(FIRST_DAY), () -> {
                    if (races.getAndIncrement() < 3) {
                        maintain(WrittenTable.withoutLocks(machine), DROP_A);
                        assertThat(machine.exists(FIRST_DAY)).isFalse();
                    }
                });
        try (Table table = WrittenTable.open(racing);
                TableWriter writer = table.writer(WriterOptions.named("fixed")
                        .partition(table.scheme().parsePath("k=a/dt=1970-01-01"))
                        .build())) {
            writer.append(0, 0, ByteBuffer.wrap(new byte[] {1}));
            writer.finish();
        }
        assertThat(races.get()).isEqualTo(4);
        CrashFileStore restarted = machine.crash(new SplittableRandom(1));
        try (Table table = WrittenTable.open(restarted)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            assertThat(table.lanes()).anyMatch(lane -> lane.records() == 1);
        }
    }

    @Test
    void whatIsCommittedInADirectoryThatSomebodyElseMadeAgainSurvivesAPowerLoss() {
        Randomized.forAll(10, random -> {
            CrashFileStore machine = prepared();
            try (Table table = WrittenTable.open(machine);
                    TableWriter writer = table.writer(WriterOptions.named("fixed")
                            .partition(table.scheme().parsePath("k=a/dt=1970-01-01"))
                            .build())) {
                writer.append(0, 0, ByteBuffer.wrap(new byte[] {1}));
                writer.roll();
                writer.commit();
                maintain(machine, DROP_A);
                assertThat(machine.exists(OF_A)).isFalse();
                // Another writer came, and has not forced what it made.
                machine.createDirectory(OF_A);
                machine.createDirectory(FIRST_DAY);
                writer.append(1, 0, ByteBuffer.wrap(new byte[] {2}));
                writer.commit();
                CrashFileStore restarted = machine.crash(random);
                try (Table opened = WrittenTable.open(restarted);
                        TableReader reader = opened.reader(ScanOptions.builder()
                                .writer("fixed@k=a/dt=1970-01-01")
                                .build())) {
                    assertThat(reader.next()).isTrue();
                    assertThat(reader.record().sequence()).isEqualTo(1);
                }
            }
        });
    }

    private static LifecycleStats maintain(FileStore store, LifecycleRequest request) {
        LifecycleStats stats = WrittenTable.maintain(store, request);
        assertThat(stats.errors()).isEmpty();
        return stats;
    }

    private static CrashFileStore prepared() {
        CrashFileStore machine = WrittenTable.machine();
        TableConfig config = TableConfig.builder().segmentSizeBytes(64 << 10).build();
        Table.create(WrittenTable.ROOT, MAPPING.scheme(), config, WrittenTable.environment(machine))
                .close();
        write(machine);
        maintain(machine, LifecycleRequest.compressAll());
        return machine;
    }

    private static void write(FileStore store) {
        try (Table table = WrittenTable.open(store);
                TableWriter writer =
                        table.writer(WriterOptions.named("w").mapping(MAPPING).build())) {
            for (String key : new String[] {"a", "b"}) {
                writer.append(StreamRecord.atMillis(0)
                        .key(key.getBytes(StandardCharsets.UTF_8))
                        .value(new byte[] {1})
                        .build());
            }
            writer.finish();
        }
    }
}
