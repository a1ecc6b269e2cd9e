package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.RestoredAttempt;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A successor that sees no lock comes in between any two file operations of an owner and does all that is its right:
 * the owner is told that it was overtaken, and not that something is missing or damaged.
 */
class OvertakenOwnersTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final LifecycleRequest DROP = LifecycleRequest.drop(PartitionFilter.exact("k", "a"));
    /** An owner that has less operations does nothing of what is asked for. */
    private static final int LEAST_OPERATIONS = 30;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWriter(boolean ofOnePartition) {
        CrashFileStore machine = created();
        write(machine, ofOnePartition);

        overtakeEverywhere(machine, store -> write(store, ofOnePartition), store -> {
            write(store, ofOnePartition);
            WrittenTable.maintain(store, LifecycleRequest.compressAll());
            write(store, ofOnePartition);
        });
        overtakeEverywhere(machine, store -> write(store, ofOnePartition), store -> {
            write(store, ofOnePartition);
            WrittenTable.maintain(store, LifecycleRequest.compressAll());
            WrittenTable.maintain(store, DROP);
        });
    }

    @Test
    void aRecovery() {
        CrashFileStore machine = created();
        died(machine);

        overtakeEverywhere(machine, OvertakenOwnersTest::recover, store -> {
            write(store, false);
            WrittenTable.maintain(store, LifecycleRequest.settleAll());
            write(store, false);
            WrittenTable.maintain(store, LifecycleRequest.settleAll());
        });
    }

    private static void recover(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            assertThat(TableRecovery.recover(table).failures()).allMatch(OvertakenOwnersTest::saysOvertaken);
        }
    }

    private static boolean saysOvertaken(String text) {
        return text.contains("is over: epoch") || text.contains("another maintainer");
    }

    @Test
    void aRollback() {
        SinkHistory history = SinkHistory.play();

        overtakeEverywhere(
                history.machine(),
                store -> {
                    try (SinkJob job = SinkJob.start(store, "third")) {
                        job.rollBack(history.savepoint());
                    }
                },
                store -> {
                    try (SinkJob job = SinkJob.start(store, "fourth")) {
                        job.rollBack(history.savepoint());
                        job.subtask(history.savepoint().toArray(RestoredAttempt[]::new))
                                .write(0, 15, 20)
                                .checkpoint(3);
                    }
                    WrittenTable.maintain(store, LifecycleRequest.settleAll());
                });
    }

    private static CrashFileStore created() {
        CrashFileStore machine = WrittenTable.machine();
        TableConfig config = TableConfig.builder().segmentSizeBytes(64 << 10).build();
        Table.create(WrittenTable.ROOT, MAPPING.scheme(), config, WrittenTable.environment(machine))
                .close();
        return machine;
    }

    private static TableWriter writer(Table table, boolean ofOnePartition) {
        WriterOptions.Builder options = WriterOptions.named("w");
        return table.writer(
                ofOnePartition
                        ? options.partition(table.scheme().parsePath("k=a")).build()
                        : options.mapping(MAPPING).build());
    }

    private static void write(FileStore store, boolean ofOnePartition) {
        try (Table table = WrittenTable.open(store);
                TableWriter writer = writer(table, ofOnePartition)) {
            append(writer);
            writer.commit();
            append(writer);
            writer.roll();
            append(writer);
            writer.commit();
            writer.roll();
            writer.commit();
        }
    }

    private static void died(FileStore store) {
        try (Table table = WrittenTable.open(store);
                TableWriter writer = writer(table, false)) {
            append(writer);
            writer.commit();
            append(writer);
        }
    }

    private static void append(TableWriter writer) {
        byte[] text = "a".getBytes(StandardCharsets.UTF_8);
        writer.append(StreamRecord.atMillis(1).key(text).value(text).build());
    }

    private static void overtakeEverywhere(
            CrashFileStore before, Consumer<FileStore> owner, Consumer<FileStore> successor) {
        int operation = 0;
        while (isOvertaken(before, operation, owner, successor)) {
            operation++;
        }
        assertThat(operation).isGreaterThan(LEAST_OPERATIONS);
    }

    private static boolean isOvertaken(
            CrashFileStore before, int operation, Consumer<FileStore> owner, Consumer<FileStore> successor) {
        FileStore quiet = WrittenTable.withoutLocks(before.crash(new SplittableRandom(1)));
        ForwardingFileStore watched = new ForwardingFileStore(quiet);
        AtomicInteger calls = new AtomicInteger();
        watched.runBefore(StoreCall.any(), () -> {
            if (calls.getAndIncrement() == operation) {
                successor.accept(quiet);
            }
        });
        try {
            owner.accept(watched);
        } catch (FirnException told) {
            assertThat(told).as("overtaken at operation %s", operation).isInstanceOf(WriterFencedException.class);
        }
        return calls.get() > operation;
    }
}
