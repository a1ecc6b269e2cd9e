package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.WrittenTable;
import io.firn.lifecycle.rebuild.LostLogs.Loss;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.table.Table;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Logs of writers are lost or damaged after a history of commits and rewrites, and rebuilt. */
class LaneRebuildTest {
    @Test
    void rebuiltLogsHoldEveryCommittedRecordOnce() {
        Randomized.forAll(12, random -> {
            CrashFileStore machine = WrittenTable.machine();
            WrittenTable table = RewriteHistory.history(machine, random);
            List<String> files = List.copyOf(WrittenTable.segmentFiles(machine).keySet());
            LostLogs.lose(machine, random);
            RebuildReport report = LostLogs.rebuild(machine);
            assertThat(report.failures()).isEmpty();
            assertThat(report.actions()).isNotEmpty();
            assertThat(WrittenTable.segmentFiles(machine).keySet()).containsExactlyElementsOf(files);
            assertSound(machine);
            assertThat(LostLogs.rebuild(machine))
                    .as("sound logs are left alone")
                    .isEqualTo(new RebuildReport(List.of(), List.of(), List.of()));
            machine = machine.crash(random);
            table.look(machine);
            table.write(machine, random);
            table.write(machine, random);
            table.look(machine);
            table.converge(machine);
            assertSound(machine);
        });
    }

    @Test
    void aPowerLossInTheHistoryLosesNothingThatWasAcknowledged() {
        Randomized.forAll(12, random -> {
            CrashFileStore machine = WrittenTable.machine();
            WrittenTable table = RewriteHistory.history(machine, random);
            machine.crashAt(1 + random.nextInt(60));
            RewriteHistory.crash(machine, table, random);
            machine = machine.crash(random);
            // Without a position a damaged end is one that a crash tore.
            LostLogs.lose(machine, random, Loss.ALL_BUT_THE_TAIL);
            assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
            table.look(machine);
            table.recoverLanes(machine);
            table.write(machine, random);
            table.converge(machine);
            assertSound(machine);
        });
    }

    @Test
    void aCrashBeforeAnyOperationOfTheRebuildLosesNothing() {
        RandomGenerator random = new SplittableRandom(11);
        boolean crashed = true;
        for (int operation = 1; crashed; operation++) {
            CrashFileStore machine = WrittenTable.machine();
            WrittenTable table = RewriteHistory.history(machine, new SplittableRandom(5));
            LostLogs.lose(machine, new SplittableRandom(7));
            machine = machine.crash(random);
            machine.crashAt(operation);
            crashed = false;
            try {
                LostLogs.rebuild(machine);
            } catch (SimulatedCrash powerFailed) {
                crashed = true;
            }
            machine = machine.crash(random);
            assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
            table.look(machine);
            table.write(machine, random);
            table.look(machine);
            assertSound(machine);
        }
    }

    @Test
    void logsOfWritersAndTheCatalogAreRebuiltOneAfterTheOther() {
        Randomized.forAll(10, random -> {
            CrashFileStore machine = WrittenTable.machine();
            WrittenTable table = RewriteHistory.history(machine, random);
            LostLogs.lose(machine, random);
            LostCatalog.lose(machine, random);
            assertThat(LostCatalog.rebuild(machine).failures()).isNotEmpty();
            RebuildReport report = LostLogs.rebuild(machine);
            assertThat(report.failures()).isEmpty();
            assertThat(report.unproven()).anyMatch(line -> line.contains("--rebuild-catalog"));
            assertThat(LostCatalog.rebuild(machine).failures()).isEmpty();
            table.look(machine);
            assertSound(machine);
            table.write(machine, random);
            table.converge(machine);
        });
    }

    private static void assertSound(CrashFileStore machine) {
        try (Table opened = WrittenTable.open(machine)) {
            assertThat(TableVerifier.verify(opened).damages()).isEmpty();
        }
    }
}
