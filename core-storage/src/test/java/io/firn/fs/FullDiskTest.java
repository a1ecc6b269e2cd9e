package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firn.error.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real full disk: a small tmpfs, which only root may mount; skipped elsewhere. */
class FullDiskTest {
    private static final int DISK_BYTES = 4 << 20;

    @TempDir
    private Path disk;

    private boolean mounted;
    private final FileStore store = LocalFileStore.open(IoMode.AUTO);

    @BeforeEach
    void mountDisk() throws IOException, InterruptedException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root can mount a tmpfs");
        String options = "size=" + DISK_BYTES + ",nr_inodes=20";
        int code = run("mount", "-t", "tmpfs", "-o", options, "firn-test", disk.toString());
        Assumptions.assumeTrue(code == 0, "this system does not let us mount a tmpfs");
        mounted = true;
    }

    @AfterEach
    void unmountDisk() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", "-l", disk.toString())).isZero();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void writesReportAFullDiskAndGoOnWhenThereIsSpace() {
        try (StoreFile ballast = store.createExclusively(disk.resolve("b")).orElseThrow();
                StoreFile file = store.createExclusively(disk.resolve("a")).orElseThrow()) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            assertThatExceptionOfType(StorageFullException.class)
                    .isThrownBy(() -> ballast.write(ByteBuffer.allocate(DISK_BYTES + 1), 0))
                    .withMessageContaining("b");
            assertThat(store.usableBytes(disk)).isLessThan(8192);
            assertThatExceptionOfType(StorageFullException.class)
                    .isThrownBy(() -> file.write(ByteBuffer.allocate(8192), 3));
            ByteBuffer intact = ByteBuffer.allocate(3);
            file.read(intact, 0);
            assertThat(intact.array()).containsExactly(1, 2, 3);
            ballast.truncate(0);
            file.write(ByteBuffer.allocate(8192), 3);
            file.force();
            assertThat(file.sizeBytes()).isEqualTo(8195);
        }
    }

    @Test
    void reservationsReportAFullDiskAndGoOnWhenThereIsSpace() {
        SpaceReserver reserver = SpaceReserver.background(1L << 30);
        Path ballastPath = disk.resolve("b");
        try (StoreFile ballast = store.createExclusively(ballastPath).orElseThrow();
                StoreFile file = store.createExclusively(disk.resolve("a")).orElseThrow()) {
            ballast.write(ByteBuffer.allocate(DISK_BYTES / 2), 0);
            Reservation tooMuch = reserver.reserveAsync(file, 0, DISK_BYTES);
            assertThatExceptionOfType(StorageFullException.class).isThrownBy(tooMuch::await);
            assertThat(tooMuch.reservedTo()).isBetween(1L << 20, 2L << 20);
            ballast.truncate(0);
            try (Reservation fits = reserver.reserveAsync(file, tooMuch.reservedTo(), 3 << 20);
                    MappedRegion region = map(file, fits)) {
                for (int i = 0; i < region.buffer().capacity(); i += 4096) {
                    region.buffer().put(i, (byte) 1);
                }
                region.force(0, region.buffer().capacity());
            }
            tooMuch.close();
        }
    }

    private static MappedRegion map(StoreFile file, Reservation reservation) {
        return file.map(0, reservation.await());
    }

    @Test
    void namesRunOutToo() {
        assertThatExceptionOfType(StorageFullException.class).isThrownBy(() -> {
            for (int i = 0; i < 30; i++) {
                store.createDirectory(disk.resolve("d" + i));
            }
        });
        assertThatExceptionOfType(StorageFullException.class)
                .isThrownBy(() -> store.createExclusively(disk.resolve("a")));
        assertThat(store.exists(disk.resolve("a"))).isFalse();
    }
}
