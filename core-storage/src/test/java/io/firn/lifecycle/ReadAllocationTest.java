package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionMapping;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.AllocationCounter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a table allocates nothing for a record, whatever it is read from. */
class ReadAllocationTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final int RECORDS = 60_000;
    private static final int WARM_UPS = 5;
    /** What opening the files, and each buffer or block of them, may cost: far less than a byte for a record. */
    private static final long SETUP_BYTES = RECORDS / 2;

    @TempDir
    Path directory;

    @Test
    void readingHotRecordsAllocatesNothingForEach() {
        try (Table table = written(1)) {
            long small = AllocationCounter.allocatedBytes(WARM_UPS, () -> read(table, RECORDS / 10));
            long large = AllocationCounter.allocatedBytes(WARM_UPS, () -> read(table, RECORDS));
            assertThat(large - small).isLessThan(SETUP_BYTES);
        }
    }

    @Test
    void readingColdRecordsOfOneFileAllocatesNothingForEach() {
        assertThat(bytesToReadCold(1)).isLessThan(SETUP_BYTES);
    }

    @Test
    void mergingColdFilesAllocatesNothingForEachRecord() {
        assertThat(bytesToReadCold(4)).isLessThan(SETUP_BYTES);
    }

    private long bytesToReadCold(int partitions) {
        try (Table table = written(partitions);
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(manager.run(LifecycleRequest.compressAll()).settledSegments())
                    .isEqualTo(partitions);
            long small = AllocationCounter.allocatedBytes(WARM_UPS, () -> read(table, RECORDS / 10));
            return AllocationCounter.allocatedBytes(WARM_UPS, () -> read(table, RECORDS)) - small;
        }
    }

    /** A table of one writer whose records go to the partitions in turn. */
    private Table written(int partitions) {
        Table table = Table.create(directory.resolve("t"), MAPPING.scheme(), TableConfig.defaults());
        List<StreamRecord> records = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            records.add(StreamRecord.atNanos(i)
                    .key(("key-" + i).getBytes(StandardCharsets.UTF_8))
                    .value(new byte[100])
                    .build());
        }
        try (TableWriter writer =
                table.writer(WriterOptions.named("main").mapping(MAPPING).build())) {
            for (int i = 0; i < RECORDS; i++) {
                writer.append(records.get(i % partitions));
            }
            writer.finish();
        }
        return table;
    }

    private static void read(Table table, int records) {
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            long bytes = 0;
            for (int i = 0; i < records; i++) {
                assertRecord(reader.next(), i);
                RecordView record = reader.record();
                bytes += Objects.requireNonNull(record.key()).remaining();
                bytes += Objects.requireNonNull(record.value()).remaining();
                assertRecord(record.sequence() == i, i);
            }
            assertRecord(bytes == 105L * records, records);
            assertRecord(reader.position("main") == records, records);
        }
    }

    private static void assertRecord(boolean holds, int number) {
        if (!holds) {
            throw new AssertionError("record " + number);
        }
    }
}
