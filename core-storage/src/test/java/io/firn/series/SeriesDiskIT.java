package io.firn.series;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.CorruptDataException;
import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.task.TaskStats;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that maintains itself on a disk that is full, fails, hangs or gives back other bytes. */
class SeriesDiskIT {
    /** Offset in a hot file of bytes that belong to its first record. */
    private static final int FIRST_RECORD = 200;

    @TempDir
    private Path directory;

    private final FaultyFileStore disk = new FaultyFileStore(LocalFileStore.open(IoMode.AUTO));
    private final SeriesModel model = new SeriesModel();

    private StoreDirectory files() {
        return new StoreDirectory(directory.resolve("store"), disk).with("segment.size", "128KiB");
    }

    /** Everything is due at once. */
    private StoreDirectory busy() {
        return files().with("block.duration", "1ms", "compact.min.blocks", "2", "cold.after", "1ms");
    }

    /** What the background does, as a program does it that has switched it off. */
    private static void maintain(SeriesStore store) {
        try {
            store.maintain();
        } catch (StorageIoException failed) {
            assertThat(failed).hasMessageContaining("simulated");
        }
    }

    private static void awaitCold(SeriesStore store) {
        await().until(() -> {
            store.maintain();
            return store.stats().head().samples() == 0
                    && store.stats().tier(SeriesTier.WARM).blocks() == 0
                    && store.stats().blocksToRemove() == 0;
        });
    }

    private void write(SeriesStore store, long from, int samples) {
        SeriesBatch batch = StoreDirectory.batch(1, from, samples, at -> at / 4.0);
        store.write(batch);
        model.write(batch);
    }

    /** The same by a reader, which takes nothing from the store's memory. */
    private void assertShown(SeriesStore store) {
        assertThat(SeriesModel.all(store)).isEqualTo(model.all());
        try (SeriesReader other = SeriesReader.open(files().path())) {
            assertThat(SeriesModel.lines(other.select(StoreDirectory.ALL, TimeRange.ALL)))
                    .as("what another process sees")
                    .isEqualTo(model.all());
        }
    }

    private void assertStored() {
        assertThat(files().damages()).isEmpty();
        try (SeriesStore again = files().open()) {
            assertShown(again);
        }
    }

    private static Predicate<StoreCall> below(String table) {
        return call -> call.path().toString().contains("/" + table + "/");
    }

    // --- full

    @Test
    void onAFullDiskReadingGoesOnAndEverythingElseWhenThereIsRoom() {
        try (SeriesStore store = busy().open()) {
            write(store, 0, 2_000);
            awaitCold(store);
            disk.limitSpace(0);
            assertThatThrownBy(() -> {
                        for (int i = 1; ; i++) {
                            write(store, i * 2_000L, 2_000);
                        }
                    })
                    .isInstanceOf(StorageFullException.class);
            await().until(() -> {
                maintain(store);
                return store.stats().operations().failures() > 3;
            });
            assertThat(store.stats().operations().lastFailure()).contains("space");
            assertShown(store);
            assertThat(store.labelNames()).containsExactly("g", "s");
            assertThatThrownBy(() -> store.delete(StoreDirectory.ALL, TimeRange.ALL))
                    .isInstanceOf(StorageFullException.class);
            disk.heal();
            store.flush();
            write(store, -100, 50);
            awaitCold(store);
            assertShown(store);
        }
        assertStored();
    }

    // --- failing

    @Test
    void aFailedCommitIsToldAndDoneByTheNextOne() {
        try (SeriesStore store = files().with("commit.every", "flush").open()) {
            write(store, 0, 100);
            store.flush();
            SeriesBatch batch = StoreDirectory.batch(2, 0, 100, at -> at);
            store.write(batch);
            model.write(batch);
            disk.inject(Fault.on(StoreCall.is(StoreOperation.FORCE_REGION)));
            disk.inject(Fault.on(StoreCall.is(StoreOperation.FORCE)));
            assertThatThrownBy(store::flush).isInstanceOf(StorageIoException.class);
            disk.heal();
            assertThat(SeriesModel.all(store)).isEqualTo(model.all());
            assertThat(store.stats().operations().recoveries()).isPositive();
            write(store, 1_000, 100);
            store.flush();
            assertShown(store);
        }
        assertStored();
    }

    @Test
    void closingOnABrokenDiskSaysThatSamplesWereLostAndClosesNevertheless() {
        SeriesStore store = files().with("commit.every", "flush").open();
        write(store, 0, 100);
        store.flush();
        store.write(StoreDirectory.batch(2, 0, 100, at -> at));
        disk.inject(Fault.on(StoreCall.isMutating()).sticky());
        assertThatThrownBy(store::close).isInstanceOf(StorageIoException.class).hasMessageContaining("simulated");
        assertThatThrownBy(store::flush).isInstanceOf(ClosedException.class);
        disk.heal();
        assertStored();
    }

    @ParameterizedTest
    @ValueSource(strings = {"samples", "chunks", "blocks"})
    void aTableThatCannotBeWrittenForAWhileIsWrittenLater(String table) {
        try (SeriesStore store = busy().open()) {
            write(store, 0, 100);
            Fault broken = disk.inject(
                    Fault.on(below(table).and(StoreCall.isMutating())).sticky());
            SeriesBatch batch = StoreDirectory.batch(1, 50, 100, at -> -at);
            await().until(() -> {
                try {
                    store.write(batch);
                } catch (StorageIoException refused) {
                    assertThat(refused).hasMessageContaining(table);
                }
                maintain(store);
                return broken.matchedCalls() > 10 && store.stats().operations().failures() > 1;
            });
            disk.heal();
            store.write(batch);
            model.write(batch);
            awaitCold(store);
            assertShown(store);
        }
        assertStored();
    }

    @Test
    void aHeadThatCannotBecomeABlockIsKeptAndRefusesMoreWhenItIsTwiceAsLarge() {
        try (SeriesStore store = files().with("head.max.samples", "1000").open()) {
            disk.inject(Fault.on(below("chunks")).sticky());
            assertThatThrownBy(() -> {
                        for (int i = 0; ; i++) {
                            write(store, i * 300L, 300);
                        }
                    })
                    .isInstanceOf(StorageIoException.class)
                    .hasMessageContaining("cannot become a block");
            assertThat(store.stats().head().samples())
                    .as("a head that waits to be a block, and one that is nearly twice as large as it may be")
                    .isEqualTo(1_200 + 1_800);
            assertShown(store);
            disk.heal();
            write(store, 10_000, 300);
            assertThat(store.stats().tier(SeriesTier.WARM).blocks()).isEqualTo(2);
            assertShown(store);
        }
        assertStored();
    }

    // --- gone

    @Test
    void aTableThatIsNotMountedForAWhileIsGoneOnWithByTheBackground() throws IOException {
        StoreDirectory mounted = new StoreDirectory(directory.resolve("store"))
                .with("background.enabled", "true", "background.compaction.interval", "5ms")
                .with("background.cleanup.interval", "5ms", "cache.maintenance.interval.ms", "5")
                .with("block.duration", "1ms", "compact.min.blocks", "2", "cold.after", "1ms");
        try (SeriesStore store = mounted.open()) {
            write(store, 0, 1_000);
            await().until(() -> store.stats().tier(SeriesTier.COLD).blocks() == 1);
            Path chunks = mounted.path().resolve("chunks");
            Path away = directory.resolve("away");
            Files.move(chunks, away);
            write(store, 500, 1_000);
            await().until(() -> task(store, "block_compaction").failures() > 3);
            assertThat(store.stats().operations().lastFailure()).contains("chunks");
            assertThat(store.stats().head().samples()).as("safe in the head").isEqualTo(1_000);
            Files.move(away, chunks);
            await().until(() -> store.stats().head().samples() == 0
                    && store.stats().tier(SeriesTier.WARM).blocks() == 0);
            assertShown(store);
            assertThat(task(store, "cache_maintenance")).matches(task -> task.runs() > 0 && task.failures() == 0);
        }
        assertStored();
    }

    private static TaskStats task(SeriesStore store, String name) {
        return store.stats().background().stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    // --- damaged

    @ParameterizedTest
    @ValueSource(strings = {"samples", "blocks"})
    void damageInAnyTableIsNamedAndNothingIsShownThatWasNotWritten(String table) throws IOException {
        StoreDirectory files = files();
        try (SeriesStore store = files.open()) {
            write(store, 0, 3_000);
            store.cut();
            store.delete(StoreDirectory.ALL, new TimeRange(5, 10));
            write(store, 3_000, 3_000);
        }
        flip(files.path().resolve(table));
        assertThatThrownBy(() -> files.open().close())
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(table);
        assertThatThrownBy(() -> {
                    try (SeriesReader reader = SeriesReader.open(files.path())) {
                        SeriesModel.lines(reader.select(StoreDirectory.ALL, TimeRange.ALL));
                    }
                })
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(table);
        flip(files.path().resolve(table));
        model.delete(StoreDirectory.ALL, new TimeRange(5, 10));
        assertStored();
    }

    /** Turns a bit of the first record of each file; a second call turns it back. */
    private static void flip(Path table) throws IOException {
        try (Stream<Path> tree = Files.walk(table)) {
            for (Path file : tree.filter(path -> path.toString().endsWith(".q")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[FIRST_RECORD] ^= 1;
                Files.write(file, bytes);
            }
        }
    }

    @Test
    void retentionAndDeletionGoOnBesideADamagedBlock() throws IOException {
        StoreDirectory files = files().with("retention", "1s", "retention.reference", "newest");
        try (SeriesStore store = files.open()) {
            StoreDirectory.writeNoise(store, 4, 1_000);
        }
        ObjectPoolIT.damage(files.path().resolve("chunks"));
        try (SeriesStore store = files.open()) {
            write(store, 100_000, 100);
            assertThatThrownBy(store::compact).isInstanceOf(CorruptDataException.class);
            assertThat(SeriesModel.select(store, StoreDirectory.ALL, new TimeRange(100_000, 100_100)))
                    .as("what lies in no damaged chunk is shown")
                    .hasSize(100);
            store.delete(StoreDirectory.ALL, new TimeRange(100_050, 100_100));
            assertThat(store.maintain().expired())
                    .as("the damaged block is old")
                    .isEqualTo(1);
            assertThat(SeriesModel.all(store)).hasSize(50);
            assertThat(store.stats().blocksToRemove()).isEqualTo(1);
            assertThat(store.labelNames()).containsExactly("g", "s");
        }
        assertThat(files.damages())
                .as("its file stays, for whoever wants to know what became of it")
                .singleElement()
                .asString()
                .contains("chunks: _table/hot/");
    }
}
