package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileTree;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.WrittenTable;
import io.firn.lifecycle.rebuild.LostLogs.Loss;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.testing.CrashFileStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Markers of what was removed for ever are lost or damaged. */
class LostMarkersTest {
    private static final Path MARKERS = WrittenTable.ROOT.resolve("_table/expired");

    private final CrashFileStore machine = WrittenTable.machine();
    private final KeyedTable table = KeyedTable.create(machine);

    @BeforeEach
    void writeAndDrop() {
        try (Table opened = WrittenTable.open(machine);
                TableWriter writer = KeyedTable.writer(opened, "main")) {
            KeyedTable.append(writer, "kept", "b", 2);
            KeyedTable.append(writer, "dropped", "a", 3);
            writer.finish();
        }
        table.run(LifecycleRequest.drop(KeyedTable.ofKey("a")));
        assertThat(table.damages()).isEmpty();
    }

    @Test
    void verifyingNamesMarkersThatAreLost() {
        FileTree.delete(machine, MARKERS);
        assertThat(table.damages())
                .singleElement()
                .asString()
                .contains("_table/expired", "expected markers that name 3 records", "found 0");
    }

    @Test
    void verifyingNamesAMarkerThatIsDamaged() {
        Path marker = MARKERS.resolve(machine.list(MARKERS).get(0));
        long size = machine.info(marker).sizeBytes();
        machine.delete(marker);
        for (int left : new int[] {0, (int) size}) {
            table.put(marker, ByteBuffer.allocate(left));
            assertThat(table.damages()).singleElement().asString().contains(".expired");
            machine.delete(marker);
        }
    }

    @Test
    void verifyingNamesALostLaneOfWhichEveryRecordWasDropped() {
        table.run(LifecycleRequest.drop(KeyedTable.ofKey("b")));
        assertThat(table.damages()).isEmpty();
        FileTree.delete(machine, KeyedTable.laneDirectory("main"));
        assertThat(table.damages())
                .singleElement()
                .asString()
                .contains("of which 5 records were removed for ever; found none");
        assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
        assertThat(table.damages()).isEmpty();
    }

    @Test
    void aRebuiltLaneGivesNoSequencesAgainOfRecordsThatNoMarkerNames() {
        table.run(LifecycleRequest.drop(KeyedTable.ofKey("b")));
        FileTree.delete(machine, MARKERS);
        LostLogs.lose(machine, KeyedTable.laneDirectory("main"), Loss.DIRECTORY);
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).anyMatch(line -> line.contains("the markers that say where they stood are lost"));
        assertThat(table.lane("main").position()).isEqualTo(5);
    }
}
