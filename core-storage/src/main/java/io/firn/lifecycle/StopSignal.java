package io.firn.lifecycle;

import io.firn.error.ClosedException;

/** Asks a running rewrite to end early; it then leaves everything as it was. Thread-safe. */
final class StopSignal {
    private volatile boolean stopped;

    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Ends the rewrite that calls this when the lifecycle is being closed. */
    void check() {
        if (stopped) {
            throw new ClosedException("The lifecycle is being closed; the rewrite that was running left no trace");
        }
    }
}
