package io.firn.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.crash.KilledWriter.Phase;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.testing.ForkedJvm;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a writer, at any time and in the middle of each kind of work. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessKillTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int KILLS_PER_TABLE = 10;
    private static final int MAX_OPERATIONS = 60;
    private static final List<Phase> PHASES = List.of(Phase.values());

    private final Map<Phase, Integer> kills = new EnumMap<>(Phase.class);

    @TempDir
    Path directory;

    @Test
    void everyAcknowledgedRecordIsThereOnce() {
        int tables = Integer.getInteger("firn.kills", isStress() ? 5_000 : 200) / KILLS_PER_TABLE;
        for (int i = 0; i < tables; i++) {
            Path path = directory.resolve("table" + i);
            TableConfig config =
                    TableConfig.builder().segmentSizeBytes(64 << 10).build();
            Table.create(path, KilledWriter.MAPPING.scheme(), config).close();
            Randomized.forAll(1, random -> killAgainAndAgain(path, random));
        }
        System.out.println("kill -9: " + kills);
        int least = tables * KILLS_PER_TABLE / 10;
        assertThat(kills)
                .hasSize(PHASES.size())
                .allSatisfy((phase, count) ->
                        assertThat(count).as("kills in %s", phase).isGreaterThanOrEqualTo(least));
    }

    private static boolean isStress() {
        return TestProfile.isStress();
    }

    private void killAgainAndAgain(Path path, RandomGenerator random) {
        for (int i = 0; i < KILLS_PER_TABLE; i++) {
            Phase phase = PHASES.get(i % PHASES.size());
            long acknowledged = kill(path, phase, 1 + random.nextInt(MAX_OPERATIONS), random);
            assertThat(recordsOf(path)).as("records after a kill in %s", phase).isGreaterThanOrEqualTo(acknowledged);
            kills.merge(phase, 1, Integer::sum);
        }
    }

    /** Runs a writer and kills it; returns what it had acknowledged. */
    private long kill(Path path, Phase phase, int operation, RandomGenerator random) {
        try (ForkedJvm writer = ForkedJvm.of(KilledWriter.class, directory)
                .arguments(path, phase, operation)
                .start()) {
            if (phase == Phase.APPEND) {
                int commits = 1 + random.nextInt(20);
                writer.awaitLine(line -> writer.lines().size() >= commits, TIMEOUT);
            } else {
                writer.awaitLine(line -> line.startsWith(KilledWriter.STOPPED), TIMEOUT);
            }
            writer.kill();
            return writer.lines().stream()
                    .filter(line -> line.startsWith(KilledWriter.ACKNOWLEDGED))
                    .mapToLong(line -> Long.parseLong(line.substring(KilledWriter.ACKNOWLEDGED.length())))
                    .max()
                    .orElse(0);
        }
    }

    private static long recordsOf(Path path) {
        try (Table table = Table.open(path);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            long next = 0;
            while (reader.next()) {
                assertThat(reader.record().sequence()).isEqualTo(next);
                assertThat(reader.record().toRecord()).isEqualTo(KilledWriter.record(next));
                next++;
            }
            return next;
        }
    }
}
