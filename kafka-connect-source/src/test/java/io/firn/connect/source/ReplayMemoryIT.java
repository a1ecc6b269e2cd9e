package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.ForkedJvm;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The heap of a replay does not grow with the archive: 10 GB of hot and cold data through a task with {@code -Xmx256m}
 * under {@code -Pstress}, a hundredth of that in {@code -Xmx64m} otherwise.
 */
class ReplayMemoryIT {
    private static final long BYTES = TestProfile.isStress() ? 10_000_000_000L : 100_000_000L;
    private static final String HEAP = TestProfile.isStress() ? "256m" : "64m";
    private static final Duration TIMEOUT = Duration.ofMinutes(40);
    /** What a batch that was just polled, and chance, make of it. */
    private static final long MOST_GROWTH_BYTES = 24 << 20;

    @Test
    void theHeapIsAsFullAtTheEndAsAtTheBeginning(@TempDir Path directory) {
        Randomized.forAll(1, random -> {
            try (ForkedJvm jvm = ForkedJvm.of(ReplayMemoryMain.class, directory)
                    .heap(HEAP)
                    .jvmOptions("-XX:TieredStopAtLevel=4")
                    .arguments(directory.resolve("archive"), BYTES, random.nextLong())
                    .start()) {
                assertThat(jvm.awaitExit(TIMEOUT)).as(jvm.error()).isZero();
                assertThat(jvm.lines()).contains("tier hot", "tier cold");
                for (String order : List.of("partition", "timestamp")) {
                    check(order, figures(jvm.lines(), order + "."));
                }
            }
        });
    }

    private static void check(String order, Map<String, Long> figures) {
        System.out.println("replay memory, order " + order + ": " + figures);
        List<Long> heaps = new ArrayList<>();
        for (int tenth = 1; tenth <= 10; tenth++) {
            if (figures.containsKey("heap." + tenth)) { // a batch may pass several
                heaps.add(figures.get("heap." + tenth));
            }
        }
        assertThat(figures).containsEntry("bytes", BYTES);
        assertThat(heaps).hasSizeGreaterThanOrEqualTo(5);
        assertThat(Collections.max(heaps) - heaps.get(0))
                .as(order + " " + heaps)
                .isLessThan(MOST_GROWTH_BYTES);
    }

    private static Map<String, Long> figures(List<String> lines, String prefix) {
        Map<String, Long> figures = new HashMap<>();
        lines.stream().filter(line -> line.startsWith(prefix)).forEach(line -> {
            String[] parts = line.substring(prefix.length()).split("=", 2);
            figures.put(parts[0], Long.valueOf(parts[1]));
        });
        return figures;
    }
}
