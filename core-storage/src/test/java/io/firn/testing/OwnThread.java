package io.firn.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Runs a test's work beside the test, on a thread of its own. Not on the common pool: on two cores it has a single
 * thread, which work that waits would take from everybody else in the process (Flink starts its jobs there).
 */
public final class OwnThread {
    private static final Executor NEW_THREAD = OwnThread::start;

    private OwnThread() {}

    /** Begins work that gives something. */
    public static <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, NEW_THREAD);
    }

    /** Begins work that gives nothing. */
    public static CompletableFuture<Void> run(Runnable work) {
        return CompletableFuture.runAsync(work, NEW_THREAD);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "test-work");
        thread.setDaemon(true);
        thread.start();
    }
}
