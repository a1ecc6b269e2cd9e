package io.firn.examples;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends the process of an example that hangs. Thread-safe: no state. */
public final class Watchdog {
    private Watchdog() {}

    /** Ends the process with exit code 1 when it still runs after a time. */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends the process, or never runs
    public static void start(Progress progress, Duration time) {
        ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "example-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        Runnable end = () -> {
            progress.say("FAILED: not done after %d s", time.toSeconds());
            Runtime.getRuntime().halt(1);
        };
        watchdog.schedule(end, time.toSeconds(), TimeUnit.SECONDS);
    }
}
