package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.WrittenTable;
import io.firn.lifecycle.rebuild.LostLogs.Loss;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Lost logs are rebuilt while others work on the table. */
class RebuildBesideOthersTest {
    private static final Path HOT = WrittenTable.ROOT.resolve("_table/hot");

    private final CrashFileStore machine = WrittenTable.machine();
    private final KeyedTable table = KeyedTable.create(machine);

    @Test
    void whatAMaintainerSettlesMeanwhileIsCounted() {
        table.write("main", "first", "a", 3);
        table.write("main", "second", "b", 2);
        Path lane = KeyedTable.laneDirectory("main");
        Path log = LostLogs.logs(machine, lane).get(0);
        ByteBuffer old = table.read(log);
        LostLogs.lose(machine, lane, Loss.ALL_LOGS);
        ForwardingFileStore others = new ForwardingFileStore(machine);
        others.runBeforeOnce(
                call -> call.operation() == StoreOperation.LIST
                        && call.path().equals(HOT)
                        && !LostLogs.logs(machine, lane).isEmpty(),
                () -> settleWith(log, old));
        RebuildReport report = LostLogs.rebuild(others);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        assertThat(table.lane("main").records()).isEqualTo(5);
        assertThat(table.values()).containsExactly("first0", "first1", "first2", "second3", "second4");
        assertThat(table.damages()).isEmpty();
        LostCatalog.lose(machine, new SplittableRandom(1));
        assertThat(LostCatalog.rebuild(machine).failures()).isEmpty();
        assertThat(table.values()).containsExactly("first0", "first1", "first2", "second3", "second4");
    }

    /** A maintainer that has read the log before it was lost. */
    private void settleWith(Path log, ByteBuffer old) {
        Path fence =
                LostLogs.logs(machine, Path.of(String.valueOf(log.getParent()))).get(0);
        Path aside = fence.resolveSibling("aside");
        machine.rename(fence, aside);
        table.put(log, old.duplicate());
        table.run(LifecycleRequest.settleAll().where(KeyedTable.ofKey("a")));
        machine.delete(log);
        machine.rename(aside, fence);
    }
}
