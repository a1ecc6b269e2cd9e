package io.firn.connect.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Waits for a condition with a deadline and says what was missing when the deadline passes.
 *
 * <p>Thread-safe.
 */
public final class Waiting {
    private static final long POLL_NS = Duration.ofMillis(50).toNanos();

    private Waiting() {}

    /** Waits until the condition holds; an exception of the condition counts as "not yet". */
    public static void until(String what, Duration timeout, Callable<Boolean> condition) {
        until(what, timeout, condition, () -> "");
    }

    /**
     * Waits until the condition holds; an exception of the condition counts as "not yet".
     *
     * @param detail what to add to the message of a timeout, for example the end of a log
     * @throws IllegalStateException when the deadline passes
     */
    public static void until(String what, Duration timeout, Callable<Boolean> condition, Supplier<String> detail) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Exception last = null;
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "waited " + timeout.toSeconds() + " s in vain for " + what
                                + (last == null ? "" : ", last error: " + last) + " " + detail.get(),
                        last);
            }
            LockSupport.parkNanos(POLL_NS);
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting for " + what);
            }
        }
    }
}
