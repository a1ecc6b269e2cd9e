package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.StorageFullException;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.log.LaneName;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.NetworkFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that go on after a refresh. */
class TailingReaderTest {
    private static final PartitionMapping BY_KEY = PartitionMapping.parse("k:string=key");

    @TempDir
    Path directory;

    private final ForwardingFileStore store = new ForwardingFileStore(LocalFileStore.open(IoMode.AUTO));

    @Test
    void manyRefreshesOpenAGrowingSegmentOnce() {
        AtomicInteger opened = countOpened(store);
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            for (int i = 0; i < 50; i++) {
                append(writer, "a" + i);
                append(writer, "b" + i);
                writer.commit();
                assertThat(drain(reader)).containsExactly("a" + i, "b" + i);
                assertThat(drain(reader)).isEmpty();
            }
            assertThat(opened).hasValue(1);

            writer.roll();
            append(writer, "behind the roll");
            writer.commit();
            assertThat(drain(reader)).containsExactly("behind the roll");
            append(writer, "and on");
            writer.commit();
            assertThat(drain(reader)).containsExactly("and on");
        }
    }

    @Test
    void lanesInWhichNothingHappenedAreNotOpenedAgain() {
        AtomicInteger opened = countOpened(store);
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableWriter quiet = table.writer(
                        WriterOptions.named("quiet").mapping(BY_KEY).build());
                TableReader reader = table.reader(ScanOptions.ALL)) {
            append(quiet, "quiet");
            quiet.commit();
            quiet.roll();
            quiet.commit();
            append(writer, "first");
            writer.commit();
            assertThat(drain(reader)).containsExactly("first", "quiet");
            int before = opened.get();
            for (int i = 0; i < 5; i++) {
                append(writer, "more");
                writer.commit();
                assertThat(drain(reader)).containsExactly("more");
            }
            assertThat(opened).hasValue(before);
        }
    }

    @Test
    void anUncommittedReaderKeepsTheGrowingSegmentToo() {
        AtomicInteger opened = countOpened(store);
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableReader reader = table.reader(uncommitted)) {
            for (int i = 0; i < 20; i++) {
                append(writer, "v" + i);
                if (i % 3 == 0) {
                    writer.commit();
                }
                assertThat(drain(reader)).containsExactly("v" + i);
            }
            assertThat(opened).hasValue(1);
        }
    }

    @Test
    void anUncommittedReaderOfASettledLaneSeesWhatIsAppended() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = table(store);
                TableWriter writer = writer(table)) {
            append(writer, "settled");
            writer.roll();
            writer.commit();
            try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                manager.run(LifecycleRequest.settleAll());
            }
            append(writer, "first");
            try (TableReader reader = table.reader(uncommitted)) {
                assertThat(drain(reader)).containsExactly("settled", "first");
                for (int i = 0; i < 5; i++) {
                    append(writer, "more" + i);
                    assertThat(drain(reader)).containsExactly("more" + i);
                }
            }
        }
    }

    @Test
    void aReaderByTimeForgetsHowLongAGrowingSegmentWas() {
        ScanOptions byTime = ScanOptions.builder().order(ReadOrder.TIME).build();
        try (Table table = table(store);
                TableWriter writer = writer(table)) {
            TimedFiles files = new TimedFiles(table, byTime, PartitionPruning.of(table.scheme(), byTime.filter()));
            for (int i = 0; i < 5; i++) {
                append(writer, "v" + i);
                writer.commit();
                assertThat(files.of(ScanBatch.first(table, byTime))).hasSize(1);
                assertThat(files.remembered()).isEqualTo(1);
            }
        }
    }

    @Test
    void aLaneThatNobodyBeganIsNoReasonToPlanAgain() {
        FaultyFileStore disk = new FaultyFileStore(store);
        try (Table table = table(disk);
                TableWriter writer = writer(table)) {
            append(writer, "0");
            writer.commit();
            disk.inject(Fault.on(call -> call.operation() == StoreOperation.WRITE
                            && call.path().toString().contains(LaneName.encode("other")))
                    .full());
            assertThatThrownBy(() -> writer(table, "other")).isInstanceOf(StorageFullException.class);
            for (ReadOrder order : ReadOrder.values()) {
                ScanOptions options = ScanOptions.builder().order(order).build();
                try (TableReader reader = table.reader(options)) {
                    assertThat(rest(reader)).containsExactly("0");
                    assertThat(reader.refresh())
                            .as("%s: nothing has changed", order)
                            .isFalse();
                }
            }
            try (TableReader reader = table.reader(ScanOptions.ALL)) {
                assertThat(rest(reader)).containsExactly("0");
                try (TableWriter other = writer(table, "other")) {
                    append(other, "1");
                    other.commit();
                }
                assertThat(drain(reader)).containsExactly("1");
            }
        }
    }

    @Test
    void onANetworkFileSystemFilesAreOpenedAgainBecauseAnOpenOneMayBeStale() {
        NetworkFileStore network = new NetworkFileStore(LocalFileStore.open(IoMode.CHANNEL), "nfs4");
        AtomicInteger opened = countOpened(network);
        try (Table table = table(network);
                TableWriter writer = writer(table);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            for (int i = 0; i < 3; i++) {
                append(writer, "v" + i);
                writer.commit();
                assertThat(drain(reader)).containsExactly("v" + i);
            }
            assertThat(opened).hasValue(3);
        }
    }

    @Test
    void aReaderThatLeavesInTheMiddleOfAScanMissesNothing() {
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                append(writer, "v" + 2 * i);
                append(writer, "v" + (2 * i + 1));
                writer.commit();
                reader.refresh();
                if (i % 4 == 0) {
                    while (reader.next()) {
                        seen.add(value(reader));
                    }
                } else if (reader.next()) {
                    seen.add(value(reader));
                }
            }
            seen.addAll(drain(reader));
            assertThat(seen).hasSize(60).first().isEqualTo("v0");
            for (int i = 0; i < seen.size(); i++) {
                assertThat(seen.get(i)).isEqualTo("v" + i);
            }
        }
    }

    private static AtomicInteger countOpened(ForwardingFileStore counted) {
        AtomicInteger opened = new AtomicInteger();
        counted.runBefore(StoreCall.is(StoreOperation.OPEN_READ, ".q"), opened::incrementAndGet);
        return opened;
    }

    @Test
    void anUncommittedReaderSeesWhatReplacesWithdrawnRecordsHoweverLateItComes() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableReader reader = table.reader(uncommitted)) {
            append(writer, "0");
            writer.commit();
            append(writer, "withdrawn");
            assertThat(drain(reader)).containsExactly("0", "withdrawn");
            writer.rollback();
            assertThat(drain(reader)).isEmpty();
            append(writer, "in its place");
            assertThat(drain(reader)).containsExactly("in its place");
        }
    }

    @Test
    void anUncommittedReaderFollowsAnOpenSegmentWithoutAnyLookAtTheFileSystem() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableReader reader = table.reader(uncommitted)) {
            append(writer, "first");
            assertThat(drain(reader)).containsExactly("first");
            AtomicInteger calls = new AtomicInteger();
            store.runBefore(StoreCall.any(), calls::incrementAndGet);
            assertThat(reader.next()).isFalse(); // from here on the memory is mapped
            calls.set(0);
            for (int i = 0; i < 1000; i++) {
                assertThat(reader.next()).isFalse();
            }
            assertThat(calls).hasValue(0);
            append(writer, "second");
            append(writer, "third");
            assertThat(reader.next()).isTrue();
            assertThat(value(reader)).isEqualTo("second");
            assertThat(reader.position("main")).isEqualTo(2);
            assertThat(reader.next()).isTrue();
            assertThat(value(reader)).isEqualTo("third");
            assertThat(reader.next()).isFalse();

            writer.roll();
            append(writer, "behind the roll");
            writer.commit();
            assertThat(reader.next()).isFalse();
            assertThat(drain(reader)).containsExactly("behind the roll");
            append(writer, "and on");
            assertThat(reader.next()).isTrue();
            assertThat(value(reader)).isEqualTo("and on");
        }
    }

    @Test
    void aFewNewRecordsAreTakenOutOfTheMemoryAndManyOrLargeOnesAreReadFromTheFile() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableReader reader = table.reader(uncommitted)) {
            append(writer, "first");
            assertThat(drain(reader)).containsExactly("first");
            assertThat(reader.next()).isFalse();
            AtomicInteger reads = new AtomicInteger();
            store.runBefore(StoreCall.is(StoreOperation.READ, ".q"), reads::incrementAndGet);

            for (int i = 0; i < 1000; i++) {
                append(writer, "a" + i);
                append(writer, "b" + i);
                assertThat(rest(reader)).containsExactly("a" + i, "b" + i);
            }
            assertThat(reads).hasValue(0);

            String large = "x".repeat(5_000);
            append(writer, large);
            append(writer, "behind it");
            assertThat(rest(reader)).containsExactly(large, "behind it");
            assertThat(reads).hasPositiveValue();

            List<String> many = IntStream.range(0, 500).mapToObj(i -> "m" + i).toList();
            many.forEach(value -> append(writer, value));
            assertThat(rest(reader)).isEqualTo(many);
            writer.roll();
            assertThat(rest(reader)).isEmpty();
        }
    }

    @Test
    void aRefreshOfAnUncommittedReaderThatFindsNothingNewForcesNothing() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableReader reader = table.reader(uncommitted)) {
            append(writer, "first");
            assertThat(drain(reader)).containsExactly("first");
            AtomicInteger forces = new AtomicInteger();
            store.runBefore(StoreCall.is(StoreOperation.FORCE), forces::incrementAndGet);
            append(writer, "second");
            assertThat(reader.refresh())
                    .as("the open segment shows it by itself")
                    .isFalse();
            assertThat(rest(reader)).containsExactly("second");
            assertThat(reader.refresh()).isFalse();
            assertThat(forces).hasValue(0);

            writer.commit();
            assertThat(reader.refresh()).as("a commit").isTrue();
            assertThat(rest(reader)).isEmpty();
            writer.roll();
            append(writer, "third");
            assertThat(reader.refresh())
                    .as("a segment that nobody has committed")
                    .isTrue();
            assertThat(rest(reader)).containsExactly("third");
            try (TableWriter other =
                    table.writer(WriterOptions.named("other").mapping(BY_KEY).build())) {
                append(other, "fourth");
                assertThat(reader.refresh()).as("another writer").isTrue();
                assertThat(rest(reader)).containsExactly("fourth");
            }
        }
    }

    @Test
    void severalLanesAreFollowedAtOnce() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableWriter other = table.writer(
                        WriterOptions.named("other").mapping(BY_KEY).build());
                TableReader reader = table.reader(uncommitted)) {
            append(writer, "m0");
            append(other, "o0");
            assertThat(drain(reader)).containsExactly("m0", "o0");
            for (int i = 1; i < 50; i++) {
                append(other, "o" + i);
                append(writer, "m" + i);
                assertThat(rest(reader)).containsExactlyInAnyOrder("m" + i, "o" + i);
                if (i % 7 == 0) {
                    writer.commit();
                    assertThat(drain(reader)).isEmpty();
                }
            }
            assertThat(reader.position("main")).isEqualTo(50);
            assertThat(reader.position("other")).isEqualTo(50);
        }
    }

    @Test
    void aFileThatItsWriterIsJustCreatingIsNotTakenForDamage() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        List<String> seenMeanwhile = new ArrayList<>();
        try (Table table = table(store);
                TableWriter writer = writer(table);
                TableReader reader = table.reader(uncommitted)) {
            append(writer, "first");
            writer.roll();
            AtomicInteger looks = new AtomicInteger();
            // The new file is there, with zeros or nothing in it, and its header is not.
            store.runBeforeOnce(StoreCall.is(StoreOperation.MAP, ".q"), () -> {
                looks.incrementAndGet();
                seenMeanwhile.addAll(drain(reader));
                assertThat(rest(reader)).isEmpty();
            });
            append(writer, "second");
            assertThat(looks).hasValue(1);
            assertThat(seenMeanwhile).containsExactly("first");
            assertThat(drain(reader)).containsExactly("second");
        }
    }

    private Table table(FileStore files) {
        TableEnvironment environment = TableEnvironment.deterministic(files, InstantSource.system());
        return Table.create(directory.resolve("t"), BY_KEY.scheme(), TableConfig.defaults(), environment);
    }

    private static TableWriter writer(Table table) {
        return writer(table, "main");
    }

    private static TableWriter writer(Table table, String name) {
        return table.writer(WriterOptions.named(name).mapping(BY_KEY).build());
    }

    private static void append(TableWriter writer, String value) {
        writer.append(StreamRecord.atMillis(0)
                .key("k".getBytes(StandardCharsets.UTF_8))
                .value(value.getBytes(StandardCharsets.UTF_8))
                .build());
    }

    private static List<String> drain(TableReader reader) {
        reader.refresh();
        return rest(reader);
    }

    private static List<String> rest(TableReader reader) {
        List<String> values = new ArrayList<>();
        while (reader.next()) {
            values.add(value(reader));
        }
        return values;
    }

    private static String value(TableReader reader) {
        ByteBuffer value = Objects.requireNonNull(reader.record().value());
        return StandardCharsets.UTF_8.decode(value).toString();
    }
}
