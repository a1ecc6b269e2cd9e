package io.firn.fs;

import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A token bucket of bytes: whoever has taken more than the rate allows waits until it does not any more.
 *
 * <p>A token is taken first and paid for by waiting, so that a piece larger than the bucket passes, too. After idle
 * time a tenth of a second's bytes pass at once. Thread-safe.
 */
public final class RateLimiter {
    private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();
    private static final long BURST_NS = SECOND_NS / 10;

    private final long bytesPerSecond;
    private final LongSupplier nanoClock;
    private final LongConsumer pause;
    /** When everything that was taken is paid for. */
    private long paidNs;

    /**
     * Creates a full bucket.
     *
     * @param bytesPerSecond the rate, 1 or more
     * @param nanoClock a clock as {@link System#nanoTime}
     * @param pause waits so many nanoseconds, or less when the work is to stop
     */
    public RateLimiter(long bytesPerSecond, LongSupplier nanoClock, LongConsumer pause) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoClock = nanoClock;
        this.pause = pause;
        this.paidNs = nanoClock.getAsLong() - BURST_NS;
    }

    /** Takes bytes and waits as long as the rate asks for. */
    public void take(long bytes) {
        long waitNs = reserve(bytes);
        if (waitNs > 0) {
            pause.accept(waitNs);
        }
    }

    private synchronized long reserve(long bytes) {
        long nowNs = nanoClock.getAsLong();
        paidNs = Math.max(paidNs, nowNs - BURST_NS) + nanosOf(bytes);
        return paidNs - nowNs;
    }

    private long nanosOf(long bytes) {
        return (long) ((double) bytes / bytesPerSecond * SECOND_NS);
    }
}
