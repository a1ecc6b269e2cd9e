package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.FileTree;
import io.firn.lifecycle.Erasure;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.RecordKeys;
import io.firn.lifecycle.WrittenTable;
import io.firn.lifecycle.rebuild.LostLogs.Loss;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
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

    static List<Arguments> leftovers() {
        RecordKeys keys = RecordKeys.of(List.of("b".getBytes(StandardCharsets.UTF_8)));
        return List.of(
                Arguments.of(LifecycleRequest.settleAll(), ".q"),
                Arguments.of(LifecycleRequest.erase(Erasure.of(keys)), ".expired"));
    }

    /** Whoever opens the catalog removes what somebody left who died behind bringing it to its place. */
    @ParameterizedTest
    @MethodSource("leftovers")
    void anOpenerThatTidiesUpTakesNothingAwayFromARebuiltCatalog(LifecycleRequest request, String suffix) {
        int operation = 1;
        while (new RebuildBesideOwnersTest().catalogWithLeftoversIsRebuiltBefore(operation, request, suffix)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(10);
    }

    private boolean catalogWithLeftoversIsRebuiltBefore(int operation, LifecycleRequest request, String suffix) {
        AtomicBoolean placed = new AtomicBoolean();
        FaultyFileStore dying = new FaultyFileStore(machine);
        dying.inject(
                Fault.on(call -> placed.get() && call.operation().isMutating()).sticky());
        dying.runAfter(
                call -> call.operation() == StoreOperation.RENAME
                        && call.target().toString().endsWith(suffix)
                        && !call.target().toString().contains("/tmp/"),
                () -> placed.set(true));
        writeTwice();
        WrittenTable.maintain(dying, request);
        assertThat(placed.get()).isTrue();
        return catalogIsRebuilt(operation, LifecycleRequest.due());
    }

    private boolean catalogIsRebuiltBefore(int operation, LifecycleRequest request) {
        writeTwice();
        return catalogIsRebuilt(operation, request);
    }

    private void writeTwice() {
        table.write("main", "first", "a", 2);
        table.write("main", "first", "b", 2);
        table.run(LifecycleRequest.settleAll());
        table.write("main", "second", "a", 2);
        table.write("main", "second", "b", 2);
        table.run(LifecycleRequest.settleAll());
        table.write("main", "third", "a", 2);
        table.write("main", "third", "b", 2);
    }

    private boolean catalogIsRebuilt(int operation, LifecycleRequest request) {
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

    /** Before any change that a writer makes whose lock has vanished. */
    @ParameterizedTest
    @EnumSource(names = {"DIRECTORY", "HEADER"})
    void whatALivingWriterAcknowledgedIsThereAfterARebuild(Loss loss) {
        int operation = 1;
        while (new RebuildBesideOwnersTest().laneIsRebuiltBefore(operation, loss)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(20);
    }

    private boolean laneIsRebuiltBefore(int operation, Loss loss) {
        table.write("main", "first", "a", 2);
        table.run(LifecycleRequest.settleAll());
        table.write("main", "second", "b", 2);
        AtomicInteger seen = new AtomicInteger();
        boolean[] rebuilt = new boolean[1];
        String when = loss + " before " + operation;
        List<String> acknowledged = new ArrayList<>(table.values());
        owner.runBeforeOnce(StoreCall.isMutating().and(call -> seen.incrementAndGet() == operation), () -> {
            rebuilt[0] = true;
            LostLogs.lose(machine, KeyedTable.laneDirectory("main"), loss);
            assertThat(LostLogs.rebuild(others).failures()).as(when).isEmpty();
        });
        try (Table opened = WrittenTable.open(owner);
                TableWriter writer = KeyedTable.writer(opened, "main")) {
            write(writer, acknowledged);
            KeyedTable.append(writer, "withdrawn", "b", 2);
            writer.rollback();
            write(writer, acknowledged);
            writer.roll();
            write(writer, acknowledged);
        } catch (FirnException overtaken) {
            assertThat(overtaken).as(when).hasMessageContaining("main");
        }
        assertThat(table.values()).as(when).doesNotHaveDuplicates().containsAll(acknowledged);
        goesOn(when);
        return rebuilt[0];
    }

    private void goesOn(String when) {
        int position = (int) table.lane("main").position();
        table.write("main", "late", "a", 1);
        table.run(LifecycleRequest.compressAll());
        assertThat(table.values()).as(when).hasSize(position + 1).contains("late" + position);
        assertThat(table.damages()).as(when).isEmpty();
    }

    private static void write(TableWriter writer, List<String> acknowledged) {
        String value = "living" + writer.nextSequence();
        KeyedTable.append(writer, "living", "a", 1);
        writer.commit();
        acknowledged.add(value);
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void aReaderThatStaysOpenGoesOnOverRebuiltLogs(Loss loss) {
        table.write("main", "first", "a", 2);
        table.run(LifecycleRequest.settleAll());
        table.write("main", "second", "b", 2);
        List<String> read = new ArrayList<>();
        try (Table opened = WrittenTable.open(owner);
                TableReader reader = opened.reader(ScanOptions.ALL)) {
            follow(reader, read);
            table.write("main", "third", "a", 2);
            LostLogs.lose(machine, KeyedTable.laneDirectory("main"), loss);
            assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
            follow(reader, read);
            table.run(LifecycleRequest.settleAll());
            table.write("main", "fourth", "a", 2);
            LostCatalog.lose(machine, new SplittableRandom(1));
            assertThat(LostCatalog.rebuild(machine).failures()).isEmpty();
            follow(reader, read);
        }
        assertThat(read)
                .containsExactly("first0", "first1", "second2", "second3", "third4", "third5", "fourth6", "fourth7");
    }

    private static void follow(TableReader reader, List<String> read) {
        reader.refresh();
        while (reader.next()) {
            read.add(StandardCharsets.UTF_8.decode(reader.record().value()).toString());
        }
    }

    /** A second rebuild comes in between any two changes of the first. */
    @Test
    void twoRebuildsAtOnceAreAsGoodAsOne() {
        int operation = 1;
        while (new RebuildBesideOwnersTest().rebuiltAgainBefore(operation)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(10);
    }

    private boolean rebuiltAgainBefore(int operation) {
        table.write("main", "first", "a", 2);
        table.run(LifecycleRequest.settleAll());
        table.write("main", "second", "b", 2);
        table.write("other", "other", "b", 2);
        List<String> before = table.values();
        LostLogs.lose(machine, KeyedTable.laneDirectory("main"), Loss.HEADER);
        LostLogs.lose(machine, KeyedTable.laneDirectory("other"), Loss.DIRECTORY);
        LostCatalog.lose(machine, new SplittableRandom(operation));
        AtomicInteger seen = new AtomicInteger();
        boolean[] again = new boolean[1];
        owner.runBeforeOnce(StoreCall.isMutating().and(call -> seen.incrementAndGet() == operation), () -> {
            again[0] = true;
            assertThat(LostLogs.rebuild(others).failures()).isEmpty();
            assertThat(LostCatalog.rebuild(others).failures()).isEmpty();
        });
        LostLogs.rebuild(owner);
        LostCatalog.rebuild(owner);
        String when = "again before " + operation;
        assertThat(LostLogs.rebuild(others).failures()).as(when).isEmpty();
        assertThat(LostCatalog.rebuild(others).failures()).as(when).isEmpty();
        assertThat(table.values()).as(when).isEqualTo(before);
        table.write("main", "late", "a", 1);
        table.run(LifecycleRequest.compressAll());
        assertThat(table.values())
                .as(when)
                .hasSize(before.size() + 1)
                .containsAll(before)
                .contains("late4");
        assertThat(table.damages()).as(when).isEmpty();
        return again[0];
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
