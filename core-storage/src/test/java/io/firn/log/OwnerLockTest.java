package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.PoliteLock;
import io.firn.testing.InMemoryFileStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnerLockTest {
    private static final Path DIRECTORY = Path.of("/lane");

    private final FileStore store = new InMemoryFileStore();

    @BeforeEach
    void makeDirectory() {
        store.createDirectory(DIRECTORY);
    }

    @Test
    void oneOwnerHasTheLockUntilHeEnds() {
        try (PoliteLock owner = lock().orElseThrow()) {
            assertThat(lock()).isEmpty();
            assertThat(OwnerLock.isHeld(store, DIRECTORY)).isTrue();
            assertThat(owner).isNotNull();
        }
        assertThat(OwnerLock.isHeld(store, DIRECTORY)).isFalse();
        lock().orElseThrow().close();
    }

    @Test
    void anOwnerBesideOneThatEndsSlowlyIsNotTakenForDeadAfterwards() {
        PoliteLock slow = lock().orElseThrow();
        try (PoliteLock next = OwnerLock.lockBeside(store, DIRECTORY).orElseThrow()) {
            assertThat(next).isNotNull();
            slow.close();
            assertThat(lock()).isEmpty();
            assertThat(lock()).as("looking takes nothing away").isEmpty();
            assertThat(OwnerLock.isHeld(store, DIRECTORY)).isTrue();
        }
        lock().orElseThrow().close();
    }

    @Test
    void thereIsRoomForAFewThatEndSlowly() {
        List<PoliteLock> held = new ArrayList<>();
        held.add(lock().orElseThrow());
        for (Optional<PoliteLock> lock = OwnerLock.lockBeside(store, DIRECTORY);
                lock.isPresent();
                lock = OwnerLock.lockBeside(store, DIRECTORY)) {
            held.add(lock.get());
        }
        assertThat(held).hasSize(9);
        assertThat(store.list(DIRECTORY)).allMatch(OwnerLock::isLockFile);
        held.remove(4).close();
        assertThat(OwnerLock.lockBeside(store, DIRECTORY)).isPresent();
    }

    @Test
    void lookingMakesNoFile() {
        assertThat(OwnerLock.isHeld(store, DIRECTORY)).isFalse();
        assertThat(store.list(DIRECTORY)).isEmpty();
        assertThat(List.of("lock", "lock-2", "lock-9")).allMatch(OwnerLock::isLockFile);
        assertThat(List.of("lock-1", "lock-10", "locks", "pos", "metadata.lock"))
                .noneMatch(OwnerLock::isLockFile);
    }

    private Optional<PoliteLock> lock() {
        return OwnerLock.tryLock(store, DIRECTORY);
    }
}
