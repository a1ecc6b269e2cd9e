package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.fs.PoliteLock;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.WrittenTable;
import io.firn.lifecycle.rebuild.LostLogs.Loss;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.LaneName;
import io.firn.log.Lanes;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.AttemptWriter;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.CrashFileStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a rebuild of a writer's log takes, what it leaves out and what it refuses. */
class LostLaneTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    private final CrashFileStore machine = WrittenTable.machine();

    @BeforeEach
    void createTable() {
        WrittenTable.create(machine);
    }

    @Test
    void whatARollbackWithdrewStaysWithdrawn() {
        for (Loss loss : List.of(Loss.ALL_LOGS, Loss.LOGS_AND_POSITION, Loss.DIRECTORY, Loss.BASE)) {
            String name = "w" + loss.name();
            try (Table table = WrittenTable.open(machine);
                    TableWriter writer = writer(table, name)) {
                append(writer, "first", "k0", 3);
                writer.commit();
                append(writer, "withdrawn", "k0", 2);
                writer.rollback();
                append(writer, "second", "k0", 3);
                writer.commit();
            }
            lose(name, loss);
            assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
            assertThat(values(name)).containsExactly("first0", "first1", "first2", "second3", "second4", "second5");
        }
        assertSound();
    }

    @Test
    void thePublishedPositionWithdrawsWhatItsOwnerDidNotTakeOver() {
        try (Table table = WrittenTable.open(machine)) {
            try (TableWriter writer = writer(table, "main")) {
                append(writer, "first", "k0", 3);
                writer.commit();
                append(writer, "withdrawn", "k0", 2);
            }
            writer(table, "main").close();
        }
        lose("main", Loss.ALL_LOGS);
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.isComplete()).isTrue();
        assertThat(values("main")).containsExactly("first0", "first1", "first2");
        assertThat(lane("main").position()).isEqualTo(3);
    }

    @Test
    void wholeRecordsBehindTheLastProvenCommitCountAndAreNamed() {
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = writer(table, "main")) {
            append(writer, "first", "k0", 3);
            writer.commit();
            append(writer, "open", "k0", 2);
        }
        lose("main", Loss.ALL_LOGS);
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).singleElement().asString().contains("'main': 2 records at the end");
        assertThat(values("main")).containsExactly("first0", "first1", "first2", "open3", "open4");
        assertThat(lane("main").position()).isEqualTo(5);
    }

    @Test
    void aSequenceThatASettledFileHoldsIsNotTakenFromAWithdrawnTail() {
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = writer(table, "main")) {
            append(writer, "first", "b", 2);
            writer.commit();
            append(writer, "withdrawn", "a", 3);
            writer.rollback();
            append(writer, "second", "a", 3);
            writer.finish();
        }
        PartitionFilter a = PartitionFilter.parse("k = 'a'", MAPPING.scheme());
        for (int run = 0; run < 3; run++) {
            assertThat(WrittenTable.maintain(
                                    machine, LifecycleRequest.settleAll().where(a))
                            .errors())
                    .isEmpty();
            // The owner drops what was rewritten, and the catalog forgets it.
            writer(WrittenTable.open(machine), "main").close();
        }
        lose("main", Loss.LOGS_AND_POSITION);
        assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
        assertThat(values("main")).containsExactly("first0", "first1", "second2", "second3", "second4");
        assertSound();
    }

    @Test
    void aSegmentThatGrewAfterItWasSettledOutlivesTheLossOfItsLog() {
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = writer(table, "main")) {
            append(writer, "first", "k0", 3);
            writer.commit();
            assertThat(WrittenTable.maintain(machine, LifecycleRequest.settleAll())
                            .errors())
                    .isEmpty();
            append(writer, "second", "k0", 2);
            writer.commit();
        }
        lose("main", Loss.DIRECTORY);
        WrittenTable.maintain(machine, LifecycleRequest.settleAll());
        assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
        assertThat(values("main")).containsExactly("first0", "first1", "first2", "second3", "second4");
        assertSound();
    }

    @Test
    void aReadablePartOfTheLogKeepsPropertiesAndGaps() {
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = table.writer(WriterOptions.named("main")
                        .mapping(MAPPING)
                        .properties(Map.of("color", "blue"))
                        .build())) {
            append(writer, "first", "k0", 3);
            writer.commit();
            writer.recordGap(3, 10);
            writer.advanceTo(10);
            writer.commit();
            append(writer, "second", "k0", 2);
            writer.commit();
        }
        lose("main", Loss.TAIL);
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.isComplete()).as(report.toString()).isTrue();
        assertThat(lane("main").properties()).containsEntry("color", "blue");
        assertThat(lane("main").gapSequences()).isEqualTo(7);
        assertThat(lane("main").position()).isEqualTo(12);
        assertThat(values("main")).hasSize(5);
    }

    @Test
    void aLaneOfKafkaKeepsItsTopicPartitionAndGeneration() {
        KafkaOrigin origin = new KafkaOrigin("orders.eu", 3, 2, "cluster", "id");
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = table.writer(WriterOptions.named(origin.writerName())
                        .mapping(MAPPING)
                        .properties(origin.toProperties())
                        .build())) {
            append(writer, "first", "k0", 3);
            writer.commit();
        }
        lose(origin.writerName(), Loss.DIRECTORY);
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.unproven()).anyMatch(line -> line.contains("topic orders.eu, partition 3, generation 2"));
        assertThat(KafkaOrigin.of(lane(origin.writerName()).properties()))
                .contains(new KafkaOrigin("orders.eu", 3, 2, "", ""));
    }

    @Test
    void aNameThatIsTooLongMustBeGiven() {
        String name = "a name with blanks, ".repeat(5);
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = writer(table, name)) {
            append(writer, "first", "k0", 3);
            writer.commit();
        }
        lose(name, Loss.DIRECTORY);
        assertThat(LostLogs.rebuild(machine).failures())
                .singleElement()
                .asString()
                .contains("--writer");
        assertThat(LostLogs.rebuild(machine, "other", name).failures()).isEmpty();
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = writer(table, name)) {
            assertThat(writer.position()).isEqualTo(3);
        }
    }

    @Test
    void aDamagedSegmentBelowThePublishedPositionIsRefusedAndNothingChanges() {
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = writer(table, "main")) {
            append(writer, "first", "k0", 9);
            writer.commit();
        }
        lose("main", Loss.ALL_LOGS);
        String file = WrittenTable.segmentFiles(machine).keySet().iterator().next();
        try (var segment = machine.openWrite(Path.of(file))) {
            segment.write(ByteBuffer.wrap(new byte[] {9, 9, 9, 9}), 400);
            segment.force();
        }
        Path lane = laneDirectory("main");
        List<String> before = machine.list(lane);
        assertThat(LostLogs.rebuild(machine).failures())
                .singleElement()
                .asString()
                .contains("move the file away");
        assertThat(machine.list(lane)).isEqualTo(before);
        machine.rename(Path.of(file), Path.of(file + ".away"));
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).anyMatch(line -> line.contains("9 of the sequences below position 9"));
        assertThat(lane("main").position()).isEqualTo(9);
    }

    @Test
    void aFileWithoutAHeaderOrFirstRecordIsKeptUnderAnotherName() {
        for (int offset : new int[] {0, 192}) {
            keepsUnreadable(offset);
        }
    }

    private void keepsUnreadable(int offset) {
        String name = "w" + offset;
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = writer(table, name)) {
            append(writer, "first", "k0", 9);
            writer.commit();
        }
        lose(name, Loss.LOGS_AND_POSITION);
        String file = WrittenTable.segmentFiles(machine).keySet().stream()
                .filter(path -> path.contains("/" + name))
                .findFirst()
                .orElseThrow();
        try (var segment = machine.openWrite(Path.of(file))) {
            segment.write(ByteBuffer.allocate(128), offset);
            segment.force();
        }
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.unproven()).anyMatch(line -> line.contains("nothing of it can be read"));
        writer(WrittenTable.open(machine), name).close();
        Path hot = WrittenTable.ROOT.resolve("_table/hot");
        assertThat(machine.list(hot))
                .filteredOn(kept -> kept.startsWith(name))
                .singleElement()
                .asString()
                .contains(".q.damaged-");
    }

    @Test
    void aWriterAtWorkIsLeftAlone() {
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = writer(table, "main")) {
            append(writer, "first", "k0", 3);
            writer.commit();
        }
        lose("main", Loss.ALL_LOGS);
        List<String> before = machine.list(laneDirectory("main"));
        try (Table table = WrittenTable.open(machine);
                PoliteLock held = new Lanes(table.layout(), InstantSource.system())
                        .tryLock(LaneName.encode("main"))
                        .orElseThrow()) {
            assertThat(LostLogs.rebuild(machine).failures())
                    .singleElement()
                    .asString()
                    .contains("is at work");
        }
        assertThat(machine.list(laneDirectory("main"))).isEqualTo(before);
    }

    @Test
    void anAttemptOfATwoPhaseCommitIsNamedAndNotRebuilt() {
        try (Table table = WrittenTable.open(machine);
                AttemptWriter attempt = table.attempt(
                        WriterOptions.named("attempt-1").mapping(MAPPING).build())) {
            attempt.append(record("first0", "k0"));
            table.commit(attempt.prepare(List.of()));
        }
        assertThat(LostLogs.rebuild(machine).isComplete()).isTrue();
        LostLogs.lose(machine, laneDirectory("attempt-1"), Loss.DIRECTORY);
        assertThat(LostLogs.rebuild(machine).failures())
                .singleElement()
                .asString()
                .contains("checkpoints of its job");
        assertThat(machine.exists(laneDirectory("attempt-1"))).isFalse();
    }

    @Test
    void anOldLogUnderANewerSegmentIsNoticed() {
        ByteBuffer old = ByteBuffer.allocate(0);
        Path oldLog = Path.of("/");
        for (String value : List.of("first", "second", "third")) {
            try (Table table = WrittenTable.open(machine);
                    TableWriter writer = writer(table, "main")) {
                append(writer, value, "k0", 2);
                writer.commit();
            }
            if (value.equals("first")) {
                oldLog = LostLogs.logs(machine, laneDirectory("main")).get(0);
                try (var file = machine.openRead(oldLog)) {
                    old = ByteBuffer.allocate((int) file.sizeBytes());
                    file.read(old, 0);
                }
            }
        }
        lose("main", Loss.LOGS_AND_POSITION);
        try (var file = machine.createExclusively(oldLog).orElseThrow()) {
            file.write(old.flip(), 0);
        }
        RebuildReport report = LostLogs.rebuild(machine);
        assertThat(report.failures()).isEmpty();
        assertThat(values("main")).containsExactly("first0", "first1", "second2", "second3", "third4", "third5");
        assertSound();
    }

    @Test
    void aRebuildOfTheCatalogRefusesWhileAWriterHasNoLog() {
        try (Table table = WrittenTable.open(machine);
                TableWriter writer = writer(table, "main")) {
            append(writer, "first", "k0", 3);
            writer.finish();
        }
        lose("main", Loss.DIRECTORY);
        LostCatalog.lose(machine, new SplittableRandom(1));
        assertThat(LostCatalog.rebuild(machine).failures())
                .singleElement()
                .asString()
                .contains("--rebuild-lanes");
        try (Table table = WrittenTable.open(machine)) {
            assertThatThrownBy(() -> table.reader(ScanOptions.ALL)).isInstanceOf(CorruptDataException.class);
        }
    }

    private void lose(String writer, Loss loss) {
        LostLogs.lose(machine, laneDirectory(writer), loss);
    }

    private static Path laneDirectory(String writer) {
        return WrittenTable.ROOT.resolve("_table/lanes").resolve(LaneName.encode(writer));
    }

    private static TableWriter writer(Table table, String name) {
        return table.writer(
                WriterOptions.named(name).mapping(MAPPING).takeOver(true).build());
    }

    private static void append(TableWriter writer, String value, String key, int count) {
        for (int i = 0; i < count; i++) {
            writer.append(record(value + writer.nextSequence(), key));
        }
    }

    private static StreamRecord record(String value, String key) {
        return StreamRecord.atMillis(1)
                .key(key.getBytes(StandardCharsets.UTF_8))
                .value(value.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private LaneInfo lane(String writer) {
        try (Table table = WrittenTable.open(machine)) {
            return table.lanes().stream()
                    .filter(lane -> lane.writer().equals(writer))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<String> values(String writer) {
        List<String> values = new ArrayList<>();
        try (Table table = WrittenTable.open(machine);
                TableReader reader =
                        table.reader(ScanOptions.builder().writer(writer).build())) {
            while (reader.next()) {
                ByteBuffer value = reader.record().value();
                values.add(StandardCharsets.UTF_8.decode(value).toString());
            }
        }
        return values;
    }

    private void assertSound() {
        try (Table table = WrittenTable.open(machine)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
    }
}
