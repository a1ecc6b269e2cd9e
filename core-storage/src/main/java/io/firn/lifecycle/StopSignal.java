package io.firn.lifecycle;

import io.firn.error.ClosedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks a running rewrite to end early; it then leaves everything as it was. Thread-safe. */
final class StopSignal {
    private final CountDownLatch stopped = new CountDownLatch(1);

    void stop() {
        stopped.countDown();
    }

    boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Waits so many nanoseconds; less when the signal comes, has come, or the thread is interrupted, which stays. */
    void pause(long nanos) {
        try {
            stopped.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the rewrite that calls this when the lifecycle is being closed. */
    void check() {
        if (isStopped()) {
            throw new ClosedException("The lifecycle is being closed; the rewrite that was running left no trace");
        }
    }
}
