package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionListingTest {
    private static final PartitionScheme SCHEME = PartitionScheme.parse("dt:date,origin:string");

    @TempDir
    Path directory;

    private final Set<String> opened = new ConcurrentSkipListSet<>();
    private final ForwardingFileStore store = new ForwardingFileStore(LocalFileStore.open(IoMode.AUTO)) {
        @Override
        protected void before(StoreCall call) {
            if (call.operation() == StoreOperation.OPEN_READ || call.operation() == StoreOperation.OPEN_WRITE) {
                Path relative = directory.resolve("t").relativize(call.path());
                if (!relative.startsWith("_table")) {
                    opened.add(relative.subpath(0, relative.getNameCount() - 1).toString());
                }
            }
        }
    };

    private Table tableOfNinePartitions() {
        TableEnvironment environment =
                TableEnvironment.deterministic(store, InstantSource.fixed(Instant.parse("2001-01-10T00:00:00Z")));
        Table table = Table.create(directory.resolve("t"), SCHEME, TableConfig.defaults(), environment);
        for (int day = 1; day <= 3; day++) {
            for (String origin : List.of("ATL", "../..", "LAX")) {
                PartitionValues values = PartitionValues.of(SCHEME, LocalDate.of(2001, 1, day), origin);
                WriterOptions options =
                        WriterOptions.named("main").partition(values).build();
                try (TableWriter writer = table.writer(options)) {
                    writer.append(StreamRecord.atNanos(day)
                            .value(values.toPath().getBytes(StandardCharsets.UTF_8))
                            .build());
                    writer.finish();
                }
            }
        }
        opened.clear();
        return table;
    }

    private static List<String> read(Table table, PartitionFilter filter) {
        List<String> values = new ArrayList<>();
        try (TableReader reader =
                table.reader(ScanOptions.builder().filter(filter).build())) {
            while (reader.next()) {
                byte[] value = reader.record().toRecord().value();
                assertThat(value).isNotNull();
                values.add(new String(value, StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"|9",
                "dt = 2001-01-02|3",
                "dt in (2001-01-01, 2001-01-03)|6",
                "dt >= 2001-01-02 and origin = 'ATL'|2",
                "origin = '../..'|3",
                "dt > 2001-01-03|0"
            })
    void filtersOpenNoFileOfOtherPartitions(String where, int partitions) {
        try (Table table = tableOfNinePartitions()) {
            List<String> values = read(table, PartitionFilter.parse(where, SCHEME));
            assertThat(values).hasSize(partitions);
            assertThat(opened).containsExactlyInAnyOrderElementsOf(values);
        }
    }

    @Test
    void listsItsPartitionsAndNothingElse() throws IOException {
        try (Table table = tableOfNinePartitions()) {
            Files.createDirectories(directory.resolve("t/dt=2001-01-09/origin=FOREIGN"));
            Files.createDirectories(directory.resolve("t/_tmp/dt=2001-01-01"));
            Files.writeString(directory.resolve("t/dt=2001-01-01/origin=ATL/notes.txt"), "mine");
            List<PartitionInfo> partitions = table.contents().partitions();
            assertThat(partitions).extracting(PartitionInfo::path).hasSize(9).isSorted();
            PartitionInfo first = partitions.get(0);
            assertThat(first.path()).isEqualTo("dt=2001-01-01/origin=..%2F..");
            assertThat(first.values().getString("origin")).isEqualTo("../..");
            assertThat(first.values().getDate("dt")).isEqualTo(LocalDate.of(2001, 1, 1));
            assertThat(first.records()).isEqualTo(1);
            assertThat(first.hotSegments()).isEqualTo(1);
            assertThat(first.coldSegments()).isZero();
            assertThat(first.sizeBytes()).isPositive();
            assertThat(first.rawBytes()).isEqualTo(first.sizeBytes());
            assertThat(opened).isEmpty();
        }
    }

    @Test
    void hostileValuesStayInTheTable() throws IOException {
        try (Table table = tableOfNinePartitions()) {
            assertThat(table.contents().partitions()).hasSize(9);
        }
        Set<String> names = new TreeSet<>();
        try (Stream<Path> list = Files.list(directory)) {
            list.forEach(path -> names.add(path.getFileName().toString()));
        }
        try (Stream<Path> list = Files.list(directory.resolve("t"))) {
            list.forEach(path -> names.add(path.getFileName().toString()));
        }
        assertThat(names).containsExactly("_table", "dt=2001-01-01", "dt=2001-01-02", "dt=2001-01-03", "t");
    }

    @Test
    void changedOptionsAreKeptAndImmutableOnesRefused() {
        PartitionMapping mapping = PartitionMapping.parse("dt:date=timestamp");
        TableConfig config = TableConfig.builder().partitionFields(mapping).build();
        Path path = directory.resolve("options");
        try (Table table = Table.create(path, mapping.scheme(), config)) {
            assertThat(table.updateConfig(old -> old.toBuilder()
                                    .trackAccess(false)
                                    .compressionPolicy(new CompressionPolicy.Never())
                                    .build())
                            .trackAccess())
                    .isFalse();
            assertThat(table.config().compressionPolicy()).isEqualTo(new CompressionPolicy.Never());
            assertThatThrownBy(() -> table.updateConfig(old -> TableConfig.defaults()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("partition.fields");
        }
        try (Table table = Table.open(path)) {
            assertThat(table.config().trackAccess()).isFalse();
            assertThat(table.config().partitionMapping()).contains(mapping);
        }
    }

    @Test
    void manyThatMakeTheSameChangeMakeItOnce() throws Exception {
        Path path = directory.resolve("options");
        PartitionMapping mapping = PartitionMapping.parse("dt:date=timestamp");
        Table.create(path, mapping.scheme(), TableConfig.defaults()).close();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Long>> changes = Collections.nCopies(8, () -> {
                try (Table table = Table.open(path)) {
                    return table.updateConfig(old ->
                                    old.toBuilder().segmentSizeBytes(1 << 20).build())
                            .segmentSizeBytes();
                }
            });
            for (Future<Long> change : threads.invokeAll(changes)) {
                assertThat(change.get()).isEqualTo(1 << 20);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(new TableMetadataFile(LocalFileStore.open(IoMode.AUTO), path)
                        .read()
                        .revision())
                .isEqualTo(1);
    }
}
