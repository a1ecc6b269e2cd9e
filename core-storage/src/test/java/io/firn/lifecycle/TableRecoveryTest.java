package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.verify.VerifiedTable;
import io.firn.lifecycle.verify.VerifyReport;
import io.firn.table.TableWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableRecoveryTest {
    @Test
    void crashedWritersEndAtTheirLastCommitAndASecondRunChangesNothing() {
        try (VerifiedTable table = new VerifiedTable()) {
            try (TableWriter committed = table.writer("a")) {
                VerifiedTable.append(committed, 5);
                committed.commit();
                VerifiedTable.append(committed, 3);
            }
            try (TableWriter nothingCommitted = table.writer("b")) {
                VerifiedTable.append(nothingCommitted, 2);
            }
            RecoveryReport report = TableRecovery.recover(table.table());
            assertThat(report.actions())
                    .satisfiesExactly(
                            action -> assertThat(action).startsWith("writer 'a': ended at its last commit, position 5"),
                            action -> assertThat(action)
                                    .startsWith("writer 'b': ended at its last commit, position 0")
                                    .contains("deleted uncommitted _table/hot/b~"));
            assertThat(report.isComplete()).isTrue();
            assertThat(report.leftAlone()).isEmpty();
            assertSoundWith(table, 5);
            assertThat(table.verify().notes()).isEmpty();
            assertASecondRunChangesNothing(table);
        }
    }

    @Test
    void aWriterAtWorkIsLeftAlone() {
        try (VerifiedTable table = new VerifiedTable();
                TableWriter writer = table.writer("a")) {
            VerifiedTable.append(writer, 5);
            writer.commit();
            VerifiedTable.append(writer, 1);
            RecoveryReport report = TableRecovery.recover(table.table());
            assertThat(report.actions()).isEmpty();
            assertThat(report.leftAlone()).containsExactly("writer 'a': it is at work");
            writer.commit();
            assertSoundWith(table, 6);
        }
    }

    @Test
    void anInterruptedOpeningIsFinished() {
        try (VerifiedTable table = new VerifiedTable().with("a", 5)) {
            String log = lastLog(table, "_table/lanes/");
            table.put(log.replace("1.log", "2.log"), new byte[0]);
            assertThat(table.verify().damages())
                    .singleElement()
                    .satisfies(damage -> assertThat(damage.reason()).contains("no valid base"));
            RecoveryReport report = TableRecovery.recover(table.table());
            assertThat(report.actions())
                    .containsExactly("writer 'a': finished the opening of its log that a crash interrupted");
            assertSoundWith(table, 5);
            assertASecondRunChangesNothing(table);
        }
    }

    @Test
    void tornLogsEndAtTheirLastValidEntry() {
        try (VerifiedTable table = new VerifiedTable().with("a", 5).run(LifecycleRequest.settleAll())) {
            for (String directory : new String[] {"_table/lanes/", "_table/catalog/"}) {
                String log = lastLog(table, directory);
                byte[] content = table.contentOf(log);
                table.put(log, Arrays.copyOf(content, content.length + 13));
            }
            assertThat(table.verify().damages()).hasSize(2);
            RecoveryReport report = TableRecovery.recover(table.table());
            assertThat(report.actions()).hasSize(2);
            assertThat(report.failures()).isEmpty();
            assertSoundWith(table, 5);
            assertASecondRunChangesNothing(table);
        }
    }

    @Test
    void whatAMaintainerHadNotFinishedIsDeleted() {
        try (VerifiedTable table = new VerifiedTable().with("a", 5).run(LifecycleRequest.settleAll())) {
            table.store().createDirectory(Path.of("/t/_table/tmp/1"));
            table.put("_table/tmp/1/00000000000000000009-00000001.q", new byte[] {1, 2, 3});
            table.put("k=k0/00000000000000000009-00000001.q", new byte[] {1, 2, 3});
            assertThat(table.verify().notes()).hasSize(2);
            RecoveryReport report = TableRecovery.recover(table.table());
            assertThat(report.actions()).singleElement().asString().contains("deleted what an earlier maintainer");
            assertThat(table.verify().notes()).isEmpty();
            assertSoundWith(table, 5);
            assertASecondRunChangesNothing(table);
        }
    }

    @Test
    void aLaneWithAMissingSegmentIsRefusedAndNothingIsChanged() {
        try (VerifiedTable table = new VerifiedTable()) {
            try (TableWriter writer = table.writer("a")) {
                VerifiedTable.append(writer, 5);
                writer.commit();
            }
            table.files().keySet().stream()
                    .filter(path -> path.startsWith("_table/hot/"))
                    .forEach(table::delete);
            Map<String, byte[]> before = table.files();
            RecoveryReport report = TableRecovery.recover(table.table());
            assertThat(report.isComplete()).isFalse();
            assertThat(report.failures()).hasSize(1);
            assertThat(table.files()).containsExactlyEntriesOf(before);
        }
    }

    private static String lastLog(VerifiedTable table, String directory) {
        return table.files().keySet().stream()
                .filter(path -> path.startsWith(directory) && path.endsWith(".log"))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static void assertSoundWith(VerifiedTable table, long records) {
        VerifyReport report = table.verify();
        assertThat(report.damages()).isEmpty();
        assertThat(report.records()).isEqualTo(records);
    }

    private static void assertASecondRunChangesNothing(VerifiedTable table) {
        Map<String, byte[]> before = table.files();
        RecoveryReport again = TableRecovery.recover(table.table());
        assertThat(again.actions()).isEmpty();
        assertThat(table.files()).containsExactlyEntriesOf(before);
    }
}
