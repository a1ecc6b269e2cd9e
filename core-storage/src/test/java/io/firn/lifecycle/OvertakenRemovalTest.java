package io.firn.lifecycle;

import static io.firn.lifecycle.ErasableTable.ERASE;
import static io.firn.lifecycle.ErasableTable.records;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.lifecycle.rebuild.LostCatalog;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.log.CatalogLog;
import io.firn.partition.PartitionFilter;
import io.firn.table.Table;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Maintainers who do not see each other's locks overtake one another while they remove records: what a rebuild of the
 * catalog shows afterwards is what the catalog showed.
 */
class OvertakenRemovalTest {
    private static final Path EXPIRED = WrittenTable.ROOT.resolve("_table/expired");
    private static final LifecycleRequest DROP = LifecycleRequest.drop(PartitionFilter.exact("p", "odd"));
    private static final Predicate<StoreCall> MARKER_IS_DURABLE =
            StoreCall.is(StoreOperation.FORCE_DIRECTORY, EXPIRED.toString());

    /** A run that has less does not do what is asked for. */
    private static final int LEAST_OPERATIONS = 20;

    private final CrashFileStore machine = ErasableTable.filled();
    private final FileStore lockless = WrittenTable.withoutLocks(machine);
    private final ForwardingFileStore first = new ForwardingFileStore(lockless);
    private final KillableProcess second = new KillableProcess(lockless);

    @Test
    void whoTidiesUpLeavesTheMarkersOfItsSuccessorAlone() {
        List<String> all = records(machine);
        second.killBefore(call -> call.operation() == StoreOperation.DELETE && isSegment(call.path()));
        // The base is written, and nobody had come when it was looked for.
        first.runBeforeOnce(
                call -> call.path().equals(EXPIRED) && call.operation() == StoreOperation.EXISTS,
                () -> second.run(() -> WrittenTable.maintain(second, ERASE)));
        WrittenTable.maintain(first, LifecycleRequest.settleAll());

        List<String> seen = records(machine);
        assertThat(seen).hasSizeLessThan(all.size());
        assertRebuilt(seen);
    }

    @Test
    void aMarkerOfAMaintainerThatWasOvertakenNeverCounts() {
        List<String> all = records(machine);
        second.killAfter(MARKER_IS_DURABLE);
        second.runBeforeOnce(
                call -> call.operation() == StoreOperation.CREATE
                        && call.path().toString().contains(".expired"),
                () -> WrittenTable.maintain(lockless, LifecycleRequest.compressAll()));
        second.run(() -> WrittenTable.maintain(second, DROP));

        assertThat(records(machine)).isEqualTo(all);
        WrittenTable.maintain(machine, LifecycleRequest.compressAll());
        assertRebuilt(all);
    }

    static List<Arguments> others() {
        return List.of(
                Arguments.of(ERASE, false),
                Arguments.of(DROP, true),
                Arguments.of(LifecycleRequest.compressAll(), true));
    }

    /** Before any operation on what maintainers share, another one does all its work; nobody is killed. */
    @ParameterizedTest
    @MethodSource("others")
    void anotherOneComesInBetween(LifecycleRequest request, boolean catalogIsOpen) {
        int operation = 1;
        while (new OvertakenRemovalTest().isOvertaken(request, catalogIsOpen, operation)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(LEAST_OPERATIONS);
    }

    /** Returns false when the removal had ended before that operation. */
    private boolean isOvertaken(LifecycleRequest request, boolean catalogIsOpen, int operation) {
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        try (Table table = WrittenTable.open(first);
                LifecycleManager manager = WrittenTable.manager(table)) {
            if (catalogIsOpen) {
                manager.run(LifecycleRequest.settleAll());
            }
            first.runBeforeOnce(call -> isShared(call.path()) && seen.incrementAndGet() == operation, () -> {
                others.incrementAndGet();
                WrittenTable.maintain(lockless, request);
            });
            manager.run(DROP);
        }
        List<String> visible = records(machine);
        try (Table table = WrittenTable.open(machine)) {
            CatalogLog.open(table.layout(), table.environment().clock()).close(); // the next one
        }
        assertThat(records(machine)).isEqualTo(visible);
        assertRebuilt(visible);
        return others.get() > 0;
    }

    private void assertRebuilt(List<String> visible) {
        LostCatalog.lose(machine, new SplittableRandom(1));
        RebuildReport report = LostCatalog.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        assertThat(records(machine)).isEqualTo(visible);
    }

    private static boolean isSegment(Path path) {
        return path.toString().matches(".*\\.q(\\.zst)?") && !path.toString().contains("/tmp/");
    }

    private static boolean isShared(Path path) {
        return path.toString().matches(".*/_table/(catalog|expired|tmp)(/.*)?");
    }
}
