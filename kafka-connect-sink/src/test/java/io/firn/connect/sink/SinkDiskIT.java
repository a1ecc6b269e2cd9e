package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.table.ArchiveRoot;
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
            config.put("firn.path", archive().toString());
            config.put("disk.min.free.bytes", Integer.toString(16 * MIB));
            fixture.create(worker.rest(), "small", config);
            Path filler = mount.resolve("filler");
            Files.write(filler, new byte[36 * MIB]);
            feed(fixture, "small", 1);
            awaitLog(worker, "disk nearly full");
            assertRunning(worker.rest());

            Files.delete(filler);
            feed(fixture, "small", 2);

            fixture.assertArchiveEqualsTopic("small", archive().resolve("small"));
            assertThat(worker.logText()).contains("disk has space again");
            assertRunning(worker.rest());
        }
    }

    @Test
    void losesNothingWhenWritesFindTheDiskFull() throws Exception {
        try (SinkFixture fixture = new SinkFixture(directory);
                ConnectWorker worker = fixture.workerProcess().start()) {
            createUnlimited(fixture, worker);
            feed(fixture, "full", 1);
            fixture.assertArchiveEqualsTopic("full", archive().resolve("full"));
            Path filler = fill();
            feed(fixture, "full", 2);
            awaitLog(worker, "No space left");

            Files.delete(filler);

            fixture.assertArchiveEqualsTopic("full", archive().resolve("full"));
            assertRunning(worker.rest());
        }
    }

    @Test
    void losesNothingWhenTheOpeningOfLanesFindsTheDiskFull() throws Exception {
        try (SinkFixture fixture = new SinkFixture(directory);
                ConnectWorker worker = fixture.workerProcess().start()) {
            ArchiveRoot.openOrCreate(archive());
            Path filler = fill();
            createUnlimited(fixture, worker);
            feed(fixture, "full", 1);
            awaitLog(worker, "disk full, lanes wait");

            Files.delete(filler);

            fixture.assertArchiveEqualsTopic("full", archive().resolve("full"));
            assertRunning(worker.rest());
        }
    }

    private Path archive() {
        return mount.resolve("archive");
    }

    /** A connector of topic "full" that goes on until the disk is full. */
    private void createUnlimited(SinkFixture fixture, ConnectWorker worker) {
        fixture.broker().createTopic("full", 2, Map.of());
        Map<String, String> config = fixture.config("full", 1);
        config.put("firn.path", archive().toString());
        config.put("disk.min.free.bytes", "0");
        config.put("segment.size", Integer.toString(MIB));
        fixture.create(worker.rest(), "full", config);
    }

    private static void awaitLog(ConnectWorker worker, String text) {
        Waiting.until(text, SinkFixture.TIMEOUT, () -> worker.logText().contains(text));
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

    /** Fills the disk with a file. */
    private Path fill() throws IOException {
        Path filler = mount.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[64 * 1024]);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        return filler;
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
