package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Writers of a table whose machine loses power at any operation: a reader
 * finds exactly the acknowledged records, perhaps those of the commit that was running, never anything else.
 */
class TableCrashTest {
    private static final int SEEDS = 600;
    private static final int MUTATION_SEEDS = 5_000;
    private static final Path ROOT = Path.of("/archive/t");
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
    /** Values are long enough that a few hundred records fill a segment. */
    private static final String PADDING = "x".repeat(300);

    @Test
    void exactlyTheCommittedRecordsSurviveAnyPowerLoss() {
        Randomized.forAll(SEEDS, random -> scenario(random, store -> store));
    }

    /** A promise of the file store that is broken without telling. */
    enum Mutation {
        NO_FILE_FORCE,
        NO_REGION_FORCE,
        NO_HOT_DIRECTORY_FORCE;

        FileStore of(FileStore store) {
            return new ForwardingFileStore(store) {
                @Override
                protected boolean ignores(StoreCall call) {
                    return switch (Mutation.this) {
                        case NO_FILE_FORCE ->
                            call.operation() == StoreOperation.FORCE
                                    && call.path().toString().endsWith(".q");
                        case NO_REGION_FORCE -> call.operation() == StoreOperation.FORCE_REGION;
                        case NO_HOT_DIRECTORY_FORCE ->
                            call.operation() == StoreOperation.FORCE_DIRECTORY
                                    && call.path().endsWith("hot");
                    };
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenPromiseIsCaught(Mutation mutation) {
        assertThat(isCaught(mutation)).isTrue();
    }

    private static boolean isCaught(Mutation mutation) {
        for (long seed = 0; seed < MUTATION_SEEDS; seed++) {
            try {
                scenario(new SplittableRandom(seed), mutation::of);
            } catch (AssertionError | FirnException caught) {
                return true;
            }
        }
        return false;
    }

    private interface Wrapping {
        FileStore wrap(FileStore store);
    }

    private static void scenario(RandomGenerator random, Wrapping wrapping) {
        CrashFileStore machine = CrashFileStore.inAnyMode(random);
        TableConfig config = TableConfig.builder().segmentSizeBytes(64 << 10).build();
        Table.create(ROOT, MAPPING.scheme(), config, environment(machine)).close();
        long acknowledged = 0;
        for (int round = 0; round < 3; round++) {
            machine.crashAt(1 + random.nextInt(120));
            Progress progress = new Progress(acknowledged);
            try {
                write(wrapping.wrap(machine), progress, random);
            } catch (SimulatedCrash powerFailed) {
                assertThat(machine.isDown()).isTrue();
            }
            machine = machine.crash(random);
            acknowledged = check(machine, progress);
        }
    }

    /** What the writer's caller knows. */
    private static final class Progress {
        private long acknowledged;
        private long attempted;

        Progress(long acknowledged) {
            this.acknowledged = acknowledged;
            this.attempted = acknowledged;
        }
    }

    private static void write(FileStore store, Progress progress, RandomGenerator random) {
        try (Table table = Table.open(ROOT, environment(store));
                TableWriter writer = open(table)) {
            assertThat(writer.position()).isBetween(progress.acknowledged, progress.attempted);
            progress.acknowledged = writer.position();
            for (int commit = 0; commit < 6; commit++) {
                appendSome(writer, progress, random);
                if (random.nextInt(6) == 0) {
                    writer.rollback();
                    assertThat(writer.position()).isEqualTo(progress.acknowledged);
                    appendSome(writer, progress, random);
                }
                if (random.nextInt(4) == 0) {
                    writer.roll();
                }
                progress.acknowledged = writer.commit();
            }
        }
    }

    private static TableWriter open(Table table) {
        return table.writer(
                WriterOptions.named("main").mapping(MAPPING).takeOver(true).build());
    }

    private static void appendSome(TableWriter writer, Progress progress, RandomGenerator random) {
        int count = 1 + random.nextInt(150);
        for (int i = 0; i < count; i++) {
            writer.append(record(writer.nextSequence()));
        }
        progress.attempted = Math.max(progress.attempted, writer.nextSequence());
    }

    private static long check(FileStore machine, Progress progress) {
        try (Table table = Table.open(ROOT, environment(machine));
                TableReader reader = table.reader(ScanOptions.ALL)) {
            long next = 0;
            while (reader.next()) {
                assertThat(reader.record().sequence()).isEqualTo(next);
                assertThat(reader.record().toRecord()).isEqualTo(record(next));
                assertThat(reader.partitionPath()).isEqualTo("k=" + key(next));
                next++;
            }
            assertThat(next).as("records").isBetween(progress.acknowledged, progress.attempted);
            try (TableWriter writer = open(table)) {
                assertThat(writer.position()).isEqualTo(next);
            }
            return next;
        }
    }

    private static StreamRecord record(long sequence) {
        return StreamRecord.atMillis(sequence)
                .key(key(sequence).getBytes(StandardCharsets.UTF_8))
                .value((sequence + PADDING).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static String key(long sequence) {
        return "p" + sequence % 5;
    }

    private static TableEnvironment environment(FileStore store) {
        return TableEnvironment.deterministic(store, CLOCK);
    }
}
