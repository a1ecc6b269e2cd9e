package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of earlier partitions at a writer with a mapping. */
class LateDataTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("dt:date=timestamp,origin:string=key");
    private static final String LATE = "dt=__HIVE_DEFAULT_PARTITION__/origin=";

    @TempDir
    Path directory;

    @Test
    void isStoredInItsPartitionByDefault() {
        try (Table table = table(TableConfig.defaults())) {
            append(table, "2001-01-03 ATL", "2001-01-01 ATL", "2001-01-03 LAX");
            assertThat(stored(table))
                    .containsExactly(
                            "0 dt=2001-01-03/origin=ATL", "1 dt=2001-01-01/origin=ATL", "2 dt=2001-01-03/origin=LAX");
        }
    }

    @Test
    void isRefusedNamingRecordTimeAndPartition() {
        try (Table table = table(policy("reject"));
                TableWriter writer = writer(table)) {
            writer.append(41, record("2001-01-03 ATL"));
            assertThatThrownBy(() -> writer.append(42, record("2001-01-01 LAX")))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("Record 42 of writer 'main'")
                    .hasMessageContaining("timestamp 2001-01-01T00:00:00Z")
                    .hasMessageContaining("partition dt=2001-01-01/origin=LAX")
                    .hasMessageContaining("dt=2001-01-03/origin=ATL was begun")
                    .hasMessageContaining("late.data.policy=route");
            writer.append(43, record("2001-01-03 LAX"));
            writer.append(44, record("2001-01-04 ATL"));
            writer.advanceTo(50);
            assertThat(writer.commit()).isEqualTo(50);
            assertThat(stored(table))
                    .containsExactly(
                            "41 dt=2001-01-03/origin=ATL",
                            "43 dt=2001-01-03/origin=LAX",
                            "44 dt=2001-01-04/origin=ATL");
        }
    }

    @Test
    void isRoutedToThePartitionWithoutATime() {
        try (Table table = table(policy("route"))) {
            append(table, "2001-01-03 ATL", "2001-01-01 LAX", "2001-01-03 LAX", "2001-01-02 LAX");
            assertThat(stored(table))
                    .containsExactly(
                            "0 dt=2001-01-03/origin=ATL",
                            "1 " + LATE + "LAX",
                            "2 dt=2001-01-03/origin=LAX",
                            "3 " + LATE + "LAX");
            try (TableReader reader = table.reader(ScanOptions.builder()
                    .filter(PartitionFilter.parse("dt is null", table.scheme()))
                    .build())) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.record().toRecord()).isEqualTo(record("2001-01-01 LAX"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject", "route"})
    void noOrderIsKeptWhenItIsNotValidated(String policy) {
        TableConfig config =
                policy(policy).toBuilder().validatePartitionOrder(false).build();
        assertThat(config.warnings()).singleElement().asString().contains("late.data.policy", "no effect");
        try (Table table = table(config)) {
            append(table, "2001-01-03 ATL", "2001-01-01 ATL");
            assertThat(stored(table)).contains("1 dt=2001-01-01/origin=ATL");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject", "route"})
    void aTableWithoutPartitionsHasNoLateData(String policy) {
        TableConfig config = policy(policy);
        Path path = directory.resolve("whole");
        assertThatThrownBy(() -> Table.create(path, PartitionScheme.unpartitioned(), config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("late.data.policy")
                .hasMessageContaining("without partition fields")
                .hasMessageContaining("leave the option out");
        assertThat(path).doesNotExist();
    }

    @Test
    void aWriterMaySayOtherwiseThanTheTable() {
        try (Table table = table(policy("reject"));
                TableWriter writer = table.writer(WriterOptions.named("main")
                        .mapping(MAPPING)
                        .lateData(LateDataPolicy.ALLOW)
                        .build())) {
            writer.append(record("2001-01-03 ATL"));
            writer.append(record("2001-01-01 ATL"));
            writer.commit();
            assertThat(stored(table)).hasSize(2);
        }
    }

    @Test
    void isKnownAlsoWhereThePartitionIsGiven() {
        WriterOptions given =
                WriterOptions.named("main").partitionsGiven(MAPPING.scheme()).build();
        try (Table table = table(policy("route"));
                TableWriter writer = table.writer(given)) {
            for (String path : List.of("dt=2001-01-03/origin=ATL", "dt=2001-01-01/origin=LAX")) {
                writer.append(record("2001-01-01 any"), MAPPING.scheme().parsePath(path));
            }
            writer.commit();
            assertThat(stored(table)).containsExactly("0 dt=2001-01-03/origin=ATL", "1 " + LATE + "LAX");
        }
    }

    @Test
    void anAttemptGoesOnWithTheNewestPartitionOfTheOneBefore() {
        try (Table table = table(policy("reject"))) {
            AttemptWriter first = attempt(table, Optional.empty());
            assertThat(first.newestPartition()).isEmpty();
            first.append(record("2001-01-03 ATL"));
            table.commit(first.finish(List.of()));
            assertThat(first.newestPartition()).contains("dt=2001-01-03/origin=ATL");
            try (AttemptWriter second = attempt(table, first.newestPartition())) {
                assertThat(second.newestPartition()).isEqualTo(first.newestPartition());
                assertThatThrownBy(() -> second.append(record("2001-01-02 ATL")))
                        .isInstanceOf(InvalidRecordException.class)
                        .hasMessageContaining("dt=2001-01-03/origin=ATL was begun");
                second.append(record("2001-01-03 LAX"));
                table.commit(second.prepare(List.of()));
            }
            assertThat(stored(table))
                    .containsExactlyInAnyOrder("0 dt=2001-01-03/origin=ATL", "0 dt=2001-01-03/origin=LAX");
        }
    }

    @Test
    void anAttemptKnowsNoNewestPartitionWhereNothingIsLate() {
        try (Table table = table(TableConfig.defaults());
                AttemptWriter unordered = attempt(table, Optional.of("dt=2001-01-03/origin=ATL"))) {
            unordered.append(record("2001-01-04 ATL"));
            assertThat(unordered.newestPartition()).isEmpty();
        }
    }

    private static AttemptWriter attempt(Table table, Optional<String> begun) {
        SinkAttempts job = SinkAttempts.open(table, new SinkOwner("sink", "job", "operator", "job"));
        WriterOptions.Builder options = job.attempt(0, List.of()).mapping(MAPPING);
        begun.ifPresent(options::begunPartition);
        return table.attempt(options.build());
    }

    @Test
    void writersDoNotJudgeEachOther() {
        try (Table table = table(policy("reject"));
                TableWriter ahead = writer(table);
                TableWriter behind = table.writer(
                        WriterOptions.named("behind").mapping(MAPPING).build())) {
            ahead.append(record("2001-01-03 ATL"));
            ahead.commit();
            behind.append(record("2001-01-01 ATL"));
            behind.commit();
            assertThat(stored(table)).hasSize(2);
        }
    }

    /** Where a reopened writer finds what was begun. */
    enum Before {
        UNSEALED,
        SEALED,
        SETTLED,
        COMPRESSED,
        PARTLY_SETTLED
    }

    @ParameterizedTest
    @EnumSource
    void aReopenedWriterKnowsWhatItHadBegun(Before before) {
        try (Table table = table(policy("reject"))) {
            try (TableWriter writer = writer(table)) {
                writer.append(record("2001-01-05 ATL"));
                if (before == Before.PARTLY_SETTLED) {
                    writer.commit();
                    run(table, LifecycleRequest.settleAll());
                }
                writer.append(record("2001-01-07 ATL"));
                writer.commit();
                if (before == Before.SEALED) {
                    writer.roll();
                    writer.commit();
                }
                writer.append(record("2001-01-09 ATL"));
            }
            switch (before) {
                case SETTLED -> run(table, LifecycleRequest.settleAll());
                case COMPRESSED -> run(table, LifecycleRequest.compressAll());
                default -> {}
            }
            try (TableWriter writer = writer(table)) {
                assertThatThrownBy(() -> writer.append(record("2001-01-06 ATL")))
                        .isInstanceOf(InvalidRecordException.class)
                        .hasMessageContaining("dt=2001-01-07");
                writer.append(record("2001-01-08 ATL"));
                writer.commit();
            }
            assertThat(stored(table)).hasSize(3).last().isEqualTo("2 dt=2001-01-08/origin=ATL");
        }
    }

    @Test
    void aRollbackWithdrawsWhatWasBegun() {
        try (Table table = table(policy("reject"));
                TableWriter writer = writer(table)) {
            writer.append(record("2001-01-05 ATL"));
            writer.commit();
            writer.append(record("2001-01-09 ATL"));
            writer.rollback();
            writer.append(record("2001-01-06 ATL"));
            assertThatThrownBy(() -> writer.append(record("2001-01-04 ATL")))
                    .isInstanceOf(InvalidRecordException.class);
            writer.commit();
            assertThat(stored(table)).hasSize(2);
        }
    }

    @Test
    void aRecordWithoutATimeIsNeverLate() {
        PartitionMapping byValue =
                PartitionMapping.parse("dt:date=key,origin:string='x'").withMissingField(MissingFieldPolicy.NULL);
        try (Table table = Table.create(directory.resolve("t"), byValue.scheme(), policy("reject"));
                TableWriter writer = table.writer(
                        WriterOptions.named("main").mapping(byValue).build())) {
            writer.append(StreamRecord.atNanos(0).key(bytes("2001-01-05")).build());
            writer.append(StreamRecord.atNanos(0).build());
            writer.append(StreamRecord.atNanos(0).key(bytes("2001-01-05")).build());
            writer.commit();
            assertThat(stored(table)).hasSize(3).element(1).isEqualTo("1 dt=__HIVE_DEFAULT_PARTITION__/origin=x");
        }
    }

    @Test
    void theRepeatedHourIsNotLate() {
        PartitionMapping minutes = PartitionMapping.parse("m:minute(Europe/Vienna)=timestamp");
        try (Table table = Table.create(directory.resolve("t"), minutes.scheme(), policy("reject"));
                TableWriter writer = table.writer(
                        WriterOptions.named("main").mapping(minutes).build())) {
            Instant start = Instant.parse("2001-10-27T23:00:00Z");
            for (int minute = 0; minute < 300; minute++) {
                writer.append(
                        StreamRecord.atMillis(start.plusSeconds(60L * minute).toEpochMilli())
                                .build());
            }
            assertThatThrownBy(() -> writer.append(
                            StreamRecord.atMillis(start.plusSeconds(3_600).toEpochMilli())
                                    .build()))
                    .isInstanceOf(InvalidRecordException.class);
            assertThat(writer.commit()).isEqualTo(300);
        }
    }

    @Test
    void anOrderNeedsATimeField() {
        PartitionMapping mapping = PartitionMapping.parse("origin:string=key");
        try (Table table = Table.create(directory.resolve("t"), mapping.scheme(), policy("route"))) {
            assertThatThrownBy(() -> table.writer(
                            WriterOptions.named("main").mapping(mapping).build()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("late.data.policy=route")
                    .hasMessageContaining("origin:string");
            assertThat(table.lanes()).isEmpty();
        }
    }

    private static TableConfig policy(String policy) {
        return TableConfig.builder()
                .set(TableOption.LATE_DATA_POLICY, policy)
                .set(TableOption.SEGMENT_SIZE, "64KiB")
                .build();
    }

    private Table table(TableConfig config) {
        return Table.create(directory.resolve("t"), MAPPING.scheme(), config);
    }

    private static TableWriter writer(Table table) {
        return table.writer(WriterOptions.named("main").mapping(MAPPING).build());
    }

    private static void append(Table table, String... records) {
        try (TableWriter writer = writer(table)) {
            for (String record : records) {
                writer.append(record(record));
            }
            writer.commit();
        }
    }

    private static void run(Table table, LifecycleRequest request) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(manager.run(request).errors()).isEmpty();
        }
    }

    /** A record from its day and key. */
    private static StreamRecord record(String text) {
        String[] parts = text.split(" ", -1);
        return StreamRecord.atMillis(Instant.parse(parts[0] + "T00:00:00Z").toEpochMilli())
                .key(bytes(parts[1]))
                .value(bytes(text))
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Sequence and partition of all records. */
    private static List<String> stored(Table table) {
        List<String> stored = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                stored.add(reader.record().sequence() + " " + reader.partitionPath());
            }
        }
        return stored;
    }
}
