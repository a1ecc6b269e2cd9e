package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.NetworkFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the readers of a table that stays open look at: counted, not timed. */
class KnownLogsTest {
    private static final Path PATH = Path.of("/known/t").toAbsolutePath();
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private final FileStore disk = new InMemoryFileStore();
    private final List<StoreCall> calls = new CopyOnWriteArrayList<>();

    @Test
    void aReaderReadsAndForcesNoLogThatDidNotChange() {
        try (Table table = tableOnce()) {
            assertThat(read(table)).containsExactly("a1", "b1");
            assertThat(calls).as("the first look").anyMatch(KnownLogsTest::readsLog);
            calls.clear();
            assertThat(read(table)).containsExactly("a1", "b1");
            assertThat(table.lanes()).hasSize(2);
            assertThat(calls).isNotEmpty().noneMatch(KnownLogsTest::readsLog);
        }
    }

    @Test
    void itReadsOnlyTheLogThatChanged() {
        try (Table table = tableOnce()) {
            assertThat(read(table)).hasSize(2);
            append("b", "b2");
            calls.clear();
            assertThat(read(table)).containsExactly("a1", "b1", "b2");
            assertThat(calls.stream().filter(KnownLogsTest::readsLog))
                    .isNotEmpty()
                    .allMatch(call -> call.path().toString().contains("/lanes/b~"));
        }
    }

    @Test
    void whatAnotherProcessRewroteIsReadOnce() {
        try (Table table = tableOnce()) {
            assertThat(read(table)).hasSize(2);
            try (Table other = open(disk);
                    LifecycleManager manager = LifecycleManager.open(other, LifecycleOptions.defaults())) {
                assertThat(manager.run(LifecycleRequest.settleAll()).settledSegments())
                        .isPositive();
            }
            append("c", "c1");
            assertThat(read(table)).containsExactly("a1", "b1", "c1");
            assertThat(table.contents().segments()).as("settled").hasSize(1);
        }
    }

    /** Names and sizes may be old there until a file is opened. */
    @Test
    void everyReaderOnANetworkFileSystemOpensTheLogs() {
        tableOnce().close();
        try (Table table = open(new NetworkFileStore(recording(), "nfs4"))) {
            assertThat(read(table)).hasSize(2);
            calls.clear();
            assertThat(read(table)).containsExactly("a1", "b1");
            assertThat(calls.stream().filter(StoreCall.is(StoreOperation.OPEN_READ, ".log")))
                    .as("two lanes, and the catalog before and after them")
                    .hasSize(4);
        }
    }

    private static boolean readsLog(StoreCall call) {
        boolean inLogs = call.path().toString().contains("/lanes/")
                || call.path().toString().contains("/catalog");
        return inLogs
                && switch (call.operation()) {
                    case OPEN_READ, READ, FORCE, FORCE_DIRECTORY -> true;
                    default -> false;
                };
    }

    /** A table with a record of each of two writers, opened in an environment that notes the calls. */
    private Table tableOnce() {
        Table.create(PATH, MAPPING.scheme(), TableConfig.defaults(), TableEnvironment.deterministic(disk, CLOCK))
                .close();
        append("a", "a1");
        append("b", "b1");
        return open(recording());
    }

    private FileStore recording() {
        return new ForwardingFileStore(disk) {
            @Override
            protected void before(StoreCall call) {
                calls.add(call);
            }
        };
    }

    private static Table open(FileStore store) {
        return Table.open(PATH, TableEnvironment.deterministic(store, CLOCK));
    }

    /** As another process does it. */
    private void append(String writer, String value) {
        try (Table table = open(disk);
                TableWriter opened = table.writer(
                        WriterOptions.named(writer).mapping(MAPPING).build())) {
            opened.append(StreamRecord.atMillis(1)
                    .key("p".getBytes(StandardCharsets.UTF_8))
                    .value(value.getBytes(StandardCharsets.UTF_8))
                    .build());
            opened.commit();
        }
    }

    private static List<String> read(Table table) {
        List<String> values = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                values.add(new String(reader.record().toRecord().value(), StandardCharsets.UTF_8));
            }
        }
        values.sort(null);
        return values;
    }
}
