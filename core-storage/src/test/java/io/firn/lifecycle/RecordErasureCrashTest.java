package io.firn.lifecycle;

import static io.firn.lifecycle.ErasableTable.ERASE;
import static io.firn.lifecycle.ErasableTable.maintain;
import static io.firn.lifecycle.ErasableTable.records;
import static io.firn.lifecycle.ErasableTable.withoutEve;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.ClosedException;
import io.firn.lifecycle.rebuild.LostCatalog;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.table.Table;
import io.firn.testing.CrashFileStore;
import io.firn.testing.SimulatedCrash;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A power loss before each operation of an erasure: what shall stay is there once, what shall go is there once or gone,
 * and the next run erases the rest.
 */
class RecordErasureCrashTest {
    @Test
    void aPowerLossBeforeEachOperation() {
        CrashFileStore counted = ErasableTable.filled();
        List<String> all = records(counted);
        long before = counted.mutationCount();
        maintain(counted, ERASE);
        long operations = counted.mutationCount() - before;
        assertThat(operations).isGreaterThan(40);
        int half = 0;
        for (long operation = 1; operation <= operations; operation++) {
            half += crashAt(operation, all) ? 1 : 0;
        }
        assertThat(half).isPositive();
    }

    /** Returns whether a part of the records was erased. */
    private static boolean crashAt(long operation, List<String> all) {
        CrashFileStore machine = ErasableTable.filled();
        machine.crashAt(operation);
        try {
            WrittenTable.maintain(machine, ERASE);
        } catch (SimulatedCrash | ClosedException powerFailed) {
            assertThat(machine.isDown()).isTrue();
        }
        CrashFileStore restarted = machine.crash(new SplittableRandom(operation));
        List<String> seen = records(restarted);
        assertThat(seen)
                .as("after a power loss before operation %s", operation)
                .doesNotHaveDuplicates()
                .isSubsetOf(all)
                .containsAll(withoutEve(all));
        if (operation % 2 == 0) {
            maintain(restarted, LifecycleRequest.settleAll());
            assertThat(records(restarted)).isEqualTo(seen);
        }
        assertThat(maintain(restarted, ERASE).skipped()).isEmpty();
        assertThat(records(restarted)).isEqualTo(withoutEve(all));
        ErasableTable.assertNoTrace(restarted);
        maintain(restarted, LifecycleRequest.compressAll());
        assertThat(records(restarted)).isEqualTo(withoutEve(all));
        assertTidy(restarted);
        return !seen.equals(all) && !seen.equals(withoutEve(all));
    }

    @Test
    void aRebuiltCatalogLeavesOutWhatWasErased() {
        CrashFileStore counted = ErasableTable.filled();
        List<String> all = records(counted);
        long before = counted.mutationCount();
        maintain(counted, ERASE);
        long operations = counted.mutationCount() - before;
        int erased = 0;
        for (long operation = 1; operation <= operations + 1; operation++) {
            erased += rebuildAfterCrashAt(operation, all) ? 1 : 0;
        }
        assertThat(erased).isPositive();
    }

    /** Returns whether a part of the records was erased when the catalog was lost. */
    private static boolean rebuildAfterCrashAt(long operation, List<String> all) {
        SplittableRandom random = new SplittableRandom(operation);
        CrashFileStore machine = ErasableTable.filled();
        machine.crashAt(operation);
        try {
            WrittenTable.maintain(machine, ERASE);
        } catch (SimulatedCrash | ClosedException powerFailed) {
            assertThat(machine.isDown()).isTrue();
        }
        CrashFileStore restarted = machine.crash(random);
        List<String> seen = records(restarted);
        LostCatalog.lose(restarted, random);
        RebuildReport report = LostCatalog.rebuild(restarted);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        List<String> rebuilt = records(restarted);
        assertThat(rebuilt)
                .as("rebuilt after a power loss before operation %s", operation)
                .doesNotHaveDuplicates()
                .isSubsetOf(seen)
                .containsAll(withoutEve(all));
        try (Table table = WrittenTable.open(restarted)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
        maintain(restarted, ERASE);
        maintain(restarted, LifecycleRequest.compressAll());
        assertThat(records(restarted)).isEqualTo(withoutEve(all));
        return seen.size() < all.size();
    }

    private static void assertTidy(CrashFileStore store) {
        ErasableTable.assertNoTrace(store);
        try (Table table = WrittenTable.open(store)) {
            assertThat(store.list(table.layout().temporary())).isEmpty();
            assertThat(WrittenTable.segmentFiles(store))
                    .hasSize(table.contents().segments().size());
        }
    }
}
