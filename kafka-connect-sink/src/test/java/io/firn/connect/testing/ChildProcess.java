package io.firn.connect.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that does not outlive this JVM, however this JVM ends, and also while it is stopped by a signal.
 *
 * <p>A small shell waits on a pipe from this JVM: when the pipe ends, it kills the child. Needs a POSIX {@code sh}.
 * Thread-safe.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    private static final Duration END_TIMEOUT = Duration.ofMinutes(1);

    private final Process process;
    private final Process watch;
    private final Thread hook;
    private @Nullable CompletableFuture<Void> watchedEnd;

    private ChildProcess(Process process, Process watch) {
        this.process = process;
        this.watch = watch;
        this.hook = new Thread(process::destroyForcibly, "end-of-" + process.pid());
    }

    /** Starts a command whose output goes to the end of {@code log}. */
    public static ChildProcess start(List<String> command, Path directory, Path log) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Process watch = new ProcessBuilder("sh", "-c", "read -r line || kill -9 " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            ChildProcess child = new ChildProcess(process, watch);
            Runtime.getRuntime().addShutdownHook(child.hook);
            child.watchedEnd = process.onExit().thenRun(child::endWatch);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    private void endWatch() {
        try (OutputStream pipe = watch.getOutputStream()) {
            pipe.write("ended\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOG.debug("the watch of pid={} has ended before", process.pid(), e);
        }
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether the process runs (a stopped one does). */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the process to end ({@code SIGTERM}) and waits. */
    public void terminate(Duration timeout) {
        process.destroy();
        if (!awaitEnd(timeout)) {
            kill();
            throw new IllegalStateException("pid " + pid() + " did not end within " + timeout.toSeconds() + " s");
        }
    }

    /** {@code kill -9}, also for a stopped process; returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        if (!awaitEnd(END_TIMEOUT)) {
            throw new IllegalStateException("pid " + pid() + " survived SIGKILL");
        }
    }

    /** {@code SIGSTOP}: the process freezes where it is. */
    public void suspend() {
        signal("STOP");
    }

    /** {@code SIGCONT}: the process goes on. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("cannot send " + name + " to pid " + pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private boolean awaitEnd(Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        kill();
        if (watchedEnd != null) {
            watchedEnd.join();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is ending", e);
        }
    }
}
