package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.WrittenTable;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.SegmentEntry;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A catalog is lost or damaged, and rebuilt from the files. */
class CatalogRebuildTest {
    @Test
    void aRebuiltCatalogShowsWhatTheLostOneShowed() {
        Randomized.forAll(8, random -> {
            CrashFileStore machine = WrittenTable.machine();
            WrittenTable table = RewriteHistory.history(machine, random);
            List<String> before = contents(machine);
            Set<String> names = segments(machine);
            Set<String> files = WrittenTable.segmentFiles(machine).keySet();
            if (random.nextInt(3) == 0) {
                LostCatalog.cutOff(machine);
            } else {
                LostCatalog.lose(machine, random);
            }
            RebuildReport report = LostCatalog.rebuild(machine);
            assertThat(report.failures()).isEmpty();
            assertThat(report.unproven()).isEmpty();
            assertThat(report.actions()).isNotEmpty();
            assertThat(contents(machine)).isEqualTo(before);
            assertThat(segments(machine)).isEqualTo(names);
            assertThat(WrittenTable.segmentFiles(machine).keySet()).isEqualTo(files);
            try (Table opened = WrittenTable.open(machine)) {
                assertThat(TableVerifier.verify(opened).damages()).isEmpty();
            }
            assertThat(LostCatalog.rebuild(machine).actions())
                    .as("a sound catalog is left alone")
                    .isEmpty();
            table.write(machine, random);
            table.look(machine);
            table.converge(machine);
        });
    }

    @Test
    void aCrashInTheMiddleOfARewriteAndOfTheRebuildLosesNothing() {
        Randomized.forAll(10, random -> {
            CrashFileStore machine = WrittenTable.machine();
            WrittenTable table = RewriteHistory.history(machine, random);
            machine.crashAt(1 + random.nextInt(60));
            RewriteHistory.crash(machine, table, random);
            machine = machine.crash(random);
            table.look(machine);
            table.recoverLanes(machine);
            LostCatalog.lose(machine, random);
            for (int attempt = 0; attempt < 3; attempt++) {
                machine.crashAt(1 + random.nextInt(25));
                try {
                    LostCatalog.rebuild(machine);
                } catch (SimulatedCrash powerFailed) {
                    assertThat(machine.isDown()).isTrue();
                }
                machine = machine.crash(random);
            }
            RebuildReport report = LostCatalog.rebuild(machine);
            assertThat(report.failures()).isEmpty();
            assertThat(report.unproven()).isEmpty();
            table.look(machine);
            table.converge(machine);
        });
    }

    @Test
    void whatIsMissingStaysMissingAndIsNamed() {
        CrashFileStore machine = WrittenTable.machine();
        WrittenTable table = WrittenTable.create(machine);
        RandomGenerator random = new SplittableRandom(3);
        for (int i = 0; i < 4; i++) {
            table.write(machine, random);
        }
        assertThat(WrittenTable.maintain(machine, LifecycleRequest.compressAll())
                        .errors())
                .isEmpty();
        try (Table opened = WrittenTable.open(machine)) {
            SegmentEntry lost = opened.contents().segments().get(0);
            machine.delete(opened.layout().resolve(lost.path()));
        }
        LostCatalog.lose(machine, random);
        Set<String> files = WrittenTable.segmentFiles(machine).keySet();
        RebuildReport report = LostCatalog.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).anyMatch(line -> line.contains("were not found in any file"));
        assertThat(WrittenTable.segmentFiles(machine).keySet()).isEqualTo(files);
    }

    private static List<String> contents(FileStore store) {
        List<String> all = new ArrayList<>();
        try (Table table = WrittenTable.open(store)) {
            for (ReadOrder order : ReadOrder.values()) {
                ScanOptions options = ScanOptions.builder().order(order).build();
                try (TableReader reader = table.reader(options)) {
                    while (reader.next()) {
                        all.add(reader.writer() + " " + reader.partitionPath() + " "
                                + reader.record().sequence() + " "
                                + reader.record().toRecord());
                    }
                }
            }
        }
        return all;
    }

    private static Set<String> segments(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            return table.contents().segments().stream()
                    .map(entry -> entry.path() + " " + entry.cold() + " " + entry.sizeBytes() + " "
                            + entry.rawBytes() + " " + entry.records() + " " + entry.minTimestampNs() + " "
                            + entry.maxTimestampNs() + " " + entry.lanes())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
