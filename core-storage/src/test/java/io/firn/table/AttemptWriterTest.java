package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.TableOrphans;
import io.firn.log.AttemptCommits;
import io.firn.log.LaneSegment;
import io.firn.log.PendingCommit;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreOperation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttemptWriterTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    @TempDir
    Path directory;

    private Table table;

    @BeforeEach
    void createTable() {
        table = Table.create(directory.resolve("t"), MAPPING.scheme(), TableConfig.defaults());
    }

    @Test
    void preparedRecordsAreInvisibleUntilTheCommit() {
        try (AttemptWriter attempt = begin("a")) {
            append(attempt, "1", "2");
            PendingCommit first = attempt.prepare(List.of());
            append(attempt, "3");
            assertThat(read()).isEmpty();
            table.commit(PendingCommit.fromBytes(first.toBytes()));
            assertThat(read()).containsExactly("1", "2");
            PendingCommit second = attempt.prepare(List.of());
            table.commit(second);
            table.commit(first);
            assertThat(read()).containsExactly("1", "2", "3");
        }
    }

    @Test
    void anotherAttemptGoesOnAndRetiresTheOneThatFailed() {
        PendingCommit first;
        try (AttemptWriter failed = begin("a")) {
            append(failed, "1");
            first = failed.prepare(List.of());
            append(failed, "never prepared");
        }
        table.commit(first);
        try (AttemptWriter restored = begin("b")) {
            append(restored, "2");
            table.commit(restored.finish(List.of(new RetiredAttempt("a", 1))));
        }
        table.commit(first);
        assertThat(read()).containsExactly("1", "2");
    }

    @Test
    void aPrepareWithoutRecordsIsACommitToo() {
        try (AttemptWriter attempt = begin("a")) {
            PendingCommit empty = attempt.prepare(List.of());
            table.commit(empty);
            table.commit(empty);
            assertThat(attempt.lastPrepared()).isEqualTo(1);
            assertThat(read()).isEmpty();
        }
    }

    /** Else it would be deleted under the attempt, and what is appended to it next could not be committed. */
    @Test
    void theOpenSegmentStaysWhenAllOfItWasSettled() {
        try (AttemptWriter attempt = begin("a");
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            append(attempt, "1");
            table.commit(attempt.prepare(List.of()));
            assertThat(manager.run(LifecycleRequest.settleAll()).settledRecords())
                    .isEqualTo(1);
            table.commit(attempt.prepare(List.of()));
            assertThat(manager.run(LifecycleRequest.settleAll()).errors()).isEmpty();
            append(attempt, "2");
            table.commit(attempt.finish(List.of()));
            assertThat(read()).containsExactly("1", "2");
            manager.run(LifecycleRequest.settleAll());
            assertThat(read()).containsExactly("1", "2");
            assertThat(directory.resolve("t/_table/hot")).isEmptyDirectory();
        }
    }

    @Test
    void namesAreUsedOnceAndAClosedAttemptIsOver() {
        AttemptWriter attempt = begin("a");
        assertThatThrownBy(() -> begin("a")).isInstanceOf(ConfigException.class);
        attempt.close();
        attempt.close();
        assertThatThrownBy(() -> append(attempt, "x")).isInstanceOf(ClosedException.class);
    }

    @Test
    void anAttemptWithoutACommitEndsWhenItIsClosedAndTakesItsFilesAlong() {
        AttemptWriter dropped = begin("dropped");
        append(dropped, "1", "2");
        AttemptWriter prepared = begin("prepared");
        append(prepared, "3");
        PendingCommit commit = prepared.prepare(List.of());
        assertThat(hotFiles()).hasSize(2);

        dropped.close();
        prepared.close();

        assertThat(hotFiles()).hasSize(1);
        assertThat(AttemptCommits.progress(table.layout(), "dropped").retired()).isTrue();
        assertThat(AttemptCommits.progress(table.layout(), "prepared").retired())
                .isFalse();
        table.commit(commit);
        try (AttemptWriter restored = begin("restored")) {
            append(restored, "4");
            table.commit(restored.finish(List.of(new RetiredAttempt("dropped", 0), new RetiredAttempt("prepared", 1))));
        }
        assertThat(read()).containsExactlyInAnyOrder("3", "4");
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "RENAME", "DELETE"})
    void anAttemptThatCannotBeEndedIsLeftToALaterOneAndItsCloseSucceeds(StoreOperation broken) {
        FaultyFileStore store = new FaultyFileStore(LocalFileStore.open(IoMode.AUTO));
        TableEnvironment failing = TableEnvironment.deterministic(store, InstantSource.system());
        try (Table opened = Table.open(table.path(), failing)) {
            SinkAttempts job = SinkAttempts.open(opened, new SinkOwner("clicks", "job", "", "job"));
            AttemptWriter attempt = begin(opened, job);
            append(attempt, "1");
            Fault fault =
                    store.inject(Fault.on(call -> call.operation() == broken).sticky());

            attempt.close();

            assertThat(fault.happened()).isTrue();
            store.heal();
            assertThat(TableOrphans.find(opened).orphans())
                    .anyMatch(orphan -> orphan.reason().contains(attempt.name()));
            try (AttemptWriter later = begin(opened, job)) {
                append(later, "2");
                job.commit(later.finish(List.of()));
            }
            assertThat(TableOrphans.find(opened).orphans()).isEmpty();
            assertThat(hotFiles()).hasSize(1);
        }
        assertThat(read()).containsExactly("2");
    }

    private static AttemptWriter begin(Table opened, SinkAttempts job) {
        return opened.attempt(job.attempt(0, List.of()).mapping(MAPPING).build());
    }

    private List<Path> hotFiles() {
        try (Stream<Path> files = Files.list(table.path().resolve("_table/hot"))) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void thePartitionOfARecordMayBeGiven() {
        WriterOptions options =
                WriterOptions.named("a").partitionsGiven(MAPPING.scheme()).build();
        try (AttemptWriter attempt = table.attempt(options)) {
            StreamRecord record = StreamRecord.atNanos(1)
                    .key("key".getBytes(StandardCharsets.UTF_8))
                    .build();
            assertThat(attempt.append(record, PartitionValues.of(table.scheme(), "x")))
                    .isZero();
            assertThat(attempt.append(record, PartitionValues.of(table.scheme(), "y")))
                    .isEqualTo(1);
            assertThatThrownBy(() -> attempt.append(record)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() ->
                            attempt.append(record, PartitionValues.of(PartitionScheme.parse("other:string"), "x")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("is of the scheme [other:string], but the table")
                    .hasMessageContaining("has [k:string]");
            table.commit(attempt.prepare(List.of()));
        }
        List<String> partitions = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                partitions.add(reader.partitionPath());
            }
        }
        assertThat(partitions).containsExactly("k=x", "k=y");
    }

    @Test
    void thereAreChangesWhenRecordsCameOrASegmentIsOld() {
        MutableClock clock = new MutableClock();
        InMemoryFileStore store = new InMemoryFileStore(256 << 10, clock);
        TableConfig config = TableConfig.builder()
                .segmentSizeBytes(64 << 10)
                .build()
                .withProperties(Map.of("hot.roll.ms", "600000"), "t");
        try (Table inMemory = Table.create(
                        Path.of("/t"), MAPPING.scheme(), config, TableEnvironment.deterministic(store, clock));
                AttemptWriter attempt = inMemory.attempt(
                        WriterOptions.named("a").mapping(MAPPING).build())) {
            assertThat(attempt.hasChanges()).isFalse();
            append(attempt, "1", "2");
            assertThat(attempt.hasChanges()).isTrue();
            assertThat(attempt.preparedSequence()).isZero();
            assertThat(attempt.prepare(List.of()).state().segments()).noneMatch(LaneSegment::rolled);
            assertThat(attempt.preparedSequence()).isEqualTo(2);
            assertThat(attempt.hasChanges()).isFalse();
            clock.now = clock.now.plus(Duration.ofMinutes(11));
            assertThat(attempt.hasChanges()).as("its segment is old").isTrue();
            assertThat(attempt.prepare(List.of()).state().segments()).allMatch(LaneSegment::rolled);
            assertThat(attempt.hasChanges()).isFalse();
            assertThat(attempt.preparedSequence()).isEqualTo(2);
        }
    }

    @Test
    void anUncommittedReaderSeesEachRecordOnce() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (AttemptWriter attempt = begin("a");
                TableReader reader = table.reader(uncommitted)) {
            append(attempt, "0", "1");
            PendingCommit first = attempt.prepare(List.of());
            append(attempt, "2", "3");
            List<String> seen = drain(reader);
            table.commit(first);
            seen.addAll(drain(reader));
            append(attempt, "4");
            seen.addAll(drain(reader));
            PendingCommit second = attempt.prepare(List.of());
            append(attempt, "5");
            seen.addAll(drain(reader));
            table.commit(second);
            seen.addAll(drain(reader));
            assertThat(seen).containsExactly("0", "1", "2", "3", "4", "5");
        }
    }

    private static final class MutableClock implements InstantSource {
        private Instant now = Instant.ofEpochSecond(1_000_000);

        @Override
        public Instant instant() {
            return now;
        }
    }

    private AttemptWriter begin(String name) {
        return table.attempt(WriterOptions.named(name).mapping(MAPPING).build());
    }

    private static void append(AttemptWriter attempt, String... values) {
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            attempt.append(StreamRecord.atNanos(1).key(bytes).value(bytes).build());
        }
    }

    private List<String> read() {
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            return drain(reader);
        }
    }

    private static List<String> drain(TableReader reader) {
        reader.refresh();
        List<String> values = new ArrayList<>();
        while (reader.next()) {
            values.add(new String(reader.record().toRecord().value(), StandardCharsets.UTF_8));
        }
        return values;
    }
}
