package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.FormatVersionException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.error.TableLockedException;
import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.PoliteLock;
import io.firn.partition.PartitionScheme;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForkedJvm;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreOperation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableMetadataFileTest {
    private static final PartitionScheme SCHEME = PartitionScheme.parse("dt:date(Europe/Vienna),o:string,n:int");
    private static final Instant NOW = Instant.parse("2001-01-01T00:00:00.123Z");

    private final FileStore store = LocalFileStore.open(IoMode.AUTO);

    @TempDir
    Path directory;

    private static TableMetadata newMetadata() {
        TableConfig config = TableConfig.builder()
                .segmentSizeBytes(4096)
                .compressionPolicy(CompressionPolicy.custom("com.acme.Weekends"))
                .build();
        return TableMetadata.ofNewTable(SCHEME, config, NOW);
    }

    @Test
    void whoMayNotLookIsNotToldThatThereIsNoTable() {
        FaultyFileStore denying = new FaultyFileStore(store);
        denying.inject(Fault.on(call -> call.operation() == StoreOperation.INFO).denied());
        assertThatThrownBy(() -> new TableMetadataFile(denying, directory.resolve("t")).read())
                .isInstanceOf(StorageIoException.class)
                .hasMessageContaining("metadata.json: permission denied for user");
        assertThatThrownBy(() -> file("t").read())
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("No table at");
    }

    private TableMetadataFile file(String table) {
        return new TableMetadataFile(store, directory.resolve(table));
    }

    private Path created(String table) {
        assertThat(create(store, directory.resolve(table))).isTrue();
        return directory.resolve(table).resolve("_table").resolve("metadata.json");
    }

    private static boolean create(FileStore store, Path table) {
        return TableCreation.create(
                environment(store), table, SCHEME, newMetadata().config());
    }

    private static TableEnvironment environment(FileStore store) {
        return TableEnvironment.deterministic(store, InstantSource.fixed(NOW));
    }

    private static void rewrite(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        String body = text.substring(0, text.lastIndexOf(",\n  \"crc32c\""));
        assertThat(body).contains(from);
        body = body.replace(from, to);
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        Files.writeString(file, body + String.format(",\n  \"crc32c\" : \"%08x\"\n}\n", crc.getValue()));
    }

    @Test
    void createsATableOnceAndReadsItBack() throws IOException {
        assertThat(file("a/b").exists()).isFalse();
        assertThat(create(store, directory.resolve("a/b"))).isTrue();
        TableMetadata metadata = newMetadata();
        UUID id = file("a/b").read().id();
        assertThat(create(store, directory.resolve("a/b"))).isFalse();
        TableMetadata back = file("a/b").read();
        assertThat(back.id()).isEqualTo(id);
        assertThat(back.createdAt()).isEqualTo(NOW);
        assertThat(back.scheme()).isEqualTo(SCHEME);
        assertThat(back.config()).isEqualTo(metadata.config());
        assertThat(back.revision()).isZero();
        try (Stream<Path> names = Files.list(directory.resolve("a/b"))) {
            assertThat(names).extracting(name -> name.getFileName().toString()).containsExactly("_table");
        }
    }

    @Test
    void sayWhereItLookedWhenThereIsNoTable() {
        assertThatThrownBy(() -> file("none").read())
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("none")
                .hasMessageContaining("firn create");
    }

    @Test
    void refusesAFileInThePlaceOfTheTable() throws IOException {
        Files.writeString(directory.resolve("f"), "x");
        assertThatThrownBy(() -> create(store, directory.resolve("f"))).isInstanceOf(FirnException.class);
        assertThatThrownBy(() -> create(store, directory.resolve("f/g"))).isInstanceOf(FirnException.class);
    }

    @Test
    void changesTheConfigurationOneRevisionAtATime() {
        created("t");
        TableMetadata before = file("t").read();
        TableConfig next = before.config().toBuilder().compressionLevel(9).build();
        TableMetadata changed = file("t").update(metadata -> metadata.withConfig(next));
        assertThat(changed.revision()).isEqualTo(1);
        TableMetadata back = file("t").read();
        assertThat(back.config().compressionLevel()).isEqualTo(9);
        assertThat(back.id()).isEqualTo(before.id());
        assertThat(back.createdAt()).isEqualTo(NOW);
    }

    @Test
    void refusesToChangeWhileAnotherProcessDoes() {
        Path file = created("t");
        try (PoliteLock held =
                store.tryLock(file.resolveSibling("metadata.lock")).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> file("t").update(metadata -> metadata.withConfig(metadata.config())))
                    .isInstanceOf(TableLockedException.class);
        }
    }

    @Test
    void keepsWhatANewerVersionWrote() throws IOException {
        Path file = created("t");
        rewrite(
                file,
                "\"optionalFeatures\" : [ ]",
                "\"optionalFeatures\" : [ \"sparkle\" ],\n  \"colour\" : {\"a\" : [1, null]}");
        rewrite(file, "\"config\" : {", "\"config\" : {\n    \"future.option\" : 7,");
        rewrite(file, "\"formatVersion\" : 1", "\"formatVersion\" : 9");
        file("t")
                .update(metadata -> metadata.withConfig(
                        metadata.config().toBuilder().indexStride(5).build()));
        assertThat(Files.readString(file))
                .contains("\"sparkle\"", "\"colour\"", "\"future.option\" : \"7\"", "\"formatVersion\" : 9")
                .contains("\"index.stride\" : \"5\"");
        assertThat(file("t").read().config().toProperties()).containsEntry("future.option", "7");
    }

    @Test
    void refusesTablesThatNeedANewerVersion() throws IOException {
        Path file = created("t");
        rewrite(file, "\"minWriterVersion\" : 1", "\"minWriterVersion\" : 2");
        assertThat(file("t").read().scheme()).isEqualTo(SCHEME);
        assertThatThrownBy(() -> file("t").update(metadata -> metadata))
                .isInstanceOf(FormatVersionException.class)
                .hasMessageContaining("version 2");
        rewrite(file, "\"minReaderVersion\" : 1", "\"minReaderVersion\" : 2");
        assertThatThrownBy(() -> file("t").read()).isInstanceOf(FormatVersionException.class);
        Path other = created("u");
        rewrite(other, "\"requiredFeatures\" : [ ]", "\"requiredFeatures\" : [ \"encryption\" ]");
        assertThatThrownBy(() -> file("u").read())
                .isInstanceOf(FormatVersionException.class)
                .hasMessageContaining("encryption");
    }

    @Test
    void findsEveryFlippedBitAndEveryCut() throws IOException {
        Path file = created("t");
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> TableMetadataCodec.decode(bad, file))
                        .as("byte %d bit %d", i, bit)
                        .isInstanceOfAny(CorruptDataException.class, FormatVersionException.class)
                        .hasMessageContaining("metadata.json");
            }
            byte[] cut = Arrays.copyOf(good, i);
            assertThatThrownBy(() -> TableMetadataCodec.decode(cut, file)).isInstanceOf(CorruptDataException.class);
        }
    }

    @Test
    void oneOfEightThreadsAndThreeProcessesCreatesTheTable() throws Exception {
        for (int round = 0; round < 3; round++) {
            Path table = directory.resolve("race" + round);
            Path go = directory.resolve("go" + round);
            List<ForkedJvm> processes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                processes.add(ForkedJvm.of(CreateTableMain.class, directory)
                        .heap("64m")
                        .arguments(table, go)
                        .start());
            }
            for (ForkedJvm process : processes) {
                process.awaitLine("ready"::equals, Duration.ofSeconds(60));
            }
            Files.createFile(go);
            List<String> results = createByThreads(table);
            for (ForkedJvm process : processes) {
                assertThat(process.awaitExit(Duration.ofSeconds(60)))
                        .as(process.error())
                        .isZero();
                results.add(process.awaitLine(line -> line.startsWith("id "), Duration.ofSeconds(60)));
            }
            assertThat(results).hasSize(11);
            assertThat(results.stream().map(line -> line.substring(3, 39)))
                    .containsOnly(
                            new TableMetadataFile(store, table).read().id().toString());
            assertThat(results.stream().filter(line -> line.endsWith("true"))).hasSize(1);
            try (Stream<Path> names = Files.list(table)) {
                assertThat(names)
                        .extracting(name -> name.getFileName().toString())
                        .containsExactly("_table");
            }
        }
    }

    private List<String> createByThreads(Path table) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch start = new CountDownLatch(8);
            Callable<String> task = () -> {
                start.countDown();
                start.await();
                return createAndRead(store, table);
            };
            List<String> results = new ArrayList<>();
            for (Future<String> future : executor.invokeAll(Collections.nCopies(8, task))) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    static String createAndRead(FileStore store, Path table) {
        boolean won = create(store, table);
        return "id " + new TableMetadataFile(store, table).read().id() + " " + won;
    }

    /** Creates a table as soon as a file appears. */
    public static final class CreateTableMain {
        private CreateTableMain() {}

        /** Arguments: table, file to wait for. */
        public static void main(String[] arguments) {
            FileStore local = LocalFileStore.open(IoMode.AUTO);
            System.out.println("ready");
            while (!Files.exists(Path.of(arguments[1]))) {
                Thread.onSpinWait();
            }
            System.out.println(createAndRead(local, Path.of(arguments[0])));
        }
    }

    @Test
    void removesWhatACrashedCreatorLeft() throws IOException {
        Path left = directory.resolve("t").resolve("_table." + UUID.randomUUID());
        Files.createDirectories(left);
        Files.writeString(left.resolve("metadata.json"), "half");
        created("t");
        assertThat(left).doesNotExist();
        assertThat(file("t").read().revision()).isZero();
    }

    @Test
    void aCrashLeavesATableThatIsWholeOrNone() {
        CrashFileStore whole = new CrashFileStore();
        Path table = Path.of("/archive/t");
        create(whole, table);
        long operations = whole.mutationCount();
        Randomized.forAll(300, random -> {
            CrashFileStore machine = new CrashFileStore();
            machine.crashAt(1 + random.nextLong(operations + 1));
            boolean created = false;
            try {
                created = create(machine, table);
            } catch (SimulatedCrash | FirnException powerLoss) {
                assertThat(machine.isDown()).isTrue();
            }
            CrashFileStore after = machine.crash(random);
            TableMetadataFile file = new TableMetadataFile(after, table);
            if (file.exists()) {
                assertThat(file.read().scheme()).isEqualTo(SCHEME);
            } else {
                assertThat(created).isFalse();
                assertThat(create(after, table)).isTrue();
            }
            assertThat(create(after, table)).isFalse();
            assertThat(after.list(table)).contains("_table");
        });
    }

    @Test
    void aCrashDuringAChangeLeavesTheOldOrTheNewConfiguration() {
        Path table = Path.of("/archive/t");
        Randomized.forAll(200, random -> {
            CrashFileStore machine = new CrashFileStore();
            create(machine, table);
            machine.crashAt(1 + random.nextLong(8));
            boolean changed = false;
            try {
                changed = changeLevel(machine, table) == 9;
            } catch (SimulatedCrash | FirnException powerLoss) {
                assertThat(machine.isDown()).isTrue();
            }
            CrashFileStore after = machine.crash(random);
            int level = new TableMetadataFile(after, table).read().config().compressionLevel();
            assertThat(level).isIn(changed ? List.of(9) : List.of(3, 9));
            assertThat(changeLevel(after, table)).isEqualTo(9);
        });
    }

    private static int changeLevel(FileStore store, Path table) {
        return new TableMetadataFile(store, table)
                .update(metadata -> metadata.withConfig(
                        metadata.config().toBuilder().compressionLevel(9).build()))
                .config()
                .compressionLevel();
    }
}
