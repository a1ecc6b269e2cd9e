package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.WrittenTable;
import io.firn.testing.CrashFileStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An old copy of the catalog is put back. */
class OldCatalogTest {
    private static final Path CATALOG = WrittenTable.ROOT.resolve("_table/catalog");

    private final CrashFileStore machine = WrittenTable.machine();
    private final KeyedTable table = KeyedTable.create(machine);
    private final Map<Path, ByteBuffer> copy = new TreeMap<>();

    @Test
    void filesOfLaterEpochsTellOfIt() {
        table.write("main", "first", "a", 2);
        table.run(LifecycleRequest.settleAll());
        copyCatalog();
        table.write("main", "second", "a", 2);
        table.run(LifecycleRequest.settleAll());
        table.run(LifecycleRequest.compressAll());
        putBack();
        RebuildReport report = LostCatalog.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(report.actions()).anyMatch(line -> line.contains("old copy"));
        assertRebuilt();
    }

    @Test
    void soDoMarkersOfRemovals() {
        table.write("main", "dropped", "b", 2);
        table.write("main", "first", "a", 2);
        table.run(LifecycleRequest.settleAll());
        copyCatalog();
        table.run(LifecycleRequest.drop(KeyedTable.ofKey("b")));
        putBack();
        assertThat(LostCatalog.rebuild(machine).actions()).anyMatch(line -> line.contains("old copy"));
        assertThat(table.values()).containsExactly("first2", "first3");
        assertThat(table.damages()).isEmpty();
    }

    /** Somebody who finds no space for his log's base leaves his temporary directory. */
    @Test
    void aTemporaryDirectoryTellsOfNothing() {
        table.write("main", "first", "a", 2);
        table.run(LifecycleRequest.settleAll());
        machine.createDirectory(WrittenTable.ROOT.resolve("_table/tmp/99"));
        assertThat(LostCatalog.rebuild(machine).actions()).isEmpty();
    }

    private void assertRebuilt() {
        assertThat(table.values()).containsExactly("first0", "first1", "second2", "second3");
        assertThat(table.damages()).isEmpty();
        assertThat(LostCatalog.rebuild(machine).actions()).isEmpty();
    }

    private void copyCatalog() {
        for (Path log : LostLogs.logs(machine, CATALOG)) {
            copy.put(log, table.read(log));
        }
        copy.put(CATALOG.resolve("pos"), table.read(CATALOG.resolve("pos")));
    }

    private void putBack() {
        LostLogs.logs(machine, CATALOG).forEach(machine::delete);
        machine.delete(CATALOG.resolve("pos"));
        copy.forEach(table::put);
        machine.forceDirectory(CATALOG);
    }
}
