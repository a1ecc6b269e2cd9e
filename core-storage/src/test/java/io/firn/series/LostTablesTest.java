package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileTree;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A table of a store that is lost, emptied or an older copy: the store is not begun again, nothing is deleted, nobody
 * answers with less; put back, the table is all that was missing.
 */
class LostTablesTest {
    private static final LocalFileStore FILES = LocalFileStore.open(IoMode.AUTO);

    @TempDir
    Path directory;

    private StoreDirectory store;
    private Path lost;

    /** Two blocks, and a head that no block has. */
    @BeforeEach
    void makeStore() {
        store = new StoreDirectory(directory.resolve("store"));
        lost = directory.resolve("lost");
        try (SeriesStore opened = store.open()) {
            opened.write(samples(1));
            opened.cut();
            opened.write(samples(2));
            opened.cut();
            opened.maintain();
            opened.write(samples(3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"samples", "chunks", "blocks"})
    void aTableThatIsGoneIsNotMadeAgain(String table) {
        take(table);
        assertRefused(table);
        putBack(table);
        assertSamples(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"samples", "chunks", "blocks"})
    void aTableOfAnotherStoreIsNotTakenForThisOne(String table) {
        StoreDirectory other = new StoreDirectory(directory.resolve("other"));
        other.open().close();
        take(table);
        copy(other.path().resolve(table), store.path().resolve(table));
        assertRefused(table);
        FileTree.delete(FILES, store.path().resolve(table));
        putBack(table);
        assertSamples(3);
    }

    @Test
    void anOldManifestIsNotGoneOnFromWhenTheHeadWasCutSince() {
        assertOldCopyIsRefused("blocks", this::cutHead, 3);
    }

    @Test
    void anOldManifestIsNotGoneOnFromWhenBlocksWereCompactedSince() {
        assertOldCopyIsRefused(
                "blocks",
                () -> {
                    try (SeriesStore opened = store.open()) {
                        opened.compact();
                        opened.maintain();
                    }
                },
                3);
    }

    @Test
    void anOldHeadIsNotGoneOnFromWhenItWasCutSince() {
        assertOldCopyIsRefused(
                "samples",
                () -> {
                    try (SeriesStore opened = store.open()) {
                        opened.write(samples(4));
                        opened.cut();
                        opened.maintain();
                    }
                },
                4);
    }

    @Test
    void oldChunksAreNotGoneOnFromWhenTheHeadWasCutSince() {
        assertOldCopyIsRefused("chunks", this::cutHead, 3);
    }

    /** Neither may a reader of several stores leave one out. */
    @Test
    void aReaderOfADirectoryOfStoresMissesTheTable() {
        take("blocks");
        assertThatThrownBy(() -> SeriesReader.open(directory))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(store.path().resolve("blocks").toString());
        putBack("blocks");
        SeriesReader.open(directory).close();
    }

    @Test
    void aStoreOfWhichNothingWasWrittenIsMadeToTheEnd() {
        StoreDirectory begun = new StoreDirectory(directory.resolve("begun"));
        Table.create(begun.path().resolve("samples"), HeadLog.SCHEME, TableConfig.defaults())
                .close();
        begun.open().close();
    }

    private void cutHead() {
        try (SeriesStore opened = store.open()) {
            opened.cut();
            opened.maintain();
        }
    }

    private void assertOldCopyIsRefused(String table, Runnable since, int series) {
        Path old = directory.resolve("old");
        copy(store.path().resolve(table), old);
        since.run();
        take(table);
        copy(old, store.path().resolve(table));
        assertRefused(table);
        FileTree.delete(FILES, store.path().resolve(table));
        putBack(table);
        assertSamples(series);
    }

    private void take(String table) {
        FILES.rename(store.path().resolve(table), lost);
    }

    private void putBack(String table) {
        if (FILES.exists(store.path().resolve(table))) {
            FileTree.delete(FILES, store.path().resolve(table));
        }
        FILES.rename(lost, store.path().resolve(table));
    }

    /** Neither a writer, who would delete what counts for nothing then, nor a reader, again and again. */
    private void assertRefused(String table) {
        for (int i = 0; i < 2; i++) {
            String path = store.path().resolve(table).toString();
            assertThatThrownBy(() -> {
                        try (SeriesStore opened = store.open()) {
                            opened.maintain();
                            readAll(opened);
                        }
                    })
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(path);
            assertThatThrownBy(this::readByReader)
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(store.path().toString());
        }
    }

    private int readByReader() {
        try (SeriesReader reader = SeriesReader.open(store.path());
                SeriesCursor cursor = reader.select(StoreDirectory.ALL, TimeRange.ALL)) {
            int samples = 0;
            while (cursor.next()) {
                samples += cursor.toArrays().size();
            }
            return samples;
        }
    }

    private static void readAll(SeriesStore opened) {
        for (int series = 1; series <= 4; series++) {
            StoreDirectory.read(opened, series);
        }
    }

    private void assertSamples(int series) {
        try (SeriesStore opened = store.open()) {
            for (int i = 1; i <= series; i++) {
                assertThat(StoreDirectory.read(opened, i)).as("series %d", i).isEqualTo(100);
            }
        }
        assertThat(readByReader()).isEqualTo(100 * series);
        assertThat(store.damages()).isEmpty();
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static SeriesBatch samples(int series) {
        return StoreDirectory.batch(series, 0, 100, at -> series + at);
    }
}
