package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.testing.OwnThread;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingWriterTest {
    private static final Roller DAYS = TimeRoller.days("dt");
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final long START_MS = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();

    @TempDir
    Path directory;

    @Test
    void recordsOfThreeDaysBecomeThreePartitions() {
        List<String> rolls = new ArrayList<>();
        try (Table table = table(DAYS, TableConfig.defaults());
                RollingWriter writer = open(table, roll -> rolls.add(describe(roll)))) {
            for (int hour = 0; hour < 72; hour++) {
                assertThat(writer.append(hour(hour))).isEqualTo(hour);
            }
            writer.finish();
            assertThat(writer.statistics()).isEqualTo(new RollingStatistics(72, 2, 3, 0, 0, 0));
            assertThat(rolls)
                    .containsExactly(
                            "dt=2001-01-01 -> dt=2001-01-02 {dt=2001-01-01=24} at 24",
                            "dt=2001-01-02 -> dt=2001-01-03 {dt=2001-01-02=24} at 48");
            assertThat(table.contents().hot().segments()).isEqualTo(3);
            settle(table);
            assertThat(table.contents().hot().records()).isZero();
            assertThat(table.contents().partitions())
                    .extracting(PartitionInfo::path)
                    .containsExactly("dt=2001-01-01", "dt=2001-01-02", "dt=2001-01-03");
            assertThat(table.contents().partitions()).allMatch(partition -> partition.records() == 24);
        }
    }

    @Test
    void whatIsFinishedIsCommittedWhenTheListenerIsTold() {
        List<Long> visible = new ArrayList<>();
        try (Table table = table(DAYS, TableConfig.defaults());
                RollingWriter writer =
                        open(table, roll -> visible.add(table.lanes().get(0).position()))) {
            writer.append(hour(0));
            writer.append(hour(1));
            assertThat(writer.position()).isZero();
            writer.append(hour(24));
            assertThat(visible).containsExactly(2L);
            assertThat(writer.position()).isEqualTo(2);
        }
    }

    @Test
    void aListenerThatFailsHarmsNothing() {
        try (Table table = table(DAYS, TableConfig.defaults());
                RollingWriter writer = open(table, roll -> {
                    throw new IllegalStateException("listener");
                })) {
            for (int day = 0; day < 4; day++) {
                writer.append(hour(24 * day));
            }
            assertThat(writer.commit()).isEqualTo(4);
            assertThat(writer.statistics()).isEqualTo(new RollingStatistics(4, 3, 4, 0, 0, 3));
            assertThat(stored(table)).hasSize(4);
        }
    }

    @Test
    void theListenerIsCalledWithoutALock() {
        AtomicReference<RollingWriter> self = new AtomicReference<>();
        List<Long> positions = new ArrayList<>();
        try (Table table = table(DAYS, TableConfig.defaults());
                RollingWriter writer =
                        open(table, roll -> positions.add(commitElsewhere(Objects.requireNonNull(self.get()))))) {
            self.set(writer);
            writer.append(hour(0));
            writer.append(hour(24));
            assertThat(positions).containsExactly(2L);
            assertThat(writer.statistics().listenerFailures()).isZero();
        }
    }

    /** Fails when the thread that calls the listener holds the writer's monitor. */
    private static long commitElsewhere(RollingWriter writer) {
        return OwnThread.supply(writer::commit).orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void goingBackIsRefusedWithBothPartitionsNamed() {
        try (Table table = table(DAYS, TableConfig.defaults());
                RollingWriter writer = open(table, RollListener.NONE)) {
            writer.append(hour(24));
            assertThatThrownBy(() -> writer.append(hour(23)))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("dt=2001-01-01")
                    .hasMessageContaining("dt=2001-01-02")
                    .hasMessageContaining("validate.partition.order=false");
            writer.append(hour(25));
            assertThat(writer.commit()).isEqualTo(2);
            assertThat(writer.statistics().rejected()).isEqualTo(1);
        }
    }

    @Test
    void goingBackIsPermittedWithoutValidationAndMakesNoFiles() {
        List<String> rolls = new ArrayList<>();
        TableConfig config = TableConfig.builder().validatePartitionOrder(false).build();
        try (Table table = table(DAYS, config);
                RollingWriter writer = open(table, roll -> rolls.add(describe(roll)))) {
            for (int i = 0; i < 100; i++) {
                writer.append(hour(i % 2 == 0 ? 24 : 0));
            }
            writer.append(hour(48));
            writer.commit();
            assertThat(table.contents().hot().segments()).isEqualTo(2);
            assertThat(rolls).singleElement().asString().contains("dt=2001-01-01=50", "dt=2001-01-02=50");
            assertThat(writer.statistics()).isEqualTo(new RollingStatistics(101, 1, 2, 0, 0, 0));
        }
    }

    @Test
    void lateRecordsAreRoutedWhenTheTableSaysSo() {
        TableConfig config =
                TableConfig.builder().set(TableOption.LATE_DATA_POLICY, "route").build();
        try (Table table = table(DAYS, config);
                RollingWriter writer = open(table, RollListener.NONE)) {
            writer.append(hour(24));
            writer.append(hour(0));
            writer.commit();
            assertThat(stored(table)).containsExactly("0 dt=2001-01-02", "1 dt=__HIVE_DEFAULT_PARTITION__");
            assertThat(writer.statistics().routed()).isEqualTo(1);
        }
    }

    @Test
    void theOptionsOfAWriterGoBeforeThoseOfTheTable() {
        try (Table table = table(DAYS, TableConfig.defaults());
                RollingWriter writer = RollingWriter.open(
                        table,
                        WriterOptions.named("w").lateData(LateDataPolicy.ALLOW).build(),
                        DAYS,
                        RollListener.NONE)) {
            writer.append(hour(24));
            writer.append(hour(0));
            writer.commit();
            assertThat(stored(table)).containsExactly("0 dt=2001-01-02", "1 dt=2001-01-01");
        }
    }

    @Test
    void aReopenedWriterGoesOnInItsNewestPartition() {
        List<String> rolls = new ArrayList<>();
        try (Table table = table(DAYS, TableConfig.defaults())) {
            try (RollingWriter writer = open(table, RollListener.NONE)) {
                writer.append(hour(24));
                writer.commit();
                writer.append(hour(48));
            }
            try (RollingWriter writer = open(table, roll -> rolls.add(describe(roll)))) {
                assertThat(writer.position()).isEqualTo(1);
                assertThatThrownBy(() -> writer.append(hour(23))).isInstanceOf(InvalidRecordException.class);
                writer.append(hour(25));
                writer.append(hour(72));
                writer.finish();
            }
            assertThat(rolls).containsExactly("dt=2001-01-02 -> dt=2001-01-04 {dt=2001-01-02=1} at 2");
            assertThat(stored(table)).containsExactly("0 dt=2001-01-02", "1 dt=2001-01-02", "2 dt=2001-01-04");
        }
    }

    @Test
    void aRollbackAfterARollTellsItOnce() {
        List<String> rolls = new ArrayList<>();
        try (Table table = table(DAYS, TableConfig.defaults());
                RollingWriter writer = open(table, roll -> rolls.add(describe(roll)))) {
            writer.append(hour(0));
            writer.append(hour(24));
            writer.rollback();
            assertThat(writer.position()).isEqualTo(1);
            assertThat(writer.statistics().records()).isEqualTo(1);
            writer.append(hour(24));
            writer.append(hour(48));
            writer.commit();
            assertThat(rolls)
                    .containsExactly(
                            "dt=2001-01-01 -> dt=2001-01-02 {dt=2001-01-01=1} at 1",
                            "dt=2001-01-02 -> dt=2001-01-03 {dt=2001-01-02=1} at 2");
            assertThat(writer.statistics()).isEqualTo(new RollingStatistics(3, 2, 3, 0, 0, 0));
        }
    }

    @Test
    void theHourThatAClockChangeRepeatsIsOnePartition() {
        Roller hours = TimeRoller.hours("h", ZoneId.of("Europe/Vienna"));
        List<String> rolls = new ArrayList<>();
        try (Table table = table(hours, TableConfig.defaults());
                RollingWriter writer = RollingWriter.open(
                        table, WriterOptions.named("w").build(), hours, roll -> rolls.add(describe(roll)))) {
            long startMs = Instant.parse("2001-10-27T23:00:00Z").toEpochMilli();
            for (int quarter = 0; quarter < 16; quarter++) {
                writer.append(
                        StreamRecord.atMillis(startMs + quarter * 900_000L).build());
            }
            writer.finish();
            assertThat(rolls)
                    .containsExactly(
                            "h=2001-10-28-01 -> h=2001-10-28-02 {h=2001-10-28-01=4} at 4",
                            "h=2001-10-28-02 -> h=2001-10-28-03 {h=2001-10-28-02=8} at 12");
        }
    }

    @Test
    void aRollerOfTheUserDecides() {
        PartitionScheme scheme = PartitionScheme.parse("block:int");
        Roller everyTwo = CustomRoller.of(
                scheme, (timestampNs, typeId, payload) -> PartitionValues.of(scheme, (long) typeId / 2));
        try (Table table = table(everyTwo, TableConfig.defaults());
                RollingWriter writer =
                        RollingWriter.open(table, WriterOptions.named("w").build(), everyTwo, RollListener.NONE)) {
            for (int type = 18; type < 22; type++) {
                writer.append(StreamRecord.atNanos(0).typeId(type).build());
            }
            assertThatThrownBy(() ->
                            writer.append(StreamRecord.atNanos(0).typeId(18).build()))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("partition block=9,")
                    .hasMessageContaining("block=10 was begun");
            writer.finish();
            assertThat(stored(table)).containsExactly("0 block=9", "1 block=9", "2 block=10", "3 block=10");
            assertThat(writer.statistics().rolls()).isEqualTo(1);
        }
    }

    @Test
    void rollersOfOtherSchemesAreRefused() {
        PartitionScheme other = PartitionScheme.parse("dt:date,x:string");
        WriterOptions plain = WriterOptions.named("w").build();
        try (Table table = table(DAYS, TableConfig.defaults())) {
            assertThatThrownBy(() -> RollingWriter.open(table, plain, TimeRoller.hours("dt"), RollListener.NONE))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("The roller of writer 'w'")
                    .hasMessageContaining("dt:hour");
            WriterOptions mapped = WriterOptions.named("w")
                    .mapping(PartitionMapping.parse("dt:date=timestamp"))
                    .build();
            assertThatThrownBy(() -> RollingWriter.open(table, mapped, DAYS, RollListener.NONE))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("its roller decides");
            Roller liar = CustomRoller.of(
                    table.scheme(), (timestampNs, typeId, payload) -> PartitionValues.of(other, LocalDate.EPOCH, "x"));
            try (RollingWriter writer = RollingWriter.open(table, plain, liar, RollListener.NONE)) {
                assertThatThrownBy(() -> writer.append(hour(0)))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("dt=1970-01-01/x=x");
            }
        }
    }

    private Table table(Roller roller, TableConfig config) {
        return Table.create(directory.resolve("t"), roller.scheme(), config);
    }

    private static RollingWriter open(Table table, RollListener listener) {
        return RollingWriter.open(table, WriterOptions.named("w").build(), DAYS, listener);
    }

    private static StreamRecord hour(int hour) {
        return StreamRecord.atMillis(START_MS + hour * (DAY_MS / 24))
                .value(Integer.toString(hour).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static String describe(Roll roll) {
        return roll.finished().toPath() + " -> " + roll.begun().toPath() + " " + new TreeMap<>(roll.records()) + " at "
                + roll.position();
    }

    private static void settle(Table table) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(manager.run(LifecycleRequest.settleAll()).errors()).isEmpty();
        }
    }

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
