package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.FileTree;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.WrittenTable;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logs are lost and rebuilt while their owner, whose lock has vanished with them, lives on. */
class RebuildBesideOwnersTest {
    private final CrashFileStore machine = WrittenTable.machine();
    private final FileStore others = WrittenTable.withoutLocks(machine);
    private final ForwardingFileStore owner = new ForwardingFileStore(WrittenTable.withoutLocks(machine));
    private final KeyedTable table = KeyedTable.create(machine);

    @Test
    void aWriterWhoseLogWasReplacedUnderALowerEpochAcknowledgesNothing() {
        table.write("main", "first", "a", 3);
        table.run(LifecycleRequest.settleAll());
        table.write("main", "second", "a", 2);
        table.run(LifecycleRequest.settleAll());
        acknowledgesNothingAfterRebuild();
    }

    @Test
    void aWriterWhoseFirstLogWasReplacedAcknowledgesNothing() {
        acknowledgesNothingAfterRebuild();
    }

    /** Who stays open remembers a log by epoch and size. */
    @Test
    void aLogOfWhichNothingToldIsNotRebuiltUnderItsOldName() {
        table.write("main", "first", "a", 3);
        table.run(LifecycleRequest.settleAll());
        Path lane = KeyedTable.laneDirectory("main");
        List<Path> before = LostLogs.logs(machine, lane);
        FileTree.delete(machine, lane);
        assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
        assertThat(LostLogs.logs(machine, lane)).hasSize(1).doesNotContainAnyElementsOf(before);
        assertThat(table.damages()).isEmpty();
    }

    private void acknowledgesNothingAfterRebuild() {
        List<Long> acknowledged = new ArrayList<>();
        try (Table opened = WrittenTable.open(owner);
                TableWriter writer = KeyedTable.writer(opened, "main")) {
            KeyedTable.append(writer, "living", "a", 2);
            writer.roll();
            long committed = writer.commit();
            table.run(LifecycleRequest.settleAll());
            FileTree.delete(machine, KeyedTable.laneDirectory("main"));
            assertThat(LostLogs.rebuild(others).failures()).isEmpty();
            KeyedTable.append(writer, "late", "a", 2);
            try {
                acknowledged.add(writer.commit());
            } catch (FirnException overtaken) {
                assertThat(overtaken).hasMessageContaining("poch");
            }
            assertThat(acknowledged).as("behind %d", committed).isEmpty();
        }
    }
}
