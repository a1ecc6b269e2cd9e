package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.WrittenTable;
import io.firn.lifecycle.rebuild.LostLogs.Loss;
import io.firn.log.CatalogLog;
import io.firn.table.Table;
import io.firn.testing.CrashFileStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An old copy of a writer's log is put back after what it names was rewritten, and the log is rebuilt. */
class OldLaneLogTest {
    private final CrashFileStore machine = WrittenTable.machine();
    private final KeyedTable table = new KeyedTable(machine);
    private Path oldLog = Path.of("/");
    private ByteBuffer old = ByteBuffer.allocate(0);

    @BeforeEach
    void writeAndCopy() {
        KeyedTable.create(machine);
        table.write("main", "first", "a", 2);
        table.write("main", "second", "b", 2);
        oldLog = LostLogs.logs(machine, KeyedTable.laneDirectory("main")).get(0);
        old = table.read(oldLog);
    }

    @Test
    void segmentsOfWhichTheCatalogHasForgottenTheRemovalsAreNotMissing() {
        table.run(LifecycleRequest.settleAll());
        table.write("main", "third", "a", 2);
        forgetRemovals();
        putBack();
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).noneMatch(line -> line.contains("missing"));
        assertThat(table.values()).containsExactly("first0", "first1", "second2", "second3", "third4", "third5");
        assertThat(table.lane("main").records()).isEqualTo(6);
        assertThat(table.damages()).isEmpty();
    }

    @Test
    void whatWasDroppedSinceIsNotMissingEither() {
        table.run(LifecycleRequest.compressAll());
        table.run(LifecycleRequest.drop(KeyedTable.ofKey("a")));
        table.write("main", "third", "a", 2);
        forgetRemovals();
        putBack();
        assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
        assertThat(table.values()).containsExactly("second2", "second3", "third4", "third5");
        table.run(LifecycleRequest.compressAll());
        assertThat(table.damages()).isEmpty();
    }

    @Test
    void aSegmentThatIsLostStaysNamed() {
        table.write("main", "third", "a", 2);
        machine.delete(
                Path.of(WrittenTable.segmentFiles(machine).keySet().iterator().next()));
        putBack();
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.unproven()).anyMatch(line -> line.contains("missing, with 2 records"));
    }

    private void forgetRemovals() {
        try (Table opened = WrittenTable.open(machine)) {
            CatalogLog.openForgetting(opened.layout(), opened.environment().clock())
                    .close();
        }
    }

    private void putBack() {
        LostLogs.lose(machine, KeyedTable.laneDirectory("main"), Loss.LOGS_AND_POSITION);
        table.put(oldLog, old);
    }
}
