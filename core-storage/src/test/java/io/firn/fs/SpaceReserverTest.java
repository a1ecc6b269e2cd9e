package io.firn.fs;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.StorageIoException;
import io.firn.testing.InMemoryFileStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class SpaceReserverTest {
    private static final int CHUNK = SpaceReserver.CHUNK_BYTES;
    private static final int STEP = SpaceReserver.STEP_BYTES;

    private final InMemoryFileStore store = new InMemoryFileStore();
    private final StoreFile file = store.createExclusively(Path.of("/a")).orElseThrow();

    @Test
    void writesZerosInTheBackground() {
        SpaceReserver reserver = SpaceReserver.background(1L << 30);
        file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
        try (Reservation reservation = reserver.reserveAsync(file, 3, 3L * CHUNK)) {
            await().until(reservation::isDone);
            assertThat(reservation.await()).isEqualTo(3L * CHUNK);
            assertThat(reservation.reservedTo()).isEqualTo(3L * CHUNK);
        }
        ByteBuffer content = ByteBuffer.allocate(3 * CHUNK);
        assertThat(file.read(content, 0)).isEqualTo(3 * CHUNK);
        byte[] expected = new byte[3 * CHUNK];
        expected[0] = 1;
        expected[1] = 2;
        expected[2] = 3;
        assertThat(content.array()).isEqualTo(expected);
    }

    @Test
    void sameThreadHasWrittenEverythingOnReturn() {
        Reservation reservation = SpaceReserver.sameThread(1L << 30).reserveAsync(file, 0, STEP);
        assertThat(reservation.isDone()).isTrue();
        assertThat(file.sizeBytes()).isEqualTo(STEP);
        assertThat(reservation.from()).isZero();
        assertThat(reservation.to()).isEqualTo(STEP);
    }

    @Test
    void theWaitingCallerDoesWhatNobodyHasBegun() {
        Reservation dropped = new SpaceReserver(task -> {}, 1L << 30).reserveAsync(file, 0, STEP);
        assertThat(dropped.await()).isEqualTo(STEP);
        SpaceReserver refusing = new SpaceReserver(
                task -> {
                    throw new RejectedExecutionException("full");
                },
                1L << 30);
        assertThat(refusing.reserveAsync(file, STEP, 2 * STEP).await()).isEqualTo(2 * STEP);
        assertThat(file.sizeBytes()).isEqualTo(2 * STEP);
    }

    @Test
    void writesNothingAfterItsClose() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        SpaceReserver reserver = new SpaceReserver(tasks::add, 1L << 30);
        Reservation reservation = reserver.reserveAsync(file, 0, STEP);
        reservation.close();
        reservation.close();
        tasks.remove().run();
        assertThat(file.sizeBytes()).isZero();
        assertThat(reserver.openBytes()).isZero();
        assertThatExceptionOfType(ClosedException.class)
                .isThrownBy(reservation::await)
                .withMessageContaining("/a");
    }

    @Test
    void tellsTheCallerThatTheFileIsClosed() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Reservation reservation = new SpaceReserver(tasks::add, 1L << 30).reserveAsync(file, 0, STEP);
        file.close();
        tasks.remove().run();
        assertThatExceptionOfType(ClosedException.class).isThrownBy(reservation::await);
        assertThat(store.info(Path.of("/a")).sizeBytes()).isZero();
    }

    @Test
    void anInterruptedWaitSaysSoAndLosesNothing() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Reservation reservation = new SpaceReserver(tasks::add, 1L << 30).reserveAsync(file, 0, STEP);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(StorageIoException.class)
                .isThrownBy(reservation::await)
                .withMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(reservation.await()).isEqualTo(STEP);
    }

    @Test
    void theBudgetCutsReservationsDownToSteps() {
        SpaceReserver reserver = SpaceReserver.sameThread(3L * STEP + 100);
        Reservation first = reserver.reserveAsync(file, 0, STEP);
        Reservation second = reserver.reserveAsync(file, STEP, 8L * STEP);
        assertThat(second.await()).isEqualTo(3L * STEP);
        Reservation third = reserver.reserveAsync(file, 3L * STEP, 8L * STEP);
        assertThat(third.await()).as("never nothing").isEqualTo(4L * STEP);
        Reservation small = reserver.reserveAsync(file, 4L * STEP, 4L * STEP + 10);
        assertThat(small.await()).isEqualTo(4L * STEP + 10);
        assertThat(reserver.openBytes()).isEqualTo(4L * STEP + 10);
        for (Reservation open : new Reservation[] {first, second, third, small}) {
            open.close();
        }
        assertThat(reserver.openBytes()).isZero();
        assertThat(reserver.reserveAsync(file, 0, 3L * STEP + 100).to()).isEqualTo(3L * STEP + 100);
    }

    @Test
    void refusesEmptyReservations() {
        SpaceReserver reserver = SpaceReserver.sameThread(1);
        assertThatThrownBy(() -> reserver.reserveAsync(file, 5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> reserver.reserveAsync(file, -1, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SpaceReserver.sameThread(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
