package io.firn.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A main class of the test class path that runs in a JVM of its own, to be killed or stopped by a test.
 *
 * <p>Its output goes to files. It ends when the JVM that started it ends, and with {@link #close}. Thread-safe.
 */
public final class ForkedJvm implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Duration KILL_TIMEOUT = Duration.ofMinutes(2);

    private final Process process;
    private final Path outFile;
    private final Path errorFile;

    private ForkedJvm(Process process, Path outFile, Path errorFile) {
        this.process = process;
        this.outFile = outFile;
        this.errorFile = errorFile;
    }

    /** Describes the run of a main class; its output files and working directory are in an existing directory. */
    public static Builder of(Class<?> mainClass, Path directory) {
        return new Builder(mainClass, directory);
    }

    /** How a JVM is started. Confined to one thread. */
    public static final class Builder {
        private final Class<?> mainClass;
        private final Path directory;
        private final List<String> jvmOptions =
                new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"));
        private final List<String> arguments = new ArrayList<>();
        private String heap = "128m";
        private boolean yielding;

        private Builder(Class<?> mainClass, Path directory) {
            this.mainClass = mainClass;
            this.directory = directory;
        }

        /** Heap limit as of {@code -Xmx}; 128m unless set. */
        public Builder heap(String limit) {
            this.heap = limit;
            return this;
        }

        /** Lets other processes have the cores first: for who works for a time, and not until something is done. */
        public Builder yielding() {
            this.yielding = true;
            return this;
        }

        /** More options of the JVM, after ours. */
        public Builder jvmOptions(String... options) {
            jvmOptions.addAll(List.of(options));
            return this;
        }

        /** More arguments of the main method. */
        public Builder arguments(Object... values) {
            for (Object value : values) {
                arguments.add(value.toString());
            }
            return this;
        }

        /** Starts the JVM. */
        public ForkedJvm start() {
            String name = mainClass.getSimpleName() + "-" + NUMBERS.incrementAndGet();
            Path out = directory.resolve(name + ".out");
            Path error = directory.resolve(name + ".err");
            try {
                Process process = new ProcessBuilder(command(name))
                        .directory(directory.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(error.toFile())
                        .start();
                return new ForkedJvm(process, out, error);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private List<String> command(String name) throws IOException {
            Path classPath = directory.resolve(name + ".classpath");
            Files.writeString(classPath, "-cp \"" + System.getProperty("java.class.path") + "\"");
            List<String> command = new ArrayList<>(yielding ? List.of("nice", "-n", "10") : List.of());
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-Xmx" + heap);
            command.addAll(jvmOptions);
            command.add("@" + classPath);
            command.add(ForkedMain.class.getName());
            command.add(mainClass.getName());
            command.addAll(arguments);
            return command;
        }
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it is running (or stopped by {@link #stop}). */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it wrote to standard output so far. */
    public String out() {
        return read(outFile);
    }

    /** What it wrote to standard error so far. */
    public String error() {
        return read(errorFile);
    }

    /** Complete lines of its standard output so far; a line that is being written is left out. */
    public List<String> lines() {
        String text = out();
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Waits for a line of standard output; fails when it ends or the time is over without one. Returns the line. */
    public String awaitLine(Predicate<String> wanted, Duration timeout) {
        Awaitility.await()
                .atMost(timeout)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> !isAlive() || lines().stream().anyMatch(wanted));
        return lines().stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new AssertionError("ended without the line: " + describe()));
    }

    /** Waits for its end. Returns the exit code; fails when the time is over. */
    public int awaitExit(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + timeout + ": " + describe());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + describe(), e);
        }
    }

    /** {@code kill -9}; returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(KILL_TIMEOUT);
    }

    /** {@code kill -STOP}: it does nothing until {@link #resume}, but keeps all it holds. */
    public void stop() {
        signal("-STOP");
    }

    /** {@code kill -CONT}. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", name, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill " + name + " failed with code " + code + " for " + describe());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while sending " + name, e);
        }
    }

    private String describe() {
        return "process " + pid() + (isAlive() ? "" : ", exit code " + process.exitValue()) + ", output: " + out()
                + ", errors: " + error();
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it when it is still running. */
    @Override
    public void close() {
        kill();
    }
}
