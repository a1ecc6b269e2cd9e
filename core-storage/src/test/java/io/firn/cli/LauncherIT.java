package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code bin/firn} in processes of its own, with the jar of this build. */
class LauncherIT {
    @TempDir
    Path directory;

    @Test
    void worksThroughALinkFromAnyDirectoryAndEndsQuietlyBehindHead() throws Exception {
        Path launcher = Path.of("..", "bin", "firn").toRealPath();
        Files.createSymbolicLink(directory.resolve("firn"), launcher);
        Files.write(
                directory.resolve("lines"),
                "some line of text\n".repeat(200_000).getBytes(StandardCharsets.UTF_8));

        assertThat(shell("./firn create t && ./firn append t lines && ./firn cat t | cmp - lines"))
                .isZero();
        assertThat(
                        shell(
                                "./firn cat t 2>err | head -n 1 >one; test ! -s err && test \"$(cat one)\" = 'some line of text'"))
                .isZero();
        assertThat(shell("./firn ls nothing 2>err")).isEqualTo(CliCommand.FAILED);
        assertThat(shell("./firn cat 2>err")).isEqualTo(CliCommand.USAGE);
        assertThat(shell("JAVA_HOME=/nowhere ./firn ls t 2>err")).isEqualTo(CliCommand.FAILED);
        assertThat(Files.readString(directory.resolve("err"))).contains("no Java found");
    }

    @Test
    void saysHowToBuildWhenThereIsNoJar() throws Exception {
        Files.createDirectories(directory.resolve("bin"));
        Files.copy(Path.of("..", "bin", "firn"), directory.resolve("bin").resolve("firn"));

        assertThat(shell("sh bin/firn ls t 2>err")).isEqualTo(CliCommand.FAILED);
        assertThat(Files.readString(directory.resolve("err"))).contains("not built yet", "mvn");
    }

    private int shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(command).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
