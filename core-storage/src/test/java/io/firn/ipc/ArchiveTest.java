package io.firn.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.error.TableLockedException;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.partition.PartitionScheme;
import io.firn.record.RecordView;
import io.firn.table.CompressionPolicy;
import io.firn.table.Isolation;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForkedJvm;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    private static final StreamKey KEY = StreamKey.of("binance", "BTCUSDT", "2026-01-31", "trades");
    private static final StreamKey OTHER = StreamKey.of("binance", "ETHUSDT", "2026-01-31", "trades");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void whatIsAppendedIsReadByAnyReaderOfTheTable() {
        try (Archive archive = Archive.open(root(), "binance", "BTCUSDT", "2026-01-31", "trades")) {
            assertThat(archive.append(7, Long.MAX_VALUE, "first".getBytes(UTF_8)))
                    .isZero();
            assertThat(archive.append(65_534, Long.MIN_VALUE, new byte[0])).isEqualTo(1);
            ByteBuffer payload = ByteBuffer.wrap("xthirdx".getBytes(UTF_8), 1, 5);
            assertThat(archive.append(0, 0, payload)).isEqualTo(2);
            assertThat(payload.position()).isEqualTo(1);
        }
        try (Table table = Table.open(root());
                TableReader reader = table.reader(ScanOptions.ALL)) {
            assertThat(table.scheme()).isEqualTo(StreamKey.SCHEME);
            List<String> found = new ArrayList<>();
            while (reader.next()) {
                RecordView record = reader.record();
                found.add(record.typeId() + " " + record.timestampNs() + " "
                        + text(Objects.requireNonNull(record.value())));
                assertThat(reader.partitionPath())
                        .isEqualTo("venue=binance/symbol=BTCUSDT/date=2026-01-31/stream=trades");
            }
            assertThat(found)
                    .containsExactly("7 " + Long.MAX_VALUE + " first", "65534 " + Long.MIN_VALUE + " ", "0 0 third");
        }
    }

    @Test
    void filesLieInTheDirectoryOfTheStream() throws IOException {
        write(KEY, 3);
        assertThat(segments())
                .hasSize(1)
                .allSatisfy(file ->
                        assertThat(file).startsWith("venue=binance/symbol=BTCUSDT/date=2026-01-31/stream=trades/"));
    }

    @Test
    void finishSealsCommitsAndMayBeCalledTwice() {
        Archive archive = Archive.open(root(), KEY, quiet());
        archive.append(1, 1, "a".getBytes(UTF_8));
        assertThat(archive.position()).isZero();
        archive.finish();
        archive.finish();
        archive.close();
        assertThat(archive.position()).isEqualTo(1);
        assertThat(read(Isolation.READ_COMMITTED)).containsExactly("a");
        assertThatThrownBy(() -> archive.append(1, 1, new byte[1])).isInstanceOf(ClosedException.class);
        try (LifecycleManager lifecycle = LifecycleManager.open(archive.table(), LifecycleOptions.defaults())) {
            assertThat(lifecycle.run(LifecycleRequest.compressAll()).skipped()).isEmpty();
        }
    }

    @Test
    void aSecondWriterOfTheStreamIsRefusedAndOneOfAnotherStreamIsNot() {
        try (Archive archive = Archive.open(root(), KEY, quiet());
                Archive other = Archive.open(root(), OTHER, quiet())) {
            archive.append(1, 1, new byte[1]);
            other.append(1, 1, new byte[1]);
            assertThatThrownBy(() -> Archive.open(root(), KEY, quiet()))
                    .isInstanceOf(TableLockedException.class)
                    .hasMessageContaining("symbol=BTCUSDT");
        }
    }

    @Test
    void aTableOfAnotherKindIsRefused() {
        Table.create(root(), PartitionScheme.unpartitioned(), TableConfig.defaults())
                .close();
        assertThatThrownBy(() -> Archive.open(root(), KEY, quiet()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("venue:string");
    }

    @Test
    void compressesWhatIsIdleForAWeekUnlessToldOtherwise() {
        try (Archive archive = Archive.open(root(), KEY, quiet())) {
            assertThat(archive.table().config().compressionPolicy())
                    .isEqualTo(new CompressionPolicy.IdleAfter(Duration.ofDays(7), true));
        }
    }

    @Test
    void compressedRecordsStayVisibleAndTheirFilesKeepTheirNumbers() throws IOException {
        Set<String> names = new HashSet<>();
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            expected.addAll(write(KEY, 5));
            segments().forEach(names::add);
            try (Table table = Table.open(root());
                    LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
                LifecycleStats stats = lifecycle.run(LifecycleRequest.compressAll());
                assertThat(stats.errors()).isEmpty();
            }
            List<String> compressed = segments();
            assertThat(compressed).hasSize(round + 1).allMatch(name -> name.endsWith(".q.zst"));
            assertThat(read(Isolation.READ_COMMITTED)).isEqualTo(expected);
            assertThat(read(Isolation.READ_UNCOMMITTED)).isEqualTo(expected);
            names.addAll(compressed);
        }
        // Four hot names and four cold ones: none was ever used for two contents.
        assertThat(names).hasSize(8);
    }

    @Test
    void sequencesGoOnWhenTheStreamIsOpenedAgain() {
        write(KEY, 3);
        write(KEY, 2);
        try (Table table = Table.open(root());
                ArchiveReader reader = ArchiveReader.open(table, KEY, Isolation.READ_COMMITTED)) {
            for (long sequence = 0; sequence < 5; sequence++) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.sequence()).isEqualTo(sequence);
            }
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void interleavedStreamsHaveOneSegmentEach() throws IOException {
        try (Archive one = Archive.open(root(), KEY, quiet());
                Archive two = Archive.open(root(), OTHER, quiet())) {
            for (int i = 0; i < 100; i++) {
                one.append(1, i, "one".getBytes(UTF_8));
                two.append(1, i, "two".getBytes(UTF_8));
            }
        }
        assertThat(segments()).hasSize(2);
        assertThat(read(Isolation.READ_COMMITTED)).hasSize(100).containsOnly("one");
    }

    @Test
    void savingsAreCountedFromBytesThatAreUsed() throws IOException {
        write(KEY, 1000);
        long used = 0;
        for (String segment : segments()) {
            used += Files.size(root().resolve(segment));
        }
        assertThat(used).isLessThan(100_000);
        try (Table table = Table.open(root());
                LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = lifecycle.run(LifecycleRequest.compressAll());
            assertThat(stats.bytesBefore()).isLessThanOrEqualTo(used);
            assertThat(stats.bytesAfter())
                    .isEqualTo(Files.size(root().resolve(segments().get(0))));
        }
    }

    @Test
    void commitsByItself() {
        ArchiveOptions often = ArchiveOptions.defaults().withCommitInterval(Duration.ofMillis(5));
        try (Archive archive = Archive.open(root(), KEY, often)) {
            archive.append(1, 1, "a".getBytes(UTF_8));
            Awaitility.await().atMost(TIMEOUT).until(() -> archive.position() == 1);
            assertThat(read(Isolation.READ_COMMITTED)).containsExactly("a");
        }
    }

    @Test
    void aCommitThatFailedInTheBackgroundIsToldByTheNextCall() {
        FaultyFileStore store = new FaultyFileStore(LocalFileStore.open(IoMode.CHANNEL));
        TableEnvironment environment = TableEnvironment.deterministic(store, InstantSource.system());
        ArchiveOptions often =
                ArchiveOptions.defaults().withEnvironment(environment).withCommitInterval(Duration.ofMillis(5));
        try (Archive archive = Archive.open(root(), KEY, often)) {
            store.inject(
                    Fault.on(StoreCall.is(StoreOperation.FORCE, ".q").or(StoreCall.is(StoreOperation.FORCE_REGION))));
            archive.append(1, 1, "lost".getBytes(UTF_8));
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .untilAsserted(() -> assertThatThrownBy(archive::commit)
                            .isInstanceOf(ClosedException.class)
                            .hasCauseInstanceOf(StorageIoException.class)
                            .hasMessageContaining("symbol=BTCUSDT")
                            .hasMessageContaining("open it again"));
            assertThatThrownBy(() -> archive.append(1, 1, new byte[1])).isInstanceOf(ClosedException.class);
        }
        try (Archive again = Archive.open(root(), KEY, quiet())) {
            assertThat(again.position()).isZero();
            again.append(1, 1, "again".getBytes(UTF_8));
        }
        assertThat(read(Isolation.READ_COMMITTED)).containsExactly("again");
    }

    /** Nothing had happened yet that must not be done twice. */
    @Test
    void aDiskThatWasFullForAMomentEndsNoArchive() {
        FaultyFileStore store = new FaultyFileStore(LocalFileStore.open(IoMode.CHANNEL));
        TableEnvironment environment = TableEnvironment.deterministic(store, InstantSource.system());
        ArchiveOptions often =
                ArchiveOptions.defaults().withEnvironment(environment).withCommitInterval(Duration.ofMillis(5));
        try (Archive archive = Archive.open(root(), KEY, often)) {
            archive.append(1, 1, "a".getBytes(UTF_8));
            Awaitility.await().atMost(TIMEOUT).until(() -> archive.position() == 1);
            Fault full = store.inject(
                    Fault.on(StoreCall.is(StoreOperation.WRITE, ".q")).full().sticky());
            archive.append(1, 2, "b".getBytes(UTF_8));
            Awaitility.await().atMost(TIMEOUT).until(() -> full.matchedCalls() > 1);
            store.heal();
            archive.append(1, 3, "c".getBytes(UTF_8));
            Awaitility.await().atMost(TIMEOUT).until(() -> archive.position() == 3);
        }
        assertThat(read(Isolation.READ_COMMITTED)).containsExactly("a", "b", "c");
    }

    @Test
    void aDiskThatIsFullForALogEndsTheArchive() {
        FaultyFileStore store = new FaultyFileStore(LocalFileStore.open(IoMode.CHANNEL));
        TableEnvironment environment = TableEnvironment.deterministic(store, InstantSource.system());
        ArchiveOptions often =
                ArchiveOptions.defaults().withEnvironment(environment).withCommitInterval(Duration.ofMillis(5));
        try (Archive archive = Archive.open(root(), KEY, often)) {
            store.inject(Fault.on(call -> call.operation() == StoreOperation.FORCE
                            && call.path().toString().endsWith(".q"))
                    .full());
            archive.append(1, 1, "lost".getBytes(UTF_8));
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .untilAsserted(() -> assertThatThrownBy(archive::commit)
                            .isInstanceOf(ClosedException.class)
                            .hasCauseInstanceOf(StorageFullException.class));
        }
    }

    @Test
    void anotherProcessSeesRecordsBeforeTheyAreCommitted() {
        try (Archive archive = Archive.open(root(), KEY, quiet());
                ForkedJvm tailer = ForkedJvm.of(ArchiveTailer.class, directory)
                        .arguments(root(), 50)
                        .start()) {
            tailer.awaitLine("tailing"::equals, TIMEOUT);
            for (int i = 0; i < 50; i++) {
                archive.append(i, i, ("v" + i).getBytes(UTF_8));
                if (i % 20 == 19) {
                    archive.commit();
                }
                String expected = i + " " + i + " v" + i;
                tailer.awaitLine(expected::equals, TIMEOUT);
            }
            assertThat(tailer.lines()).hasSize(51).doesNotHaveDuplicates();
        }
    }

    private Path root() {
        return directory.resolve("archive");
    }

    private static ArchiveOptions quiet() {
        return ArchiveOptions.defaults().withCommitInterval(Duration.ZERO);
    }

    private List<String> write(StreamKey key, int count) {
        List<String> written = new ArrayList<>();
        try (Archive archive = Archive.open(root(), key, quiet())) {
            for (int i = 0; i < count; i++) {
                String value = "value " + archive.position() + " " + i;
                archive.append(1, i, value.getBytes(UTF_8));
                written.add(value);
            }
        }
        return written;
    }

    private List<String> read(Isolation isolation) {
        List<String> values = new ArrayList<>();
        try (Table table = Table.open(root());
                ArchiveReader reader = ArchiveReader.open(table, KEY, isolation)) {
            while (reader.next()) {
                values.add(text(reader.payload()));
            }
        }
        return values;
    }

    private List<String> segments() throws IOException {
        try (Stream<Path> files = Files.walk(root())) {
            return files.map(file -> root().relativize(file).toString())
                    .filter(name -> name.startsWith("venue=") && name.contains(".q"))
                    .sorted()
                    .toList();
        }
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }
}
