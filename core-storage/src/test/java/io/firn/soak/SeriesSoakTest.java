package io.firn.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firn.testing.ForkedJvm;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers, readers, deletions and maintenance together on one series store, in a heap that the data does not fit into:
 * every sample that is read is right, no operation fails, and nothing grows. {@code -Dfirn.soak.series.seconds} sets the
 * duration; {@code -Psoak} runs for 15 minutes, {@code -Pstress} for 3.
 */
@EnabledOnOs(value = LINUX, disabledReason = "what a process holds is read from /proc")
class SeriesSoakTest {
    private static final int DEFAULT_SECONDS = TestProfile.isSoak() ? 900 : TestProfile.isStress() ? 180 : 10;
    private static final int SECONDS = Integer.getInteger("firn.soak.series.seconds", DEFAULT_SECONDS);

    @TempDir
    Path directory;

    @Test
    void everythingAtOnceWithLittleMemoryLosesNothingAndGrowsNothing() {
        Randomized.forAll(1, this::soak);
    }

    private void soak(RandomGenerator random) throws IOException {
        Path run = Files.createTempDirectory(directory, "run");
        try (ForkedJvm process = ForkedJvm.of(SeriesSoak.class, run)
                .yielding()
                .heap("48m")
                .jvmOptions("-XX:MaxDirectMemorySize=64m")
                .arguments(run.resolve("store"), SECONDS, random.nextLong())
                .start()) {
            assertThat(process.awaitExit(Duration.ofSeconds(SECONDS + 600L)))
                    .as("%s", process.error())
                    .isZero();
            assertThat(process.error()).doesNotContain("OutOfMemoryError");
            checkStatistics(only(process, SeriesSoak.STATS));
            System.out.println("samples read and checked: " + only(process, SeriesSoak.READ));
            System.out.println(only(process, "cache "));
            UsageCheck.nothingGrows(
                    "series store",
                    process.lines().stream()
                            .filter(line -> line.startsWith(SeriesSoak.USAGE))
                            .map(line -> ResourceUsage.parse(line.substring(SeriesSoak.USAGE.length())))
                            .toList());
        }
    }

    private static String only(ForkedJvm process, String name) {
        List<String> lines =
                process.lines().stream().filter(line -> line.startsWith(name)).toList();
        assertThat(lines).as(name).hasSize(1);
        return lines.get(0).substring(name.length());
    }

    private static void checkStatistics(String json) throws IOException {
        JsonNode stats = new ObjectMapper().readTree(json);
        System.out.println("operations " + stats.path("operations") + ", latencies " + stats.path("latencies"));
        assertThat(stats.path("operations").path("failures").asLong(-1)).isZero();
        assertThat(stats.path("operations").path("cuts").asLong()).isPositive();
        assertThat(stats.path("operations").path("compactions").asLong()).isPositive();
        assertThat(stats.path("reads").path("chunksRead").asLong()).isPositive();
    }
}
