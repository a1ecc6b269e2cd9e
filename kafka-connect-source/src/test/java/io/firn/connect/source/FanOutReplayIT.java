package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million records in random order over ten thousand partitions come back in the order of the source topic, in a small heap
 * that does not hold them: every file overlaps with every other one.
 */
class FanOutReplayIT {
    private static final int RECORDS = Integer.getInteger("firn.fanout.records", 1_000_000);
    /** More bytes together than the heap. */
    private static final int BYTES = 600 << 20;

    private static final Duration TIMEOUT = Duration.ofMinutes(8);

    @Test
    void tenThousandPartitionsComeBackInTheOrderOfTheTopic(@TempDir Path directory) {
        try (ForkedJvm jvm = ForkedJvm.of(FanOutReplayMain.class, directory)
                .heap("512m")
                .jvmOptions("-XX:TieredStopAtLevel=4")
                .arguments(directory.resolve("archive"), RECORDS, BYTES / RECORDS)
                .start()) {
            assertThat(jvm.awaitExit(TIMEOUT)).as(jvm.error()).isZero();
            Map<String, Long> result = new HashMap<>();
            jvm.lines().stream().filter(line -> line.matches("[a-z]+=\\d+")).forEach(line -> {
                String[] parts = line.split("=", 2);
                result.put(parts[0], Long.parseLong(parts[1]));
            });
            System.out.println("fan-out replay: " + result);
            assertThat(result)
                    .containsEntry("settled", (long) RECORDS)
                    .containsEntry("files", 10_000L)
                    .containsEntry("replayed", (long) RECORDS);
        }
    }
}
