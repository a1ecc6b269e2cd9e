package io.firn.examples.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.table.Table;
import io.firn.testing.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedExampleTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void anotherProcessTailsWhatThisOneCommits() {
        Path path = directory.resolve("readings");
        try (ForkedJvm tailer = ForkedJvm.of(EmbedExample.class, directory)
                .arguments("tail", path, 3000)
                .start()) {
            tailer.awaitLine("tailing"::equals, TIMEOUT);

            EmbedExample.main(new String[] {"write", path.toString(), "1000"});
            tailer.awaitLine("dt=2026-01-01 reading 999"::equals, TIMEOUT);
            EmbedExample.main(new String[] {"write", path.toString(), "2000"});
            tailer.awaitLine("dt=2026-01-03 reading 2999"::equals, TIMEOUT);

            List<String> lines = tailer.lines();
            assertThat(lines).hasSize(3001).doesNotHaveDuplicates();
            assertThat(lines).element(1441).isEqualTo("dt=2026-01-02 reading 1440");
        }
    }

    @Test
    void countsTheReadingsOfATimeRange() {
        Path path = directory.resolve("readings");
        EmbedExample.main(new String[] {"write", path.toString(), "3000"});
        try (Table table = Table.open(path)) {
            Instant midnight = Instant.parse("2026-01-02T00:00:00Z");
            assertThat(EmbedExample.count(table, midnight.minusSeconds(60), midnight.plusSeconds(60)))
                    .isEqualTo(2);
            assertThat(EmbedExample.count(table, midnight, midnight.plusSeconds(86_400)))
                    .isEqualTo(1440);
        }
    }
}
