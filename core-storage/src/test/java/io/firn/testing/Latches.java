package io.firn.testing;

import java.util.concurrent.CountDownLatch;

/** Waits for latches in work that throws nothing checked. Thread-safe: no state. */
public final class Latches {
    private Latches() {}

    /**
     * Waits until the latch is open.
     *
     * @throws IllegalStateException when the thread is interrupted, which it still is then
     */
    public static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
