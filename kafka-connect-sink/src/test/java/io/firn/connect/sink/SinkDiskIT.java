package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that really fills up: a small tmpfs, where the user may mount one. */
class SinkDiskIT {
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    private Path mount;

    @BeforeEach
    void mountSmallDisk() throws Exception {
        mount = Files.createDirectories(directory.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", mount.toString()), "may not mount a tmpfs");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", mount.toString());
    }

    @Test
    void pausesWhenTheDiskIsNearlyFullAndResumesByItself() throws Exception {
        try (SinkFixture fixture = new SinkFixture(directory);
                ConnectWorker worker = fixture.workerProcess().start()) {
            fixture.broker().createTopic("small", 2, Map.of());
            Map<String, String> config = fixture.config("small", 1);
            config.put("firn.path", mount.resolve("archive").toString());
            config.put("disk.min.free.bytes", Integer.toString(16 * MIB));
            fixture.create(worker.rest(), "small", config);
            Path filler = mount.resolve("filler");
            Files.write(filler, new byte[36 * MIB]);
            feed(fixture, "small", 1);
            Waiting.until(
                    "the pause", SinkFixture.TIMEOUT, () -> worker.logText().contains("disk nearly full"));
            assertRunning(worker.rest());

            Files.delete(filler);
            feed(fixture, "small", 2);

            fixture.assertArchiveEqualsTopic("small", mount.resolve("archive").resolve("small"));
            assertThat(worker.logText()).contains("disk has space again");
            assertRunning(worker.rest());
        }
    }

    @Test
    void losesNothingWhenWritesFindTheDiskFull() throws Exception {
        try (SinkFixture fixture = new SinkFixture(directory);
                ConnectWorker worker = fixture.workerProcess().start()) {
            fixture.broker().createTopic("full", 2, Map.of());
            Map<String, String> config = fixture.config("full", 1);
            config.put("firn.path", mount.resolve("archive").toString());
            config.put("disk.min.free.bytes", "0");
            fixture.create(worker.rest(), "full", config);
            Path filler = mount.resolve("filler");
            feed(fixture, "full", 1);
            fill(filler);
            feed(fixture, "full", 2);
            Waiting.until(
                    "the full disk", SinkFixture.TIMEOUT, () -> worker.logText().contains("No space left"));

            Files.delete(filler);

            fixture.assertArchiveEqualsTopic("full", mount.resolve("archive").resolve("full"));
            assertRunning(worker.rest());
        }
    }

    private static void assertRunning(ConnectRest rest) {
        String connector = rest.connectors().get(0);
        assertThat(rest.status(connector).path("tasks").path(0).path("state").asText())
                .isEqualTo("RUNNING");
    }

    private static void feed(SinkFixture fixture, String topic, int seed) {
        try (TopicFeed feed = fixture.feed()) {
            feed.sendRandom(new Random(seed), topic, 2, 20_000);
        }
    }

    private static void fill(Path filler) throws IOException {
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[64 * 1024]);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
