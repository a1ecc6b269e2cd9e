package io.firn.lifecycle.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.FileTree;
import io.firn.fs.StoreFile;
import io.firn.lifecycle.ErasableTable;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.TestTables;
import io.firn.lifecycle.WrittenTable;
import io.firn.log.LaneName;
import io.firn.log.PendingCommit;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionMapping;
import io.firn.table.AttemptWriter;
import io.firn.table.SinkAttempts;
import io.firn.table.SinkOwner;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.table.TableWriter;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import io.firn.testing.TestProfile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableVerifierTest {
    /** Forms that the data of a table goes through. */
    enum Form {
        HOT,
        SETTLED,
        COLD;

        VerifiedTable table() {
            VerifiedTable table = new VerifiedTable().with("a", 3).with("b", 1);
            return switch (this) {
                case HOT -> table;
                case SETTLED -> table.run(LifecycleRequest.settleAll());
                case COLD -> table.run(LifecycleRequest.compressAll());
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSoundTableIsReadWholeAndNothingIsChanged(Form form) {
        try (VerifiedTable table = form.table()) {
            Map<String, byte[]> before = table.files();
            VerifyReport report = table.verify();
            assertThat(report.damages()).isEmpty();
            assertThat(report.isSound()).isTrue();
            assertThat(report.records()).isEqualTo(4);
            assertThat(report.lanes()).isEqualTo(2);
            assertThat(report.files()).isEqualTo(2);
            assertThat(report.notes()).isEmpty();
            assertThat(table.files()).containsExactlyEntriesOf(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFlippedBitIsFoundInItsFile(Form form) {
        Randomized.forAll(1, random -> {
            try (VerifiedTable table = form.table()) {
                List<String> missed = new ArrayList<>();
                table.files().forEach((path, content) -> {
                    for (long bit = 0; bit < content.length * 8L && isChecked(path, form); bit += step(random)) {
                        table.flip(path, bit);
                        if (table.verify().isSound()) {
                            missed.add(path + " bit " + bit);
                        }
                        table.flip(path, bit);
                    }
                });
                assertThat(missed).isEmpty();
                assertThat(table.verify().damages()).isEmpty();
            }
        });
    }

    /** One of eight bits, in the stress profile all of them. */
    private static int step(RandomGenerator random) {
        return TestProfile.isStress() ? 1 : 1 + random.nextInt(2 * Byte.SIZE - 1);
    }

    @ParameterizedTest
    @EnumSource
    void everyCutAndEveryDeletedFileIsFound(Form form) {
        try (VerifiedTable table = form.table()) {
            List<String> missed = new ArrayList<>();
            table.files().forEach((path, content) -> {
                for (int size = 0; size < content.length && isChecked(path, form); size++) {
                    table.cut(path, size);
                    if (losesUnnoticed(table, path)) {
                        missed.add(path + " cut to " + size + " of " + content.length);
                    }
                    table.put(path, content);
                }
                table.delete(path);
                if (isChecked(path, form) && losesUnnoticed(table, path)) {
                    missed.add(path + " deleted");
                }
                table.put(path, content);
            });
            assertThat(missed).isEmpty();
        }
    }

    @Test
    void aFileThatCannotBeReadIsCountedApart() {
        try (VerifiedTable table = new VerifiedTable().with("a", 6).run(LifecycleRequest.settleAll())) {
            FaultyFileStore denying = new FaultyFileStore(table.store());
            denying.inject(Fault.on(call -> call.operation() == StoreOperation.OPEN_READ
                            && call.path().toString().contains("k=k1/"))
                    .denied()
                    .sticky());
            try (Table seen =
                    Table.open(table.table().path(), TableEnvironment.deterministic(denying, TestTables.CLOCK))) {
                VerifyReport report = TableVerifier.verify(seen);
                assertThat(report.isSound()).isFalse();
                assertThat(report.unreadable()).isEqualTo(1);
                assertThat(report.records()).isEqualTo(3);
                assertThat(report.damages())
                        .singleElement()
                        .asString()
                        .contains("k=k1/", "permission denied for user")
                        .doesNotContain("at offset");
            }
        }
    }

    /** A rewrite that was interrupted may have left a file for each of thousands of partitions. */
    @Test
    void temporaryFilesAreOneNoteForEachDirectory() {
        try (VerifiedTable table = new VerifiedTable().with("a", 6)) {
            table.store().createDirectory(Path.of("/t/_table/tmp/1"));
            table.store().createDirectory(Path.of("/t/_table/tmp/2"));
            for (int i = 0; i < 20; i++) {
                table.put("_table/tmp/1/" + i + ".q", new byte[] {1});
            }
            assertThat(table.verify().notes())
                    .satisfiesExactly(
                            note -> assertThat(note).startsWith("_table/tmp/1: 20 files, temporary"),
                            note -> assertThat(note).startsWith("_table/tmp/2: temporary"));
        }
    }

    /** Nobody acts on a damaged {@code pos}: it is as if it were missing. Lock files hold nothing. */
    @Test
    void aFlippedBitInAHintIsNoDamage() {
        try (VerifiedTable table = Form.HOT.table()) {
            table.files().forEach((path, content) -> {
                for (long bit = 0; bit < content.length * 8L && isHint(path); bit++) {
                    table.flip(path, bit);
                    assertThat(table.verify().damages()).isEmpty();
                    table.flip(path, bit);
                }
            });
        }
    }

    @Test
    void itGoesOnAfterADamageAndNamesEachFile() {
        try (VerifiedTable table = Form.COLD.table()) {
            List<String> cold = table.files().keySet().stream()
                    .filter(path -> path.endsWith(".q.zst"))
                    .toList();
            cold.forEach(path -> table.flip(path, 100));
            VerifyReport report = table.verify();
            assertThat(report.damages()).extracting(VerifyReport.Damage::path).containsExactlyElementsOf(cold);
            assertThat(report.damages())
                    .allSatisfy(damage -> assertThat(damage.reason()).isNotBlank());
        }
    }

    @Test
    void whatIsNotCommittedIsNotedAndIsNoDamage() {
        try (VerifiedTable table = Form.HOT.table();
                TableWriter writer = table.writer("c")) {
            VerifiedTable.append(writer, 5);
            VerifyReport report = table.verify();
            assertThat(report.damages()).isEmpty();
            assertThat(report.records()).isEqualTo(4);
            assertThat(report.notes())
                    .singleElement()
                    .asString()
                    .contains("_table/hot/c~", "nothing of it is committed");
            writer.commit();
            VerifiedTable.append(writer, 5);
            report = table.verify();
            assertThat(report.damages()).isEmpty();
            assertThat(report.records()).isEqualTo(9);
            assertThat(report.notes()).isEmpty();
        }
    }

    /** Its job died after a checkpoint was prepared, and went back to the one before. */
    @Test
    void whatAnAttemptSealedAndNobodyCommittedIsNoDamage() {
        FileStore store = ErasableTable.created();
        try (Table table = WrittenTable.open(store)) {
            try (AttemptWriter died = table.attempt(ErasableTable.options("died"))) {
                died.append(ErasableTable.record(0));
                table.commit(died.prepare(List.of()));
                died.append(ErasableTable.record(1));
                assertThat(died.finish(List.of()).number()).isEqualTo(2);
            }
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            try (AttemptWriter next = table.attempt(ErasableTable.options("next"))) {
                table.commit(next.finish(List.of(new RetiredAttempt("died", 1))));
            }
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            ErasableTable.maintain(store, LifecycleRequest.compressAll());
            assertThat(TableVerifier.verify(table).isSound()).isTrue();
            assertThat(ErasableTable.records(store)).hasSize(1);
        }
    }

    @Test
    void aLostFirstFileOfAnAttemptHidesNothingAndIsFound() {
        FileStore store = ErasableTable.created();
        try (Table table = WrittenTable.open(store);
                AttemptWriter attempt = table.attempt(ErasableTable.options("a"))) {
            attempt.append(ErasableTable.record(0));
            table.commit(attempt.finish(List.of()));
            Path lost = table.layout().lane(LaneName.encode("a")).resolve("attempt");
            assertThat(store.delete(lost)).isTrue();
            assertThat(ErasableTable.records(store)).hasSize(1);
            assertThat(TableVerifier.verify(table).damages())
                    .singleElement()
                    .asString()
                    .contains(table.layout().relativize(lost));
        }
    }

    @Test
    void aCommitThatALaterOneReplacesMeanwhileIsNoDamage() {
        FileStore store = ErasableTable.created();
        ForwardingFileStore watched = new ForwardingFileStore(store);
        try (Table table = WrittenTable.open(store);
                Table seen = WrittenTable.open(watched);
                AttemptWriter attempt = table.attempt(ErasableTable.options("a"))) {
            attempt.append(ErasableTable.record(0));
            table.commit(attempt.prepare(List.of()));
            PendingCommit second = attempt.prepare(List.of());
            watched.runBeforeOnce(StoreCall.is(StoreOperation.OPEN_READ, "/attempt"), () -> table.commit(second));
            assertThat(TableVerifier.verify(seen).damages()).isEmpty();
        }
    }

    @Test
    void lostAndDamagedClaimsOfASinkAreNamed() {
        FileStore store = ErasableTable.created();
        try (Table table = WrittenTable.open(store)) {
            SinkAttempts sink = SinkAttempts.open(table, new SinkOwner("clicks", "job", "operator", "a job"));
            table.attempt(sink.attempt(0, List.of())
                            .mapping(PartitionMapping.parse("p:string=header.p"))
                            .build())
                    .close();
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            Path claims = table.layout().sinks().resolve(LaneName.encode("clicks"));
            Path claim = claims.resolve("%020d".formatted(1)).resolve("claim");
            try (StoreFile file = store.openWrite(claim)) {
                file.write(ByteBuffer.allocate(64), 0);
            }
            assertThat(TableVerifier.verify(table).damages())
                    .extracting(VerifyReport.Damage::path)
                    .containsExactly(table.layout().relativize(claim));

            FileTree.delete(store, table.layout().sinks());

            assertThat(TableVerifier.verify(table).damages())
                    .extracting(VerifyReport.Damage::path)
                    .containsExactly(table.layout().relativize(claims));
        }
    }

    @Test
    void aDamagedSchemaIsNamed() {
        try (VerifiedTable table = Form.HOT.table()) {
            table.table().schemas().keep("\"string\"");
            String schema = table.files().keySet().stream()
                    .filter(path -> path.startsWith("_table/schemas/"))
                    .findFirst()
                    .orElseThrow();
            assertThat(table.verify().damages()).isEmpty();
            assertThat(table.verify().notes()).isEmpty();
            table.flip(schema, 500);
            assertThat(table.verify().damages())
                    .extracting(VerifyReport.Damage::path)
                    .containsExactly(schema);
        }
    }

    @Test
    void unknownFilesAreNoted() {
        try (VerifiedTable table = Form.SETTLED.table()) {
            String settled = table.files().keySet().stream()
                    .filter(path -> path.startsWith("k="))
                    .findFirst()
                    .orElseThrow();
            String copy = settled.replaceFirst("[^/]*$", "notes.txt");
            table.put(copy, new byte[] {1});
            VerifyReport report = table.verify();
            assertThat(report.damages()).isEmpty();
            assertThat(report.notes()).containsExactly(copy + ": belongs to nothing that is committed");
        }
    }

    @Test
    void oneFileInThePlaceOfAnotherIsFound() {
        try (VerifiedTable table = Form.COLD.table()) {
            List<String> cold = table.files().keySet().stream()
                    .filter(path -> path.endsWith(".q.zst"))
                    .toList();
            table.put(cold.get(0), table.contentOf(cold.get(1)));
            assertThat(table.verify().damages())
                    .extracting(VerifyReport.Damage::path)
                    .containsExactly(cold.get(0));
        }
    }

    /** A hot file that is cut right behind its last record looks like one whose writer died: no record is lost. */
    private static boolean losesUnnoticed(VerifiedTable table, String path) {
        VerifyReport report = table.verify();
        return report.isSound() && (!path.startsWith("_table/hot/") || report.records() != 4);
    }

    /** The metadata is the same in each form. */
    private static boolean isChecked(String path, Form form) {
        return !isHint(path) && (form == Form.HOT || !path.endsWith("metadata.json"));
    }

    private static boolean isHint(String path) {
        return path.endsWith("/pos") || path.endsWith("lock");
    }
}
