package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.fs.FileStore;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.SimulatedCrash;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Directories that somebody else made and did not force, on a machine that loses power. */
class DirectoryCrashTest {
    private static final int SEEDS = 30;
    private static final Path ROOT = Path.of("/archive/t");
    private static final PartitionMapping BY_KEY = PartitionMapping.parse("k:string=key");

    @Test
    void aTableInADirectoryThatADeadCreatorMadeIsDurable() {
        Randomized.forAll(SEEDS, random -> {
            CrashFileStore machine = new CrashFileStore();
            ForwardingFileStore watched = new ForwardingFileStore(machine);
            watched.runBeforeOnce(StoreCall.is(StoreOperation.FORCE_DIRECTORY, "/archive"), () -> {
                throw new SimulatedCrash("before the name is forced");
            });
            assertThatThrownBy(() -> create(watched)).isInstanceOf(SimulatedCrash.class);
            try (Table table = create(machine);
                    TableWriter writer = table.writer(
                            WriterOptions.named("main").mapping(BY_KEY).build())) {
                appendAndCommit(writer);
            }
            assertThat(recordsAfterPowerLoss(machine, random.nextLong())).isEqualTo(1);
        });
    }

    @Test
    void aSegmentOfAPartitionIsDurableWhoeverMadeItsDirectoryLast() {
        Randomized.forAll(SEEDS, random -> {
            CrashFileStore machine = new CrashFileStore();
            ForwardingFileStore watched = new ForwardingFileStore(machine);
            create(machine).close();
            try (Table table = Table.open(ROOT, environment(watched))) {
                PartitionValues partition = PartitionValues.of(table.scheme(), "x");
                Path directory = ROOT.resolve(partition.toPath());
                watched.runBeforeOnce(StoreCall.is(StoreOperation.CREATE, ".q"), () -> {
                    machine.delete(directory); // the lifecycle removes empty ones
                    machine.createDirectory(directory); // another writer, that has not forced it yet
                });
                try (TableWriter writer = table.writer(
                        WriterOptions.named("w").partition(partition).build())) {
                    appendAndCommit(writer);
                }
            }
            assertThat(recordsAfterPowerLoss(machine, random.nextLong())).isEqualTo(1);
        });
    }

    private static int recordsAfterPowerLoss(CrashFileStore machine, long seed) {
        int found = 0;
        try (Table table = Table.open(ROOT, environment(machine.crash(new SplittableRandom(seed))));
                TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                found++;
            }
        }
        return found;
    }

    private static void appendAndCommit(TableWriter writer) {
        writer.append(StreamRecord.atMillis(0)
                .key(new byte[] {'k'})
                .value(new byte[8])
                .build());
        writer.commit();
    }

    private static Table create(FileStore store) {
        return Table.create(ROOT, BY_KEY.scheme(), TableConfig.defaults(), environment(store));
    }

    private static TableEnvironment environment(FileStore store) {
        return TableEnvironment.deterministic(store, InstantSource.system());
    }
}
