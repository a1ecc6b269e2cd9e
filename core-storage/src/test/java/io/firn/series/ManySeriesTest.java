package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.ForkedJvm;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many series with ten samples each in a process with little heap: a million in 1 GiB under {@code -Pstress},
 * 50,000 in 96 MiB else. {@code -Dfirn.series.many} sets how many.
 */
class ManySeriesTest {
    private static final int MILLION = 1_000_000;
    private static final int SERIES = Integer.getInteger("firn.series.many", TestProfile.isStress() ? MILLION : 50_000);
    private static final int SAMPLES = 10;

    @TempDir
    Path directory;

    @Test
    void areWrittenFoundAndCompressedWithLittleHeap() {
        String heap = SERIES < MILLION ? 96 + SERIES / 1_000 - 50 + "m" : "1g";
        try (ForkedJvm jvm = ForkedJvm.of(ManySeries.class, directory)
                .heap(heap)
                .arguments(directory.resolve("store"), SERIES)
                .start()) {
            assertThat(jvm.awaitExit(Duration.ofMinutes(15))).as(jvm.error()).isZero();
            System.out.println(SERIES + " series in " + heap + ": " + jvm.lines());
            Map<String, String> printed = jvm.lines().stream()
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
            assertThat(printed)
                    .containsEntry("headSeries", Integer.toString(SERIES))
                    .containsEntry("headSamples", Integer.toString(SAMPLES * SERIES))
                    .containsEntry("blockSeries", Integer.toString(SERIES))
                    .containsEntry("reopenedSeries", Integer.toString(SERIES));
            assertThat(printed.get("warmQuerySamples")).isEqualTo(printed.get("headQuerySamples"));
            assertThat(printed.get("coldQuerySamples")).isEqualTo(printed.get("headQuerySamples"));
            assertThat(printed.get("coldBroadQuerySamples")).isEqualTo(printed.get("headBroadQuerySamples"));
        }
    }
}
