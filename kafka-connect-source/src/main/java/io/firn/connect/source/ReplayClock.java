package io.firn.connect.source;

import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time of a task, and how it waits.
 *
 * <p>Immutable; thread-safe.
 *
 * @param nanoClock a clock as {@link System#nanoTime}
 * @param wallClock the time of day
 * @param pause waits
 */
record ReplayClock(LongSupplier nanoClock, InstantSource wallClock, Pause pause) {
    /** The clocks of the machine. */
    static final ReplayClock SYSTEM = new ReplayClock(
            System::nanoTime,
            InstantSource.system(),
            (stopped, timeoutNs) -> stopped.await(timeoutNs, TimeUnit.NANOSECONDS));

    /** Waits for a stop, for a time. */
    @FunctionalInterface
    interface Pause {
        /** Waits until {@code stopped} is 0 or the time is over; returns whether it is 0. */
        boolean await(CountDownLatch stopped, long timeoutNs) throws InterruptedException;
    }
}
