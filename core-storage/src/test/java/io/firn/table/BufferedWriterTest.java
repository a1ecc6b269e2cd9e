package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.StorageFullException;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.partition.PartitionScheme;
import io.firn.record.StreamRecord;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writers that write by position from a buffer, as connectors do. */
class BufferedWriterTest {
    private static final Path ROOT = Path.of("/t");
    private static final int RECORDS = 100;

    private final FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());

    @Test
    void connectorsBufferUnlessTheirFilesShallBeMapped(@TempDir Path directory) {
        boolean local = LocalFileStore.open(IoMode.AUTO).modeFor(directory) == IoMode.MMAP;
        assertThat(TableEnvironment.ofIoMode("auto").buffersWrites(directory)).isTrue();
        assertThat(TableEnvironment.ofIoMode("channel").buffersWrites(directory))
                .isTrue();
        assertThat(TableEnvironment.ofIoMode("mmap").buffersWrites(directory)).isFalse();
        assertThat(TableEnvironment.system().buffersWrites(directory)).isEqualTo(!local);
        assertThat(TableEnvironment.ofIoMode("auto")
                        .withoutCache()
                        .withSharedFs("")
                        .buffersWrites(directory))
                .isTrue();
    }

    @Test
    void aCommitThatFindsNoSpaceCanBeCalledAgain() {
        try (Table table = bufferedTable();
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            append(writer, 0);
            writer.commit();
            append(writer, RECORDS);
            store.limitSpace(0);
            assertThatThrownBy(writer::commit).isInstanceOf(StorageFullException.class);
            assertThat(sequences(table)).hasSize(RECORDS);
            store.heal();
            append(writer, 2 * RECORDS);
            assertThat(writer.commit()).isEqualTo(3 * RECORDS);
            assertThat(sequences(table)).hasSize(3 * RECORDS).isSorted().doesNotHaveDuplicates();
        }
    }

    /** What a force has failed to make durable a second one may call durable, though it is lost. */
    @ParameterizedTest
    @CsvSource({"FORCE, .q", "FORCE_DIRECTORY, hot"})
    void aForceThatFailsForWantOfSpaceIsFinal(StoreOperation operation, String path) {
        try (Table table = bufferedTable();
                TableWriter writer = table.writer(WriterOptions.named("main").build())) {
            append(writer, 0);
            store.inject(Fault.on(StoreCall.is(operation, path)).full());
            assertThatThrownBy(writer::commit).isInstanceOf(StorageFullException.class);
            assertThatThrownBy(writer::commit).isInstanceOf(ClosedException.class);
            assertThat(sequences(table)).isEmpty();
            writer.rollback();
            append(writer, 0);
            assertThat(writer.commit()).isEqualTo(RECORDS);
            assertThat(sequences(table)).hasSize(RECORDS);
        }
    }

    private Table bufferedTable() {
        TableEnvironment environment =
                TableEnvironment.deterministic(store, InstantSource.system()).withBufferedWriters();
        return Table.create(ROOT, PartitionScheme.unpartitioned(), TableConfig.defaults(), environment);
    }

    private static void append(TableWriter writer, int from) {
        for (int i = from; i < from + RECORDS; i++) {
            writer.append(i, StreamRecord.atMillis(i).value(new byte[200]).build());
        }
    }

    private static List<Long> sequences(Table table) {
        List<Long> sequences = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                sequences.add(reader.record().sequence());
            }
        }
        return sequences;
    }
}
