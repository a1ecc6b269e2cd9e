package io.firn.fs;

import io.firn.error.ClosedException;
import io.firn.error.StorageIoException;
import io.firn.task.UninterruptedWait;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Zeros that are being written to a part of a file.
 *
 * <p>Its bytes count against the budget of its {@link SpaceReserver} until it is closed: close it when the space is
 * used or the file is done with, and always before the file is closed or truncated. Thread-safe.
 */
public final class Reservation implements AutoCloseable {
    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    private final SpaceReserver owner;
    private final StoreFile file;
    private final long from;
    private final long to;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long reservedTo;
    private volatile @Nullable Throwable failure;

    Reservation(SpaceReserver owner, StoreFile file, long from, long to) {
        this.owner = owner;
        this.file = file;
        this.from = from;
        this.to = to;
        this.reservedTo = from;
    }

    /** First offset of the reservation in the file, in bytes, inclusive. */
    public long from() {
        return from;
    }

    /** End of the reservation, in bytes, exclusive; less than asked for when the budget is used up. */
    public long to() {
        return to;
    }

    /** End of the zeros that are in the file already, in bytes, exclusive; grows up to {@link #to}. */
    public long reservedTo() {
        return reservedTo;
    }

    /** Whether nothing more will be written: complete, failed or closed. */
    public boolean isDone() {
        return state.get() == State.ENDED;
    }

    /**
     * Waits until all zeros are written; writes them itself when the background thread has not begun.
     *
     * @return {@link #to}
     * @throws io.firn.error.StorageFullException when there is no space; what lies below {@link #reservedTo} is usable
     * @throws StorageIoException when a write failed or this thread was interrupted
     * @throws ClosedException when the reservation or its file was closed
     */
    public long await() {
        if (Thread.currentThread().isInterrupted()) {
            // a write would close the file under its owner
            throw interrupted();
        }
        run();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
        rethrow(failure);
        if (reservedTo < to) {
            throw new ClosedException("The reservation of bytes [" + from + ", " + to + ") of " + file.path()
                    + " was closed at offset " + reservedTo);
        }
        return to;
    }

    private StorageIoException interrupted() {
        IOException cause = new InterruptedIOException("the thread was interrupted while it waited");
        return new StorageIoException("reserve space in", file.path(), cause);
    }

    private static void rethrow(@Nullable Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    /** Writes the zeros in the calling thread unless another one has begun. Keeps exceptions for {@link #await}. */
    void run() {
        if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
            return;
        }
        try {
            writeZeros();
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) {
            failure = e;
            throw e;
        } finally {
            state.set(State.ENDED);
            ended.countDown();
        }
    }

    private void writeZeros() {
        while (reservedTo < to && !closed.get()) {
            ByteBuffer zeros = SpaceReserver.zeros((int) Math.min(SpaceReserver.CHUNK_BYTES, to - reservedTo));
            long next = reservedTo + zeros.remaining();
            file.write(zeros, reservedTo);
            reservedTo = next;
        }
    }

    /**
     * Gives the bytes back to the budget. Zeros that are not written yet never will be: on return no write of this
     * reservation is running or will run.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        owner.release(to - from);
        if (state.compareAndSet(State.WAITING, State.ENDED)) {
            ended.countDown();
            return;
        }
        // at most one chunk is still to come
        UninterruptedWait.await(ended);
    }
}
