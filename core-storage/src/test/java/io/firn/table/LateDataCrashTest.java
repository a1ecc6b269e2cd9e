package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.ClosedException;
import io.firn.error.InvalidRecordException;
import io.firn.fs.FileStore;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.testing.CrashFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Late records and power losses: what is late is judged by what is committed, so each record comes to the same partition,
 * or is refused, however often the machine fails and whatever was settled in between.
 */
class LateDataCrashTest {
    private static final int SEEDS = 60;
    private static final int ROUNDS = 4;
    private static final int RECORDS_PER_DAY = 25;
    private static final int MOST_OPERATIONS = 250;
    private static final Path ROOT = Path.of("/archive/t");
    private static final PartitionMapping MAPPING = PartitionMapping.parse("dt:date=timestamp,k:string=key");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
    private static final long MS_PER_DAY = 86_400_000;

    @ParameterizedTest
    @EnumSource
    void aRecordComesToTheSamePlaceAfterAnyPowerLoss(LateDataPolicy policy) {
        Randomized.forAll(SEEDS, random -> scenario(policy, random));
    }

    private static void scenario(LateDataPolicy policy, RandomGenerator random) {
        CrashFileStore machine = CrashFileStore.inAnyMode(random);
        TableConfig config = TableConfig.builder().segmentSizeBytes(64 << 10).build();
        Table.create(ROOT, MAPPING.scheme(), config, environment(machine)).close();
        long acknowledged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            machine.crashAt(1 + random.nextInt(MOST_OPERATIONS));
            Position position = new Position(acknowledged);
            try {
                live(machine, policy, position, random);
            } catch (SimulatedCrash | ClosedException powerFailed) {
                assertThat(machine.isDown()).isTrue();
            }
            machine = machine.crash(random);
            acknowledged = check(machine, policy, position);
        }
    }

    /** What the writer's caller knows. */
    private static final class Position {
        private long acknowledged;
        private long attempted;

        Position(long acknowledged) {
            this.acknowledged = acknowledged;
            this.attempted = acknowledged;
        }
    }

    private static void live(FileStore store, LateDataPolicy policy, Position position, RandomGenerator random) {
        for (int run = 0; run < 3; run++) {
            write(store, policy, position, random);
            if (random.nextBoolean()) {
                LifecycleRequest request =
                        random.nextBoolean() ? LifecycleRequest.settleAll() : LifecycleRequest.compressAll();
                try (Table table = Table.open(ROOT, environment(store));
                        LifecycleManager manager = LifecycleManager.open(
                                table, LifecycleOptions.defaults().withForceThreads(1))) {
                    assertThat(manager.run(request).errors()).isEmpty();
                }
            }
        }
    }

    private static void write(FileStore store, LateDataPolicy policy, Position position, RandomGenerator random) {
        try (Table table = Table.open(ROOT, environment(store));
                TableWriter writer = open(table, policy)) {
            position.acknowledged = writer.position();
            for (int commit = 0; commit < 4; commit++) {
                for (int i = random.nextInt(20); i >= 0; i--) {
                    append(writer);
                }
                position.attempted = Math.max(position.attempted, writer.nextSequence());
                if (random.nextInt(4) == 0) {
                    writer.rollback();
                } else if (random.nextInt(4) == 0) {
                    writer.roll();
                }
                position.acknowledged = writer.commit();
            }
        }
    }

    private static void append(TableWriter writer) {
        long sequence = writer.nextSequence();
        try {
            writer.append(sequence, record(sequence));
        } catch (InvalidRecordException late) {
            assertThat(late).hasMessageContaining("was begun");
            writer.advanceTo(sequence + 1);
        }
    }

    private static TableWriter open(Table table, LateDataPolicy policy) {
        return table.writer(WriterOptions.named("main")
                .mapping(MAPPING)
                .takeOver(true)
                .lateData(policy)
                .build());
    }

    /** Returns the position that the next writer goes on from. */
    private static long check(FileStore store, LateDataPolicy policy, Position position) {
        try (Table table = Table.open(ROOT, environment(store));
                TableReader reader = table.reader(ScanOptions.ALL)) {
            List<String> found = new ArrayList<>();
            while (reader.next()) {
                long sequence = reader.record().sequence();
                assertThat(reader.record().toRecord()).isEqualTo(record(sequence));
                found.add(sequence + " " + reader.partitionPath());
            }
            try (TableWriter writer = open(table, policy)) {
                long end = writer.position();
                assertThat(end).isBetween(position.acknowledged, position.attempted);
                assertThat(found).isEqualTo(expected(policy, end));
                return end;
            }
        }
    }

    private static List<String> expected(LateDataPolicy policy, long end) {
        List<String> expected = new ArrayList<>();
        long newest = Long.MIN_VALUE;
        for (long sequence = 0; sequence < end; sequence++) {
            boolean late = day(sequence) < newest;
            newest = Math.max(newest, day(sequence));
            if (!late || policy != LateDataPolicy.REJECT) {
                boolean routed = late && policy == LateDataPolicy.ROUTE;
                String date = routed
                        ? "__HIVE_DEFAULT_PARTITION__"
                        : LocalDate.ofEpochDay(day(sequence)).toString();
                expected.add(sequence + " dt=" + date + "/k=" + key(sequence));
            }
        }
        return expected;
    }

    /** Every seventh record is up to two days late. */
    private static long day(long sequence) {
        long day = 10 + sequence / RECORDS_PER_DAY;
        return sequence % 7 == 3 ? day - sequence % 3 : day;
    }

    private static String key(long sequence) {
        return "p" + sequence % 3;
    }

    private static StreamRecord record(long sequence) {
        return StreamRecord.atMillis(day(sequence) * MS_PER_DAY + sequence)
                .key(key(sequence).getBytes(StandardCharsets.UTF_8))
                .value(("value " + sequence).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static TableEnvironment environment(FileStore store) {
        return TableEnvironment.deterministic(store, CLOCK);
    }
}
