package io.firn.fs;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes zeros ahead of writers, so that a full disk is an exception and never a fault in a mapping, and so that stores
 * into a mapping never meet a page without space.
 *
 * <p>How far ahead is the caller's decision; the budget (option {@code reserve.bytes.max}) cuts it down: when the open
 * reservations use it up, every further one gets {@link #STEP_BYTES} only. Nothing is durable before the file is
 * forced. Thread-safe.
 */
public final class SpaceReserver {
    /** Zeros are written in pieces of this size, so that a reservation can be stopped. */
    public static final int CHUNK_BYTES = 1 << 20;

    /** What a reservation gets at least, in bytes, also when the budget is used up. */
    public static final int STEP_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SpaceReserver.class);
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(CHUNK_BYTES).asReadOnlyBuffer();
    private static final int QUEUE_LIMIT = 4096;
    private static final long IDLE_THREAD_SECONDS = 30;

    private final Executor executor;
    private final long maxBytes;
    private final AtomicLong openBytes = new AtomicLong();

    /**
     * Creates a reserver with a budget of its own.
     *
     * @param executor runs the writes; one that drops or refuses them is harmless, because {@link Reservation#await}
     *     does what nobody has begun
     * @param maxBytes the budget in bytes, {@code >= 0}
     */
    public SpaceReserver(Executor executor, long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("Negative budget of reserved bytes: " + maxBytes);
        }
        this.executor = executor;
        this.maxBytes = maxBytes;
    }

    /** A reserver with a budget of its own on the one background thread of this process. */
    public static SpaceReserver background(long maxBytes) {
        return new SpaceReserver(BackgroundThread.EXECUTOR, maxBytes);
    }

    /** A reserver that has written all zeros before {@link #reserveAsync} returns; for deterministic runs. */
    public static SpaceReserver sameThread(long maxBytes) {
        return new SpaceReserver(Runnable::run, maxBytes);
    }

    /**
     * Begins to write zeros to bytes {@code [from, to)} of a file, which must not hold anything there.
     *
     * @return the reservation, to be awaited before the bytes are mapped; see {@link Reservation#to} for what it covers
     */
    public Reservation reserveAsync(StoreFile file, long from, long to) {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("Cannot reserve bytes [" + from + ", " + to + ") of " + file.path());
        }
        long granted = grant(to - from);
        Reservation reservation = new Reservation(this, file, from, from + granted);
        try {
            executor.execute(reservation::run);
        } catch (RejectedExecutionException e) {
            LOG.debug("queue is full, the writer will reserve by itself path={}", file.path(), e);
        }
        return reservation;
    }

    /** Bytes of all open reservations. */
    public long openBytes() {
        return openBytes.get();
    }

    private long grant(long wantedBytes) {
        long granted;
        long open;
        do {
            open = openBytes.get();
            long step = Math.min(STEP_BYTES, wantedBytes);
            long free = (maxBytes - open) / STEP_BYTES * STEP_BYTES;
            granted = wantedBytes <= maxBytes - open ? wantedBytes : Math.max(step, Math.min(wantedBytes, free));
        } while (!openBytes.compareAndSet(open, open + granted));
        return granted;
    }

    void release(long bytes) {
        openBytes.addAndGet(-bytes);
    }

    static ByteBuffer zeros(int sizeBytes) {
        return ZEROS.duplicate().limit(sizeBytes);
    }

    /** The process-wide thread; created on first use, ends when idle, a daemon. */
    private static final class BackgroundThread {
        static final Executor EXECUTOR = create();

        private static Executor create() {
            ThreadPoolExecutor executor = new ThreadPoolExecutor(
                    1, 1, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE_LIMIT), task -> {
                        Thread thread = new Thread(task, "firn-space-reserver");
                        thread.setDaemon(true);
                        return thread;
                    });
            executor.allowCoreThreadTimeOut(true);
            return executor;
        }
    }
}
