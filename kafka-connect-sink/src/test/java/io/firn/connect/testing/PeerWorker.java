package io.firn.connect.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A worker beside others that is lost in every way, again and again; another one takes its place. Confined to one thread. */
public final class PeerWorker implements AutoCloseable {
    private final Supplier<TestWorker> starter;
    private TestWorker worker;

    /** Starts the first one. */
    public PeerWorker(Supplier<TestWorker> starter) {
        this.starter = starter;
        this.worker = starter.get();
    }

    /** {@code kill -9}, and another one. */
    public void killAndReplace() {
        worker.kill();
        replace();
    }

    /** A clean end, and another one. */
    public void stopAndReplace() {
        worker.stop();
        replace();
    }

    /** It freezes for so long, or a little longer, and goes on. */
    public void freeze(Duration duration) {
        worker.suspend();
        LockSupport.parkNanos(duration.toNanos());
        worker.resume();
    }

    private void replace() {
        worker.close();
        worker = starter.get();
    }

    @Override
    public void close() {
        worker.close();
    }
}
