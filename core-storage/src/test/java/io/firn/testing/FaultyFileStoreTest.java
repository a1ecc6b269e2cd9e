package io.firn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firn.error.StorageFullException;
import io.firn.error.StorageIoException;
import io.firn.fs.FileStore;
import io.firn.fs.MappingStoreContract;
import io.firn.fs.Reservation;
import io.firn.fs.SpaceReserver;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FaultyFileStoreTest extends MappingStoreContract {
    private static final Path A = Path.of("/firn/a");

    private final FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());

    FaultyFileStoreTest() {
        store.createDirectory(root());
    }

    @Override
    protected FileStore store() {
        return store;
    }

    @Override
    protected Path root() {
        return Path.of("/firn");
    }

    @Test
    void failsTheNthMatchingCallOnce() {
        StoreFile file = store.createExclusively(A).orElseThrow();
        Fault fault =
                store.inject(Fault.on(StoreCall.is(StoreOperation.FORCE, "a")).nth(2));
        file.force();
        assertThat(fault.happened()).isFalse();
        assertThatExceptionOfType(StorageIoException.class)
                .isThrownBy(file::force)
                .withMessageContaining("/firn/a")
                .isNotInstanceOf(StorageFullException.class);
        file.force();
        assertThat(fault.happened()).isTrue();
        assertThat(fault.matchedCalls()).isEqualTo(3);
    }

    @Test
    void aStickyFaultStaysUntilHealed() {
        store.inject(
                Fault.on(StoreCall.is(StoreOperation.CREATE)).sticky().full().nth(1));
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(StorageFullException.class).isThrownBy(() -> store.createExclusively(A));
        }
        assertThat(store.exists(A)).isFalse();
        store.heal();
        assertThat(store.createExclusively(A)).isPresent();
    }

    @Test
    void aFullDiskTakesWhatFits() {
        StoreFile file = store.createExclusively(A).orElseThrow();
        store.limitSpace(10);
        assertThat(store.usableBytes(A)).isEqualTo(10);
        file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6}), 0);
        assertThatExceptionOfType(StorageFullException.class)
                .isThrownBy(() -> file.write(ByteBuffer.wrap(new byte[] {7, 8, 9, 10, 11, 12}), 6));
        assertThat(file.sizeBytes()).isEqualTo(10);
        file.write(ByteBuffer.wrap(new byte[] {0, 0}), 8);
        assertThatExceptionOfType(StorageFullException.class)
                .isThrownBy(() -> store.createDirectory(root().resolve("d")));
        store.heal();
        file.write(ByteBuffer.wrap(new byte[] {1}), 10);
        assertThat(file.sizeBytes()).isEqualTo(11);
    }

    @Test
    void aReservationTellsTheWaitingCallerThatTheDiskIsFull() {
        StoreFile file = store.createExclusively(A).orElseThrow();
        store.limitSpace(3L * SpaceReserver.CHUNK_BYTES / 2);
        SpaceReserver reserver = SpaceReserver.background(1L << 30);
        try (Reservation reservation = reserver.reserveAsync(file, 0, 4L * SpaceReserver.CHUNK_BYTES)) {
            assertThatExceptionOfType(StorageFullException.class).isThrownBy(reservation::await);
            assertThatExceptionOfType(StorageFullException.class)
                    .as("never lost")
                    .isThrownBy(reservation::await);
            assertThat(reservation.reservedTo()).isEqualTo(SpaceReserver.CHUNK_BYTES);
        }
        store.heal();
        try (Reservation again =
                reserver.reserveAsync(file, SpaceReserver.CHUNK_BYTES, 4L * SpaceReserver.CHUNK_BYTES)) {
            assertThat(again.await()).isEqualTo(4L * SpaceReserver.CHUNK_BYTES);
        }
        assertThat(file.sizeBytes()).isEqualTo(4L * SpaceReserver.CHUNK_BYTES);
    }
}
