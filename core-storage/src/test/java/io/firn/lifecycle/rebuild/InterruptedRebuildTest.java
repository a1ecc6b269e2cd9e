package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.lifecycle.Erasure;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.RecordKeys;
import io.firn.lifecycle.WrittenTable;
import io.firn.lifecycle.rebuild.LostLogs.Loss;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A rebuild fails or is cut off, and is run again. */
class InterruptedRebuildTest {
    private static final List<String> LEFT =
            List.of("first0", "first1", "second3", "second4", "third5", "fourth7", "late8");

    /** Most operations are reads that fail alike; the rewritten table takes a while. */
    private static final int STRIDE = 3;

    private final CrashFileStore machine = WrittenTable.machine();
    private final KeyedTable table = KeyedTable.create(machine);

    /** The files of a writer say where its predecessor ended, also when one of them was put aside. */
    @Test
    void whatWasWithdrawnStaysSoWhenAnUnreadableSegmentWasPutAside() {
        withdrawAndLose();
        FaultyFileStore failing = new FaultyFileStore(machine);
        failing.inject(Fault.on(StoreCall.is(StoreOperation.WRITE, ".log")));
        assertThat(LostLogs.rebuild(failing).failures()).isNotEmpty();
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).anyMatch(line -> line.contains("nothing of it can be read"));
        assertThat(table.values()).containsExactly("first0", "first1", "first2");
        assertThat(table.lane("main").position()).isEqualTo(3);
    }

    private void withdrawAndLose() {
        try (Table opened = WrittenTable.open(machine);
                TableWriter writer = KeyedTable.writer(opened, "main")) {
            KeyedTable.append(writer, "first", "a", 3);
            writer.commit();
            KeyedTable.append(writer, "withdrawn", "a", 2);
            writer.rollback();
            KeyedTable.append(writer, "second", "a", 9);
            writer.commit();
        }
        Path last = WrittenTable.segmentFiles(machine).keySet().stream()
                .filter(path -> path.contains(".e2."))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
        try (var segment = machine.openWrite(last)) {
            segment.write(ByteBuffer.allocate(128), 192);
            segment.force();
        }
        LostLogs.lose(machine, KeyedTable.laneDirectory("main"), Loss.LOGS_AND_POSITION);
    }

    /** Who opens a lane needs the catalog, and the catalog needs the lane. */
    @Test
    void theCatalogIsRebuiltAlthoughAWriterDiedWhileItOpenedItsLane() {
        table.write("main", "first", "a", 3);
        table.run(LifecycleRequest.settleAll());
        table.write("main", "second", "a", 2);
        dieWhileOpening("main");
        dieWhileOpening("new");
        LostCatalog.lose(machine, new SplittableRandom(1));
        RebuildReport report = LostCatalog.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(table.values()).containsExactly("first0", "first1", "first2", "second3", "second4");
        table.write("main", "third", "a", 1);
        table.run(LifecycleRequest.compressAll());
        assertThat(table.values()).hasSize(6);
        assertThat(table.damages()).isEmpty();
    }

    private void dieWhileOpening(String writer) {
        Path lane = KeyedTable.laneDirectory(writer);
        machine.createDirectory(lane);
        machine.forceDirectory(Objects.requireNonNull(lane.getParent()));
        long last = LostLogs.logs(machine, lane).stream()
                .mapToLong(log -> Long.parseLong(log.getFileName().toString().replace(".log", "")))
                .max()
                .orElse(0);
        machine.createExclusively(lane.resolve(String.format("%020d.log", last + 1)))
                .orElseThrow()
                .close();
        machine.forceDirectory(lane);
    }

    @Test
    void aPowerLossAtAnyOperationOfARebuildOfTheCatalogChangesNothing() {
        cutOffAtAnyOperation(InterruptedRebuildTest::loseCatalog, LostCatalog::rebuild);
    }

    @Test
    void aPowerLossAtAnyOperationOfARebuildOfLanesChangesNothing() {
        cutOffAtAnyOperation(InterruptedRebuildTest::loseLanes, LostLogs::rebuild);
    }

    @Test
    void anErrorInAnyOperationOfARebuildOfTheCatalogChangesNothing() {
        failInAnyOperation(InterruptedRebuildTest::loseCatalog, LostCatalog::rebuild);
    }

    @Test
    void anErrorInAnyOperationOfARebuildOfLanesChangesNothing() {
        failInAnyOperation(InterruptedRebuildTest::loseLanes, LostLogs::rebuild);
    }

    private static void loseCatalog(FileStore store) {
        LostCatalog.lose(store, new SplittableRandom(2));
    }

    private static void loseLanes(FileStore store) {
        LostLogs.lose(store, KeyedTable.laneDirectory("main"), Loss.LOGS_AND_POSITION);
        LostLogs.lose(store, KeyedTable.laneDirectory("other"), Loss.DIRECTORY);
    }

    private static void cutOffAtAnyOperation(Consumer<FileStore> loss, Consumer<FileStore> rebuild) {
        boolean cutOff = true;
        for (int operation = 1; cutOff; operation++) {
            CrashFileStore machine = rewritten();
            loss.accept(machine);
            machine = machine.crash(new SplittableRandom(operation));
            machine.crashAt(operation);
            cutOff = false;
            try {
                rebuild.accept(machine);
            } catch (SimulatedCrash powerFailed) {
                cutOff = true;
            }
            machine = machine.crash(new SplittableRandom(operation));
            rebuild.accept(machine);
            goOn(machine, "cut off at " + operation);
        }
    }

    private static void failInAnyOperation(Consumer<FileStore> loss, Consumer<FileStore> rebuild) {
        boolean failed = true;
        for (int operation = 1; failed; operation += STRIDE) {
            CrashFileStore machine = rewritten();
            loss.accept(machine);
            FaultyFileStore failing = new FaultyFileStore(machine);
            Fault fault = failing.inject(Fault.on(StoreCall.any()).nth(operation));
            try {
                rebuild.accept(failing);
            } catch (FirnException refused) {
                assertThat(refused).hasMessageContaining("simulated");
            }
            failed = fault.happened();
            rebuild.accept(machine);
            goOn(machine, "failed in " + operation);
        }
    }

    /** Two writers, with records that are settled, compacted, dropped and erased, and hot ones. */
    private static CrashFileStore rewritten() {
        CrashFileStore machine = WrittenTable.machine();
        KeyedTable table = KeyedTable.create(machine);
        table.write("main", "first", "a", 2);
        table.write("main", "erased", "b", 1);
        table.write("other", "other", "c", 2);
        table.run(LifecycleRequest.compressAll());
        table.write("main", "second", "a", 2);
        table.run(LifecycleRequest.settleAll());
        table.run(LifecycleRequest.compact());
        table.write("main", "third", "a", 1);
        table.write("main", "erased", "b", 1);
        RecordKeys keys = RecordKeys.of(List.of("b".getBytes(StandardCharsets.UTF_8)));
        table.run(LifecycleRequest.erase(Erasure.of(keys)));
        table.run(LifecycleRequest.drop(KeyedTable.ofKey("c")));
        table.write("main", "fourth", "a", 1);
        return machine;
    }

    private static void goOn(CrashFileStore machine, String when) {
        KeyedTable table = new KeyedTable(machine);
        assertThat(table.damages()).as(when).isEmpty();
        table.write("main", "late", "a", 1);
        assertThat(table.values()).as(when).isEqualTo(LEFT);
        table.write("other", "other", "d", 1);
        table.run(LifecycleRequest.compressAll());
        assertThat(table.values()).as(when).hasSize(LEFT.size() + 1).contains("other2");
        assertThat(table.damages()).as(when).isEmpty();
    }
}
