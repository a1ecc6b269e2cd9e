package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of docs/operations.md: copies that are made while a writer goes on are sound and whole. */
class BackupRecipeTest {
    private static final Path SCRIPT = Path.of("..", "examples", "backup", "backup.sh");
    private static final int COPIES = 5;
    private static final int BATCH = 50;

    @TempDir
    Path directory;

    private final AtomicLong committed = new AtomicLong();
    private final AtomicBoolean enough = new AtomicBoolean();

    @Test
    void copiesOfATableThatIsWrittenAreSoundAndHoldWhatWasCommittedBefore() throws Exception {
        Path source = directory.resolve("archive").resolve("t");
        PartitionMapping mapping = PartitionMapping.parse("p:string=value.p");
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Table table = Table.create(source, mapping.scheme(), TableConfig.defaults())) {
            write(table, mapping, 40);
            assertThat(CommandRun.of("settle", source.toString()).code()).isZero();
            Future<?> writer = executor.submit(() -> write(table, mapping, Integer.MAX_VALUE));
            // A log that is begun under a copy ends it with an error.
            Patience.await().until(() -> committed.get() > 40 * BATCH);
            for (int i = 0; i < COPIES; i++) {
                long before = committed.get();
                Path copy = directory.resolve("copy-" + i);
                assertThat(backup(source, copy)).isZero();

                CommandRun recovered = CommandRun.of("recover", copy.toString());
                assertThat(recovered.code()).as(recovered.out()).isZero();
                CommandRun verified = CommandRun.of("verify", copy.toString());
                assertThat(verified.code()).as(verified.out()).isZero();
                long records =
                        CommandRun.of("cat", copy.toString()).out().lines().count();
                assertThat(records).isBetween(before, committed.get()).isEqualTo(records / BATCH * BATCH);
            }
            enough.set(true);
            writer.get();
        } finally {
            enough.set(true);
            executor.shutdownNow();
        }
        assertThat(committed.get()).isGreaterThan(40 * BATCH);
        Path last = directory.resolve("copy-" + (COPIES - 1));
        enough.set(false);
        try (Table restored = Table.open(last)) {
            write(restored, mapping, 1);
        }
        assertThat(CommandRun.of("verify", last.toString()).code()).isZero();
    }

    @Test
    void aTableThatNobodyHasWrittenIsCopiedAsItIs() throws Exception {
        Path source = directory.resolve("t");
        Path copy = directory.resolve("copy");
        Table.create(source, PartitionMapping.parse("p:string=value.p").scheme(), TableConfig.defaults())
                .close();
        assertThat(backup(source, copy)).isZero();
        assertThat(copy.resolve("_table").resolve("lanes")).isEmptyDirectory();
        assertThat(CommandRun.of("verify", copy.toString()).code()).isZero();
    }

    private static int backup(Path source, Path copy) throws Exception {
        return new ProcessBuilder("sh", SCRIPT.toString(), source.toString(), copy.toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    private void write(Table table, PartitionMapping mapping, int batches) {
        try (TableWriter writer =
                table.writer(WriterOptions.named("w").mapping(mapping).build())) {
            for (int batch = 0; batch < batches && !enough.get(); batch++) {
                for (int i = 0; i < BATCH; i++) {
                    byte[] value = ("{\"p\":\"" + (i % 3) + "\",\"n\":" + batch + "}").getBytes(StandardCharsets.UTF_8);
                    writer.append(StreamRecord.atMillis(batch).value(value).build());
                }
                writer.commit();
                committed.addAndGet(BATCH);
            }
            writer.finish();
        }
    }
}
