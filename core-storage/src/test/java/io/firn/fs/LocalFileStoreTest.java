package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.testing.ForkedJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalFileStoreTest {
    private static final int REGION = RegionChecks.GRANULARITY_BYTES;
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private final FileStore store = LocalFileStore.open(IoMode.AUTO);

    private StoreFile create(FileStore in, int sizeBytes) {
        StoreFile file = in.createExclusively(directory.resolve("a")).orElseThrow();
        file.write(ByteBuffer.allocate(sizeBytes), 0);
        return file;
    }

    @Test
    void autoLooksAtTheFileSystem() throws IOException {
        IoMode expected = FileSystemKind.modeFor(Files.getFileStore(directory).type());
        assertThat(LocalFileStore.open(IoMode.AUTO).modeFor(directory)).isEqualTo(expected);
        assertThat(LocalFileStore.open(IoMode.CHANNEL).modeFor(directory)).isEqualTo(IoMode.CHANNEL);
        assertThat(LocalFileStore.open(IoMode.MMAP).modeFor(directory)).isEqualTo(IoMode.MMAP);
    }

    /** A loop stands for a denied permission, which root never sees: the system says neither yes nor no. */
    @Test
    void whatCannotBeLookedAtIsNotCalledAbsent() throws IOException {
        Path loop = directory.resolve("loop");
        Files.createSymbolicLink(loop, loop);

        assertThatThrownBy(() -> store.exists(loop.resolve("a")))
                .isInstanceOf(StorageIoException.class)
                .hasMessageContaining(loop.resolve("a").toString());
        assertThatThrownBy(() -> store.isDirectory(loop)).isInstanceOf(StorageIoException.class);
        assertThat(store.exists(loop)).as("the link itself").isTrue();
    }

    @Test
    void belowAFileNothingIsThere() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThat(store.exists(file.resolve("a/b"))).isFalse();
        assertThat(store.isDirectory(file.resolve("a"))).isFalse();
        assertThat(store.isDirectory(file)).isFalse();
        assertThat(store.isDirectory(directory.resolve("nothing"))).isFalse();
    }

    @Test
    void namesTheNetworkFileSystemOfAPath() throws IOException {
        String type = Files.getFileStore(directory).type();
        Optional<String> expected = FileSystemKind.isNetwork(type) ? Optional.of(type) : Optional.empty();
        assertThat(store.networkFileSystem(directory)).isEqualTo(expected);
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> store.networkFileSystem(directory.resolve("missing")));
        Path tmpfs = Path.of("/dev/shm");
        Assumptions.assumeTrue(
                Files.exists(tmpfs) && Files.getFileStore(tmpfs).type().equals("tmpfs"), "looks at a tmpfs");
        assertThat(store.networkFileSystem(tmpfs)).isEmpty();
    }

    @Test
    void theLastOwnerUnmapsAtOnce() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        Assumptions.assumeTrue(Files.exists(maps), "looks at /proc");
        try (StoreFile file = create(LocalFileStore.open(IoMode.MMAP), REGION)) {
            String name = directory.toRealPath().resolve("a").toString();
            MappedRegion region = file.map(0, REGION);
            MappedRegion readOnly = file.mapReadOnly(0, REGION);
            assertThat(Files.readString(maps)).contains(name);
            region.retain();
            region.close();
            readOnly.close();
            assertThat(Files.readString(maps)).contains(name);
            region.close();
            assertThat(Files.readString(maps)).doesNotContain(name);
        }
    }

    @Test
    void mappedRegionsFollowEachOtherAndTheFile() {
        try (StoreFile file = create(LocalFileStore.open(IoMode.MMAP), REGION);
                StoreFile other = store.openRead(directory.resolve("a"));
                MappedRegion writer = file.map(0, REGION);
                MappedRegion reader = other.mapReadOnly(0, REGION)) {
            writer.buffer().putLong(8, 42);
            assertThat(reader.buffer().getLong(8)).isEqualTo(42);
        }
    }

    @ParameterizedTest
    @EnumSource(value = IoMode.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void manyOwnersUnmapOnce(IoMode mode) throws InterruptedException {
        try (StoreFile file = create(LocalFileStore.open(mode), REGION)) {
            for (int round = 0; round < 100; round++) {
                MappedRegion region = file.mapReadOnly(0, REGION);
                AtomicInteger sum = new AtomicInteger();
                List<Thread> readers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    readers.add(new Thread(() -> readWhileMapped(region, sum)));
                }
                readers.forEach(Thread::start);
                region.close();
                for (Thread reader : readers) {
                    reader.join();
                }
                assertThat(region.retain()).isFalse();
                assertThat(sum.get()).isZero();
            }
        }
    }

    private static void readWhileMapped(MappedRegion region, AtomicInteger sum) {
        // bounded: overlapping readers keep a region mapped for ever
        for (int i = 0; i < 200 && region.retain(); i++) {
            sum.addAndGet(region.buffer().get(REGION - 1));
            region.close();
        }
    }

    @Test
    void anInterruptIsSaidToBeOne() {
        try (StoreFile file = create(store, 100)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(StorageIoException.class)
                    .isThrownBy(() -> file.read(ByteBuffer.allocate(1), 0))
                    .withMessageContaining("the thread was interrupted")
                    .withMessageContaining("a");
            assertThat(Thread.interrupted()).isTrue();
            assertThatExceptionOfType(StorageIoException.class)
                    .as("the file is closed for everybody")
                    .isThrownBy(() -> file.read(ByteBuffer.allocate(1), 0))
                    .withMessageContaining("another thread was interrupted");
        }
        try (StoreFile again = store.openRead(directory.resolve("a"))) {
            assertThat(again.read(ByteBuffer.allocate(1), 0)).isEqualTo(1);
        }
    }

    @Test
    void nothingIsWrittenAfterClose() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            Path path = directory.resolve("f" + round);
            StoreFile file = store.createExclusively(path).orElseThrow();
            CountDownLatch started = new CountDownLatch(1);
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread writer = new Thread(() -> appendUntilClosed(file, started, end));
            writer.start();
            started.await();
            file.close();
            long size = store.info(path).sizeBytes();
            writer.join();
            assertThat(store.info(path).sizeBytes()).isEqualTo(size);
            assertThat(end.get()).isInstanceOf(ClosedException.class);
        }
    }

    private static void appendUntilClosed(StoreFile file, CountDownLatch started, AtomicReference<Throwable> end) {
        try {
            for (long position = 0; true; position += 100) {
                file.write(ByteBuffer.allocate(100), position);
                started.countDown();
            }
        } catch (ClosedException e) {
            end.set(e);
        }
    }

    /** Cuts a file below a mapping, reads what is gone and forces it. */
    public static final class TruncatedMapping {
        private TruncatedMapping() {}

        /** Argument: the directory. */
        public static void main(String[] arguments) {
            FileStore store = LocalFileStore.open(IoMode.MMAP);
            Path path = Path.of(arguments[0], "cut");
            StoreFile file = store.createExclusively(path).orElseThrow();
            file.write(ByteBuffer.allocate(4 * REGION), 0);
            MappedRegion region = file.map(0, 4 * REGION);
            file.truncate(REGION);
            System.out.println("kept " + region.buffer().get(REGION - 1));
            try {
                region.force(0, 4 * REGION);
                System.out.println("forced");
            } catch (StorageIoException e) {
                System.out.println("forced with " + e.getMessage());
            }
            region.close();
            System.out.println("closed " + region.retain());
        }
    }

    @Test
    void aMappingThatWasCutDoesNotEndTheProcess() {
        try (ForkedJvm jvm = ForkedJvm.of(TruncatedMapping.class, directory)
                .arguments(directory)
                .start()) {
            assertThat(jvm.awaitExit(LONG)).as(jvm::error).isZero();
            assertThat(jvm.lines()).first().isEqualTo("kept 0");
            assertThat(jvm.lines()).last().isEqualTo("closed false");
        }
    }
}
