package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.Gap;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.RecordOrigin;
import io.firn.record.StreamRecord;
import io.firn.table.AttemptWriter;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.ScanOptions;
import io.firn.table.SinkAttempts;
import io.firn.table.SinkOwner;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.CrashFileStore;
import io.firn.testing.SimulatedCrash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A table is copied into one with other partitions, exactly once, whenever the run before died. */
class TableRepartitionTest {
    private static final Path NEW = WrittenTable.ROOT.resolveSibling("new");
    private static final PartitionMapping BY_TOPIC =
            PartitionMapping.parse("t:string=topic").withMissingField(MissingFieldPolicy.NULL);
    private static final KafkaOrigin ORIGIN = new KafkaOrigin("mail", 3, 1, "cluster", "topic-id");
    private static final LifecycleOptions ONE_THREAD =
            LifecycleOptions.defaults().withForceThreads(1);
    private static final int RECORDS = 40;

    @Test
    void everyRecordIsThereOnceWithItsWriterSequenceAndContent() {
        FileStore store = prepared();
        RepartitionReport report = run(store);
        assertThat(report.failures()).isEmpty();
        assertThat(report.copiedRecords()).isEqualTo(report.totalRecords()).isEqualTo(RECORDS + 20);
        assertSame(store);
        try (Table copy = open(store)) {
            LaneInfo kafka = lane(copy, ORIGIN.writerName());
            assertThat(KafkaOrigin.of(kafka.properties())).contains(ORIGIN);
            assertThat(kafka.position()).isEqualTo(1_000);
            assertThat(kafka.recentGaps()).containsExactly(new Gap(5, 10), new Gap(900, 1_000));
            assertThat(copy.contents().partitions().size()
                            + copy.contents().hot().segments())
                    .isPositive();
            assertThat(TableVerifier.verify(copy).damages()).isEmpty();
        }
        RepartitionReport again = run(store);
        assertThat(again.failures()).isEmpty();
        assertThat(again.copiedRecords()).isZero();
        assertThat(again.totalRecords()).isEqualTo(RECORDS + 20);
    }

    /** The job has the same id in each of its runs, as it has in Flink's application mode with high availability. */
    @Test
    void aTwoPhaseSinkGoesOnInTheNewTable() {
        FileStore store = ErasableTable.created();
        SinkOwner owner = new SinkOwner("clicks", "0000", "", "the job");
        String copied;
        try (Table table = WrittenTable.open(store)) {
            copied = writeAttempt(table, owner, ErasableTable.MAPPING);
        }
        assertThat(run(store).failures()).isEmpty();
        try (Table copy = open(store)) {
            assertThat(lane(copy, copied).properties())
                    .containsKey(LaneCopy.SOURCE_PROPERTY)
                    .allSatisfy((name, value) -> assertThat(name).doesNotStartWith("firn.sink."));
            String next = writeAttempt(copy, owner, BY_TOPIC);
            assertThat(lane(copy, next).properties()).containsEntry("firn.sink.ordinal", "1");
            assertThat(records(copy)).hasSize(2);
        }
        assertThat(run(store).failures()).isEmpty();
    }

    private static String writeAttempt(Table table, SinkOwner owner, PartitionMapping mapping) {
        SinkAttempts sink = SinkAttempts.open(table, owner);
        WriterOptions options = sink.attempt(0, List.of()).mapping(mapping).build();
        try (AttemptWriter attempt = table.attempt(options)) {
            attempt.append(ErasableTable.record(1));
            sink.commit(attempt.finish(List.of()));
            return attempt.name();
        }
    }

    @Test
    void schemasOfTheRecordsComeAlong() {
        FileStore store = prepared();
        long fingerprint;
        try (Table old = WrittenTable.open(store)) {
            fingerprint = old.schemas().keep("\"string\"");
        }
        run(store);
        try (Table copy = open(store)) {
            assertThat(copy.schemas().find(fingerprint)).contains("\"string\"");
        }
    }

    @Test
    void recordsStandInTheirNewPartitions() {
        FileStore store = prepared();
        run(store);
        try (Table copy = open(store);
                TableReader reader = copy.reader(ScanOptions.builder()
                        .filter(PartitionFilter.exact("t", "mail"))
                        .build())) {
            int records = 0;
            while (reader.next()) {
                assertThat(reader.writer()).isEqualTo(ORIGIN.writerName());
                records++;
            }
            assertThat(records).isEqualTo(20);
        }
    }

    @Test
    void aLaterRunBringsWhatWasWrittenMeanwhile() {
        FileStore store = prepared();
        run(store);
        ErasableTable.write(store, "w");
        RepartitionReport report = run(store);
        assertThat(report.failures()).isEmpty();
        assertThat(report.copiedRecords()).isEqualTo(10);
        assertSame(store);
    }

    @Test
    void aRecordWithoutItsFieldEndsTheCopyOfItsWriterThere() {
        FileStore store = prepared();
        PartitionMapping strict = PartitionMapping.parse("t:string=topic");
        RepartitionReport report = run(store, strict);
        assertThat(report.failures())
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure).contains("record 0", "topic"));
        assertThat(report.totalRecords()).isEqualTo(20);
        assertThat(run(store, BY_TOPIC).failures()).isEmpty();
        assertSame(store);
    }

    @Test
    void aWriterOfSomebodyElseIsLeftAlone() {
        FileStore store = prepared();
        run(store);
        try (Table copy = open(store);
                TableWriter sink =
                        copy.writer(WriterOptions.named("w").mapping(BY_TOPIC).build())) {
            sink.append(StreamRecord.atMillis(0).value(new byte[] {1}).build());
            sink.finish();
        }
        ErasableTable.write(store, "w");
        RepartitionReport report = run(store);
        assertThat(report.failures()).singleElement().asString().contains("writer 'w'", "no repartition made");
        assertThat(report.copiedRecords()).isZero();
    }

    @Test
    void aDifferenceIsFound() {
        FileStore store = prepared();
        run(store);
        try (Table copy = open(store);
                LifecycleManager manager = WrittenTable.manager(copy)) {
            assertThat(manager.run(ErasableTable.ERASE).errors()).isEmpty();
        }
        assertThat(run(store).failures())
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure).contains("records, digest"));
    }

    @Test
    void theNewTableIsAnotherOneWithTheScheme() {
        FileStore store = prepared();
        try (Table old = WrittenTable.open(store)) {
            assertThatThrownBy(() -> TableRepartition.of(old, old, BY_TOPIC, ONE_THREAD))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("another directory");
            assertThatThrownBy(() -> TableRepartition.openTarget(old, WrittenTable.ROOT, BY_TOPIC))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("scheme");
        }
    }

    @Test
    void aPowerLossBeforeEachOperation() {
        CrashFileStore counted = prepared();
        long before = counted.mutationCount();
        assertThat(run(counted).failures()).isEmpty();
        long operations = counted.mutationCount() - before;
        assertThat(operations).isGreaterThan(60);
        for (long operation = 1; operation <= operations; operation++) {
            CrashFileStore machine = prepared();
            machine.crashAt(operation);
            try {
                run(machine);
            } catch (SimulatedCrash | ClosedException powerFailed) {
                assertThat(machine.isDown()).isTrue();
            }
            CrashFileStore restarted = machine.crash(new SplittableRandom(operation));
            RepartitionReport report = run(restarted);
            assertThat(report.failures())
                    .as("after a power loss before operation %s", operation)
                    .isEmpty();
            assertThat(report.totalRecords()).isEqualTo(RECORDS + 20);
            assertSame(restarted);
        }
    }

    private static RepartitionReport run(FileStore store) {
        return run(store, BY_TOPIC);
    }

    private static RepartitionReport run(FileStore store, PartitionMapping mapping) {
        try (Table old = WrittenTable.open(store);
                Table copy = TableRepartition.openTarget(old, NEW, mapping)) {
            return TableRepartition.of(old, copy, mapping, ONE_THREAD).run();
        }
    }

    private static LaneInfo lane(Table table, String writer) {
        return table.lanes().stream()
                .filter(lane -> lane.writer().equals(writer))
                .findFirst()
                .orElseThrow();
    }

    private static Table open(FileStore store) {
        return Table.open(NEW, WrittenTable.environment(store));
    }

    /** Same records in the same order of writers and sequences, whole, and no damage. */
    private static void assertSame(FileStore store) {
        try (Table old = WrittenTable.open(store);
                Table copy = open(store)) {
            assertThat(records(copy)).isEqualTo(records(old)).isNotEmpty();
            assertThat(TableVerifier.verify(copy).damages()).isEmpty();
        } catch (FirnException failed) {
            throw new AssertionError("the tables cannot be compared", failed);
        }
    }

    private static List<String> records(Table table) {
        List<String> records = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                records.add(reader.writer() + " " + reader.record().sequence() + " "
                        + reader.record().toRecord());
            }
        }
        return records;
    }

    /** Two local writers in all tiers, one of them of one partition, and one of Kafka with gaps. */
    private static CrashFileStore prepared() {
        CrashFileStore machine = ErasableTable.created();
        ErasableTable.write(machine, "w");
        ErasableTable.maintain(machine, LifecycleRequest.compressAll());
        ErasableTable.write(machine, "w");
        ErasableTable.maintain(machine, LifecycleRequest.settleAll());
        ErasableTable.write(machine, "w");
        ErasableTable.writeFixed(machine);
        writeFromKafka(machine);
        return machine;
    }

    private static void writeFromKafka(FileStore store) {
        try (Table table = WrittenTable.open(store);
                TableWriter writer = table.writer(WriterOptions.named(ORIGIN.writerName())
                        .mapping(ErasableTable.MAPPING)
                        .origin(new RecordOrigin(ORIGIN.topic(), ORIGIN.partition()))
                        .properties(ORIGIN.toProperties())
                        .build())) {
            for (long offset = 0; offset < 5; offset++) {
                writer.append(offset, ErasableTable.record(offset));
            }
            writer.recordGap(5, 10);
            for (long offset = 10; offset < 40; offset += 2) {
                writer.append(offset, ErasableTable.record(offset));
            }
            writer.commit();
            writer.recordGap(900, 1_000);
            writer.advanceTo(1_000);
            writer.finish();
        }
    }
}
