package io.firn.examples.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the lifecycle, run as a user runs them. */
class LifecycleExamplesTest {
    @TempDir
    Path directory;

    @Test
    void eachTableGoesByItsOwnPolicy() {
        boolean weekendBefore = isWeekend();
        List<String> lines = run(CompressionPolicies::main);
        boolean weekend = isWeekend();
        assertThat(lines).hasSize(18).noneMatch(line -> line.startsWith("failed"));
        for (int days : new int[] {0, 1, 7}) {
            String when = "after " + days + " days ";
            assertThat(lines)
                    .contains(when + "analytics (never): 0 of 4 files compressed")
                    .contains(when + "backup (immediate): 4 of 4 files compressed")
                    .contains(when + "logs (size-threshold): 3 of 4 files compressed")
                    .contains(when + "market (idle-after): " + (days < 7 ? 0 : 4) + " of 4 files compressed")
                    .contains(when + "series (age-after): " + (days < 1 ? 0 : 4) + " of 4 files compressed");
            if (weekend == weekendBefore) {
                assertThat(lines)
                        .contains(when + "weekly (" + CompressWeekends.class.getName() + "): " + (weekend ? 4 : 0)
                                + " of 4 files compressed");
            }
        }
    }

    @Test
    @Timeout(120)
    void theManagerWorksByItselfAndOnCommand() {
        assertThat(run(LifecycleManagerExample::main))
                .containsExactly(
                        "by itself: 3 files compressed, 4320 records read",
                        "decompress everything: 0 compressed, 3 decompressed, 0 errors, 4320 records read",
                        "compress one partition: 1 compressed, 0 decompressed, 0 errors, 4320 records read",
                        "compress everything: 2 compressed, 0 decompressed, 0 errors, 4320 records read");
    }

    private static boolean isWeekend() {
        DayOfWeek day = LocalDate.now(ZoneOffset.UTC).getDayOfWeek();
        return day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
    }

    private List<String> run(Consumer<String[]> main) {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            main.accept(new String[] {directory.resolve("example").toString()});
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
