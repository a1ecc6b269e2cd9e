package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.StorageIoException;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveRootTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 20;

    @Test
    void keepsItsIdAndMakesMissingDirectories(@TempDir Path directory) {
        Path path = directory.resolve("a/b");
        assertThat(ArchiveRoot.open(path)).isEmpty();

        UUID id = ArchiveRoot.openOrCreate(path).id();

        assertThat(ArchiveRoot.openOrCreate(path).id()).isEqualTo(id);
        assertThat(ArchiveRoot.open(path).orElseThrow().id()).isEqualTo(id);
        assertThat(ArchiveRoot.open(path).orElseThrow().usableBytes()).isPositive();
    }

    @Test
    void listsOnlyTables(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("flights/_table"));
        Files.writeString(directory.resolve("flights/_table/metadata.json"), "{}");
        Files.createDirectories(directory.resolve("eu.orders/_table"));
        Files.writeString(directory.resolve("eu.orders/_table/metadata.json"), "{}");
        Files.createDirectories(directory.resolve("unfinished/_table.0-1.tmp"));
        Files.createDirectories(directory.resolve("other/data"));
        Files.writeString(directory.resolve("notes.txt"), "x");
        ArchiveRoot.openOrCreate(directory);

        assertThat(ArchiveRoot.tablesBelow(directory)).containsExactly("eu.orders", "flights");
    }

    @Test
    void givesEveryRacingThreadTheSameIdAndLeavesNothingBehind(@TempDir Path directory) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Path path = directory.resolve("root-" + round);
                CyclicBarrier start = new CyclicBarrier(THREADS);
                Callable<UUID> create = () -> {
                    start.await();
                    return ArchiveRoot.openOrCreate(path).id();
                };
                List<Future<UUID>> ids = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    ids.add(threads.submit(create));
                }
                Set<UUID> distinct = new HashSet<>();
                for (Future<UUID> id : ids) {
                    distinct.add(id.get());
                }
                assertThat(distinct).hasSize(1);
                try (Stream<Path> entries = Files.list(path)) {
                    assertThat(entries.map(entry -> entry.getFileName().toString()))
                            .containsExactly("@archive");
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "@archive", "ü", "a b"})
    void refusesTableNamesThatCouldLeaveTheRoot(String name, @TempDir Path directory) {
        ArchiveRoot root = ArchiveRoot.openOrCreate(directory);

        assertThatThrownBy(() -> root.tablePath(name))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void findsTablesByTheirDirectory(@TempDir Path directory) throws Exception {
        ArchiveRoot root = ArchiveRoot.openOrCreate(directory);
        assertThat(root.hasTable("t")).isFalse();
        Files.createDirectories(root.tablePath("t"));
        assertThat(root.hasTable("t")).isFalse();
        Files.createDirectory(root.tablePath("t").resolve("_table"));

        assertThat(root.hasTable("t")).isTrue();
    }

    @Test
    void refusesADamagedId(@TempDir Path directory) throws Exception {
        ArchiveRoot.openOrCreate(directory);
        Files.writeString(directory.resolve("@archive/id.json"), "{\"id\":\"x\"}");

        assertThatThrownBy(() -> ArchiveRoot.open(directory))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("id.json");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLostIdIsDamageAndNotTheAbsenceOfAnArchive(boolean stopped, @TempDir Path directory) throws Exception {
        ArchiveRoot root = ArchiveRoot.openOrCreate(directory);
        if (stopped) {
            root.stopCompression();
        }
        Files.delete(directory.resolve("@archive/id.json"));

        for (Consumer<Path> opening : List.<Consumer<Path>>of(ArchiveRoot::open, ArchiveRoot::openOrCreate)) {
            assertThatThrownBy(() -> opening.accept(directory))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(directory.resolve("@archive/id.json").toString())
                    .hasMessageContaining("firn archive-id " + directory + " --set <id>");
        }
        assertThat(directory.toFile().list()).containsExactly("@archive");
    }

    @Test
    void aLostIdIsGivenAgainAndNothingElseChanges(@TempDir Path directory) throws Exception {
        TableEnvironment environment = TableEnvironment.system();
        ArchiveRoot root = ArchiveRoot.openOrCreate(directory);
        root.stopCompression();
        Files.delete(directory.resolve("@archive/id.json"));

        assertThat(ArchiveRoot.openOrCreate(environment, directory, root.id()).id())
                .isEqualTo(root.id());

        assertThat(ArchiveRoot.open(directory).orElseThrow().isCompressionStopped())
                .isTrue();
        assertThat(ArchiveRoot.openOrCreate(environment, directory, UUID.randomUUID())
                        .id())
                .as("it has one")
                .isEqualTo(root.id());
        assertThat(directory.resolve("@archive").toFile().list())
                .containsExactlyInAnyOrder("id.json", "compression.stopped");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "\0\0\0\0", "[]", "{\"id\":\"1-1-1-1-1\"}"})
    void aDamagedIdSaysWhatToDo(String content, @TempDir Path directory) throws Exception {
        ArchiveRoot.openOrCreate(directory);
        Files.writeString(directory.resolve("@archive/id.json"), content);

        assertThatThrownBy(() -> ArchiveRoot.openOrCreate(directory))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(directory.resolve("@archive/id.json").toString())
                .hasMessageContaining("firn archive-id " + directory + " --set <id>")
                .hasMessageNotContaining("Source");
        assertThat(directory.resolve("@archive/id.json")).hasContent(content);
    }

    @Test
    void aCreationThatDiedIsNotInTheWayOfTheNextOneAndIsTidiedUp(@TempDir Path directory) throws Exception {
        UUID id = UUID.randomUUID();
        Path died = Files.createDirectory(directory.resolve("@archive-" + id));
        Files.writeString(died.resolve("id.json"), "");
        Files.createDirectory(directory.resolve("@archive-of-yesterday"));

        assertThat(ArchiveRoot.openOrCreate(TableEnvironment.system(), directory, id)
                        .id())
                .isEqualTo(id);

        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("@archive", "@archive-of-yesterday");
    }

    @Test
    void aFullOrForbiddenDiskLeavesNothingAndTheNextAttemptWorks() {
        Path path = Path.of("/archive");
        int call = 0;
        boolean happened = true;
        while (happened) {
            call++;
            InMemoryFileStore disk = new InMemoryFileStore();
            disk.createDirectory(path);
            FaultyFileStore faulty = new FaultyFileStore(disk);
            Fault fault = faulty.inject(Fault.on(StoreCall.any()).nth(call));
            try {
                ArchiveRoot.openOrCreate(faulty, path);
            } catch (StorageIoException refused) {
                assertThat(disk.list(path))
                        .as("call %s", call)
                        .filteredOn("@archive"::equals)
                        .isEqualTo(disk.list(path));
            }
            happened = fault.happened();
            UUID id = ArchiveRoot.openOrCreate(disk, path).id();
            assertThat(ArchiveRoot.open(disk, path).orElseThrow().id()).isEqualTo(id);
            assertThat(disk.list(path)).containsExactly("@archive");
        }
        assertThat(call).isGreaterThan(10);
    }
}
