package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million records in random order over ten thousand partitions, one task, a small heap. */
class FanOutIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    @Test
    void tenThousandPartitionsCostNoMoreFilesThanOne(@TempDir Path directory) {
        try (ForkedJvm jvm = ForkedJvm.of(FanOutMain.class, directory)
                .heap("512m")
                .jvmOptions("-XX:TieredStopAtLevel=4")
                .arguments(directory.resolve("archive"))
                .start()) {
            assertThat(jvm.awaitExit(TIMEOUT)).as(jvm.error()).isZero();
            Map<String, Long> result = new HashMap<>();
            jvm.lines().stream().filter(line -> line.matches("[a-z]+=\\d+")).forEach(line -> {
                String[] parts = line.split("=", 2);
                result.put(parts[0], Long.parseLong(parts[1]));
            });
            System.out.println("fan-out: " + result);
            assertThat(result)
                    .containsEntry("replayed", 1_000_000L)
                    .hasEntrySatisfying(
                            "cpurate",
                            rate -> assertThat(rate).as("a second of CPU").isGreaterThan(100_000))
                    .hasEntrySatisfying("files", files -> assertThat(files).isLessThan(200))
                    .hasEntrySatisfying(
                            "mappings", mappings -> assertThat(mappings).isLessThan(20));
        }
    }
}
