package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.FileTree;
import io.firn.lifecycle.Erasure;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.RecordKeys;
import io.firn.lifecycle.WrittenTable;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    static List<LifecycleRequest> requests() {
        RecordKeys keys = RecordKeys.of(List.of("b".getBytes(StandardCharsets.UTF_8)));
        return List.of(
                LifecycleRequest.settleAll(),
                LifecycleRequest.compact(),
                LifecycleRequest.drop(KeyedTable.ofKey("b")),
                LifecycleRequest.erase(Erasure.of(keys)));
    }

    /** Before any change that a maintainer makes whose lock has vanished. */
    @ParameterizedTest
    @MethodSource("requests")
    void aMaintainerThatLivesOnTakesNothingAwayFromARebuiltCatalog(LifecycleRequest request) {
        int operation = 1;
        while (new RebuildBesideOwnersTest().catalogIsRebuiltBefore(operation, request)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(20);
    }

    private boolean catalogIsRebuiltBefore(int operation, LifecycleRequest request) {
        table.write("main", "first", "a", 2);
        table.write("main", "first", "b", 2);
        table.run(LifecycleRequest.settleAll());
        table.write("main", "second", "a", 2);
        table.write("main", "second", "b", 2);
        table.run(LifecycleRequest.settleAll());
        table.write("main", "third", "a", 2);
        table.write("main", "third", "b", 2);
        AtomicInteger seen = new AtomicInteger();
        boolean[] rebuilt = new boolean[1];
        owner.runBeforeOnce(StoreCall.isMutating().and(call -> seen.incrementAndGet() == operation), () -> {
            rebuilt[0] = true;
            LostCatalog.lose(machine, new SplittableRandom(operation));
            RebuildReport report = LostCatalog.rebuild(others);
            assertThat(report.failures()).as("at " + operation).isEmpty();
            assertThat(report.unproven()).as("at " + operation).isEmpty();
        });
        runAsOwner(request);
        assertKept("rebuilt before " + operation);
        table.run(LifecycleRequest.settleAll());
        table.run(LifecycleRequest.compressAll());
        assertKept("rebuilt before " + operation + ", and compressed");
        assertThat(table.damages()).as("rebuilt before " + operation).isEmpty();
        return rebuilt[0];
    }

    private void runAsOwner(LifecycleRequest request) {
        try {
            WrittenTable.maintain(owner, request);
        } catch (FirnException overtaken) {
            assertThat(overtaken).hasMessageMatching("(?s).*(poch|atalog).*");
        }
    }

    private void assertKept(String when) {
        List<String> values = table.values();
        assertThat(values)
                .as(when)
                .doesNotHaveDuplicates()
                .contains("first0", "first1", "second4", "second5", "third8", "third9");
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
