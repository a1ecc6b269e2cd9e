package io.firn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The zstd command of the system, a judge of our files that shares no code with us. Thread-safe. */
public final class ZstdProgram {
    private static final int TIMEOUT_SECONDS = 120;

    private final String path;

    private ZstdProgram(String path) {
        this.path = path;
    }

    /** Looks for it on the PATH. */
    public static Optional<ZstdProgram> find() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "zstd"))
                .filter(Files::isExecutable)
                .map(found -> new ZstdProgram(found.toString()))
                .findFirst();
    }

    /** Runs it and returns its exit value. */
    public int run(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Stream.concat(Stream.of(path), Arrays.stream(arguments)).toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .as("zstd ends")
                .isTrue();
        return process.exitValue();
    }
}
