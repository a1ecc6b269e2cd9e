package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.StorageIoException;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers that go on after a file could not be opened or read. */
class ReaderAfterErrorTest {
    private static final PartitionMapping BY_KEY = PartitionMapping.parse("k:string=key");

    private final FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());

    static Stream<Arguments> ordersAndTiers() {
        return Stream.of(ReadOrder.values())
                .flatMap(order -> Stream.of(Arguments.of(order, false), Arguments.of(order, true)));
    }

    @ParameterizedTest(name = "{0}, settled: {1}")
    @MethodSource("ordersAndTiers")
    void nothingIsSkipped(ReadOrder order, boolean settled) {
        try (Table table = tableOfThreeSegments()) {
            if (settled) {
                settle(table);
            }
            try (TableReader reader =
                    table.reader(ScanOptions.builder().order(order).build())) {
                failSecondOpening();
                List<Long> seen = new ArrayList<>();
                int errors = readOn(reader::next, () -> seen.add(reader.record().sequence()));
                assertThat(errors).isEqualTo(1);
                assertThat(seen).containsExactly(0L, 1L, 2L);
                assertThat(reader.position("main")).isEqualTo(3);
            }
        }
    }

    @Test
    void aReaderOfALaneSkipsNothing() {
        try (Table table = tableOfThreeSegments();
                LaneReaders readers = table.laneReaders(64 << 20);
                LaneReader reader = readers.open("main", ScanOptions.ALL)) {
            failSecondOpening();
            List<Long> seen = new ArrayList<>();
            int errors = readOn(reader::next, () -> seen.add(reader.record().sequence()));
            assertThat(errors).isEqualTo(1);
            assertThat(seen).containsExactly(0L, 1L, 2L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hot/", "/k=k0/"})
    void everyBufferIsGivenBack(String failing) {
        try (Table table = tableOfThreeSegments()) {
            settle(table);
            try (TableWriter writer = writer(table)) {
                append(writer, 3);
                writer.commit();
            }
            long before = table.environment().buffers().outstandingCount();
            for (int read = 1; read <= 10; read++) {
                store.inject(Fault.on(call -> call.operation() == StoreOperation.READ
                                && call.path().toString().contains(failing))
                        .nth(read));
                try (TableReader reader = table.reader(ScanOptions.ALL)) {
                    readOn(reader::next, () -> {});
                }
                store.heal();
            }
            assertThat(table.environment().buffers().outstandingCount()).isEqualTo(before);
        }
    }

    @Test
    void anUncommittedReaderThatFailsStillSeesWhatReplacesWithdrawnRecords() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = tableOfThreeSegments();
                TableWriter writer = writer(table);
                TableReader reader = table.reader(uncommitted)) {
            append(writer, 3);
            append(writer, 4);
            assertThat(keysOf(reader)).containsExactly("k0", "k1", "k2", "k3", "k4");
            writer.rollback();
            append(writer, 5);
            append(writer, 6);
            append(writer, 7);
            assertThat(reader.refresh()).isTrue();
            store.inject(Fault.on(StoreCall.is(StoreOperation.LIST, "/hot")));
            assertThatThrownBy(reader::next).isInstanceOf(StorageIoException.class);
            assertThat(keysOf(reader)).containsExactly("k5", "k6", "k7");
        }
    }

    @Test
    void aRefreshThatFailsIsSaidByTheNextOne() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = tableOfThreeSegments();
                TableWriter writer = writer(table);
                TableReader reader = table.reader(uncommitted)) {
            append(writer, 3);
            writer.commit();
            assertThat(reader.refresh()).isTrue();
            assertThat(keysOf(reader)).hasSize(4);
            append(writer, 4);
            writer.commit();
            store.inject(Fault.on(StoreCall.is(StoreOperation.LIST, "/hot")));
            assertThatThrownBy(reader::refresh).isInstanceOf(StorageIoException.class);
            assertThat(reader.refresh()).isTrue();
            assertThat(keysOf(reader)).containsExactly("k4");
        }
    }

    private static List<String> keysOf(TableReader reader) {
        List<String> keys = new ArrayList<>();
        while (reader.next()) {
            keys.add(reader.partitionPath().substring("k=".length()));
        }
        return keys;
    }

    private void failSecondOpening() {
        store.inject(Fault.on(StoreCall.is(StoreOperation.OPEN_READ, ".q")).nth(2));
    }

    /** Reads to the end, over errors; returns how many there were. */
    private static int readOn(BooleanSupplier next, Runnable onRecord) {
        int errors = 0;
        while (true) {
            try {
                if (!next.getAsBoolean()) {
                    return errors;
                }
                onRecord.run();
            } catch (StorageIoException transientError) {
                errors++;
            }
        }
    }

    private Table tableOfThreeSegments() {
        Table table = Table.create(
                Path.of("/t"),
                BY_KEY.scheme(),
                TableConfig.defaults(),
                TableEnvironment.deterministic(store, InstantSource.system()));
        try (TableWriter writer = writer(table)) {
            for (int i = 0; i < 3; i++) {
                append(writer, i);
                writer.roll();
                writer.commit();
            }
        }
        return table;
    }

    private static void settle(Table table) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            manager.run(LifecycleRequest.settleAll());
        }
    }

    private static TableWriter writer(Table table) {
        return table.writer(WriterOptions.named("main").mapping(BY_KEY).build());
    }

    private static void append(TableWriter writer, int number) {
        writer.append(StreamRecord.atMillis(number)
                .key(("k" + number).getBytes(StandardCharsets.UTF_8))
                .value(new byte[8])
                .build());
    }
}
