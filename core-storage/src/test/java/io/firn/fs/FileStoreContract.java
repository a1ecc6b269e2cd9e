package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What every file store promises. */
public abstract class FileStoreContract {
    static final int REGION = RegionChecks.GRANULARITY_BYTES;

    /** The store under test. */
    protected abstract FileStore store();

    /** An existing empty directory in the store. */
    protected abstract Path root();

    Path path(String name) {
        return root().resolve(name);
    }

    StoreFile create(String name) {
        return store().createExclusively(path(name)).orElseThrow();
    }

    private void createWith(String name, String content) {
        try (StoreFile file = create(name)) {
            file.write(bytes(content), 0);
        }
    }

    String content(String name) {
        try (StoreFile file = store().openRead(path(name))) {
            ByteBuffer target = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(target, 0);
            return new String(target.array(), StandardCharsets.UTF_8);
        }
    }

    static ByteBuffer bytes(String content) {
        return ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWhatWasWrittenByPosition() {
        try (StoreFile file = create("a")) {
            ByteBuffer source = bytes("xhellox").position(1).limit(6);
            file.write(source, 3);
            assertThat(source.hasRemaining()).isFalse();
            assertThat(file.sizeBytes()).isEqualTo(8);
            ByteBuffer target = ByteBuffer.allocateDirect(100);
            assertThat(file.read(target, 0)).isEqualTo(8);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 0, 0, 'h', 'e', 'l', 'l', 'o'}));
            assertThat(file.read(ByteBuffer.allocate(2), 7)).isEqualTo(1);
            assertThat(file.read(ByteBuffer.allocate(2), 8)).isZero();
            assertThat(file.read(ByteBuffer.allocate(2), 1L << 40)).isZero();
            assertThat(file.read(ByteBuffer.allocate(0), 0)).isZero();
            assertThat(file.path()).isEqualTo(path("a"));
        }
    }

    @Test
    void writesOfNothingDoNotGrowTheFile() {
        try (StoreFile file = create("a")) {
            file.write(ByteBuffer.allocate(0), 10);
            assertThat(file.sizeBytes()).isZero();
        }
    }

    @Test
    void refusesNegativePositions() {
        try (StoreFile file = create("a")) {
            assertThatThrownBy(() -> file.write(bytes("x"), -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), -1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void truncatesAndShowsZerosWhenItGrowsAgain() {
        try (StoreFile file = create("a")) {
            file.write(bytes("hello"), 0);
            file.truncate(9);
            assertThat(file.sizeBytes()).as("truncate never grows").isEqualTo(5);
            file.truncate(2);
            assertThat(file.sizeBytes()).isEqualTo(2);
            file.write(bytes("!"), 4);
            file.force();
        }
        assertThat(content("a")).isEqualTo("he\0\0!");
    }

    @Test
    void createsOnlyOnce() {
        create("a").close();
        assertThat(store().createExclusively(path("a"))).isEmpty();
        assertThat(store().createDirectory(path("d"))).isTrue();
        assertThat(store().createExclusively(path("d"))).isEmpty();
        assertThat(store().createDirectory(path("d"))).isFalse();
        assertThat(store().createDirectory(root())).isFalse();
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(() -> store().createDirectory(path("a")));
    }

    @Test
    void namesWhatIsMissing() {
        Path missing = path("no").resolve("a");
        assertMissing(() -> store().openRead(missing), missing);
        assertMissing(() -> store().openWrite(missing), missing);
        assertMissing(() -> store().createExclusively(missing), missing);
        assertMissing(() -> store().createDirectory(missing), missing);
        assertMissing(() -> store().forceDirectory(missing), missing);
        assertMissing(() -> store().rename(missing, path("b")), missing);
        assertMissing(() -> store().list(missing), missing);
        assertMissing(() -> store().info(missing), missing);
        assertMissing(() -> store().usableBytes(missing), missing);
        assertMissing(() -> store().tryLock(missing), missing);
        assertThat(store().delete(missing)).isFalse();
        assertThat(store().exists(missing)).isFalse();
        assertThat(store().isDirectory(missing)).isFalse();
    }

    private static void assertMissing(Runnable operation, Path path) {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(operation::run)
                .withMessageContaining(path.getFileName().toString());
    }

    @Test
    void doesNotOpenADirectoryAsAFile() {
        store().createDirectory(path("d"));
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(() -> store().openRead(path("d")));
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(() -> store().openWrite(path("d")));
    }

    @Test
    void tellsFilesFromDirectories() {
        createWith("a", "12345");
        store().createDirectory(path("d"));
        assertThat(store().exists(path("a"))).isTrue();
        assertThat(store().exists(path("d"))).isTrue();
        assertThat(store().isDirectory(path("a"))).isFalse();
        assertThat(store().isDirectory(path("d"))).isTrue();
        assertThat(store().info(path("a")).sizeBytes()).isEqualTo(5);
        assertThat(store().info(path("a")).modifiedMs()).isGreaterThan(1_600_000_000_000L);
        assertThat(store().usableBytes(path("a"))).isPositive();
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(() -> store().list(path("a")));
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(() -> store().forceDirectory(path("a")));
    }

    @Test
    void listsNamesInOrder() {
        store().createDirectory(path("d"));
        assertThat(store().list(path("d"))).isEmpty();
        for (String name : new String[] {"d/b", "d/a", "d/Z", "d/10", "d/9", "d/dt=2001-01-01"}) {
            create(name).close();
        }
        store().createDirectory(path("d/c"));
        create("d/c/below").close();
        assertThat(store().list(path("d"))).containsExactly("10", "9", "Z", "a", "b", "c", "dt=2001-01-01");
        store().forceDirectory(path("d"));
    }

    @Test
    void renamesAndReplaces() {
        createWith("a", "new");
        createWith("b", "old");
        store().createDirectory(path("d"));
        StoreFile replaced = store().openRead(path("b"));
        store().rename(path("a"), path("b"));
        assertThat(store().exists(path("a"))).isFalse();
        assertThat(content("b")).isEqualTo("new");
        assertThat(replaced.sizeBytes()).as("an open file outlives its name").isEqualTo(3);
        replaced.close();
        store().rename(path("b"), path("d/c"));
        store().rename(path("d"), path("e"));
        assertThat(content("e/c")).isEqualTo("new");
        store().rename(path("e/c"), path("e/c"));
        assertThat(content("e/c")).isEqualTo("new");
    }

    @Test
    void refusesImpossibleRenames() {
        store().createDirectory(path("d"));
        createWith("d/a", "1");
        createWith("f", "2");
        store().createDirectory(path("e"));
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(() -> store().rename(path("f"), path("d")));
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(() -> store().rename(path("e"), path("d")));
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(() -> store().rename(path("d"), path("d/x")));
        assertThat(content("d/a")).isEqualTo("1");
        assertThat(content("f")).isEqualTo("2");
    }

    @Test
    void deletesFilesAndEmptyDirectories() {
        store().createDirectory(path("d"));
        createWith("d/a", "x");
        assertThatExceptionOfType(StorageIoException.class).isThrownBy(() -> store().delete(path("d")));
        StoreFile open = store().openRead(path("d/a"));
        assertThat(store().delete(path("d/a"))).isTrue();
        assertThat(open.read(ByteBuffer.allocate(5), 0))
                .as("an open file outlives its name")
                .isEqualTo(1);
        open.close();
        assertThat(store().delete(path("d/a"))).isFalse();
        assertThat(store().delete(path("d"))).isTrue();
        assertThat(store().exists(path("d"))).isFalse();
    }

    @Test
    void refusesChangesThroughAFileOpenedForReading() {
        createWith("a", "x");
        try (StoreFile file = store().openRead(path("a"))) {
            assertThatThrownBy(() -> file.write(bytes("y"), 0)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> file.map(0, 1)).isInstanceOf(IllegalStateException.class);
            file.force();
        }
        assertThat(content("a")).isEqualTo("x");
    }

    @Test
    void refusesEverythingAfterClose() {
        StoreFile file = create("a");
        file.write(ByteBuffer.allocate(10), 0);
        file.close();
        file.close();
        assertClosed(file::sizeBytes);
        assertClosed(() -> file.read(ByteBuffer.allocate(1), 0));
        assertClosed(() -> file.write(bytes("x"), 0));
        assertClosed(() -> file.truncate(0));
        assertClosed(file::force);
        assertClosed(() -> file.map(0, 1));
        assertClosed(() -> file.mapReadOnly(0, 1));
    }

    static void assertClosed(Runnable operation) {
        assertThatExceptionOfType(ClosedException.class).isThrownBy(operation::run);
    }

    @Test
    void refusesRegionsThatCannotBeMapped() {
        try (StoreFile file = create("a")) {
            file.write(ByteBuffer.allocate(2 * REGION), 0);
            for (long[] bad : new long[][] {
                {-REGION, REGION},
                {1, 1},
                {4096, 1},
                {0, 0},
                {0, -1},
                {0, 1L << 31},
                {0, 2L * REGION + 1},
                {REGION, REGION + 1}
            }) {
                assertThatThrownBy(() -> file.map(bad[0], bad[1])).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> file.mapReadOnly(bad[0], bad[1])).isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(file.sizeBytes()).as("mapping never grows a file").isEqualTo(2 * REGION);
        }
    }

    @Test
    void aLockHasOneHolder() {
        PoliteLock lock = store().tryLock(path("lock")).orElseThrow();
        assertThat(store().tryLock(path("lock"))).isEmpty();
        assertThat(store().tryLock(path("lock")))
                .as("a failed attempt does not drop it")
                .isEmpty();
        PoliteLock other = store().tryLock(path("other")).orElseThrow();
        lock.close();
        PoliteLock next = store().tryLock(path("lock")).orElseThrow();
        lock.close();
        assertThat(store().tryLock(path("lock")))
                .as("a second close is not the next holder's")
                .isEmpty();
        next.close();
        other.close();
    }
}
