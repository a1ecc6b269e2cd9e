package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs a reader that its reads are recorded. */
class TrackingCostTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
    private static final ScanOptions COUNTED = ScanOptions.ALL;
    private static final ScanOptions UNCOUNTED =
            ScanOptions.builder().counted(false).build();
    private static final int ROUNDS = 15;
    /** Operations for the log of one partition: look, create, write, close in one file, rename. */
    private static final int MOST_CALLS_OF_A_LOG = 10;

    @TempDir
    Path directory;

    @Test
    void withinAMinuteAFileIsRecordedOnceAndFurtherReadsTouchNoFileForIt() {
        FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore(4 << 20, CLOCK));
        Fault calls = store.inject(Fault.on(StoreCall.any()).nth(Long.MAX_VALUE));
        try (Table table = settled(Path.of("/t"), TableEnvironment.deterministic(store, CLOCK), 3_000, 100)) {
            read(table, UNCOUNTED);
            long plain = callsOf(calls, table, UNCOUNTED);
            assertThat(callsOf(calls, table, COUNTED)).isBetween(plain + 1, plain + 3 * MOST_CALLS_OF_A_LOG + 3);
            for (int i = 0; i < 20; i++) {
                assertThat(callsOf(calls, table, COUNTED)).isEqualTo(plain);
            }
        }
    }

    private static long callsOf(Fault calls, Table table, ScanOptions options) {
        long before = calls.matchedCalls();
        read(table, options);
        return calls.matchedCalls() - before;
    }

    /** The goal is 1.05; the limit leaves room for what else the machine does. */
    @Test
    void theCpuTimeOfAHotReadStaysTheSame() {
        try (Table table = settled(directory.resolve("t"), TableEnvironment.system(), 60_000, 300)) {
            long counted = Long.MAX_VALUE;
            long uncounted = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                counted = Math.min(counted, cpuNs(table, COUNTED));
                uncounted = Math.min(uncounted, cpuNs(table, UNCOUNTED));
            }
            double ratio = (double) counted / uncounted;
            System.out.println("hot read of 60,000 records: tracked/not tracked = " + ratio + ", " + uncounted / 1_000
                    + " us of CPU time not tracked");
            assertThat(ratio).isLessThan(1.5);
        }
    }

    private static long cpuNs(Table table, ScanOptions options) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        read(table, options);
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    }

    private static Table settled(Path path, TableEnvironment environment, int records, int bytes) {
        Table table = Table.create(path, MAPPING.scheme(), TableConfig.defaults(), environment);
        try (TableWriter writer =
                table.writer(WriterOptions.named("w").mapping(MAPPING).build())) {
            for (int i = 0; i < records; i++) {
                writer.append(StreamRecord.atMillis(i)
                        .key("abc".substring(i % 3, i % 3 + 1).getBytes(StandardCharsets.UTF_8))
                        .value(new byte[bytes])
                        .build());
            }
            writer.finish();
        }
        try (LifecycleManager manager =
                LifecycleManager.open(table, LifecycleOptions.defaults().withForceThreads(1))) {
            assertThat(manager.run(LifecycleRequest.settleAll()).errors()).isEmpty();
        }
        return table;
    }

    private static void read(Table table, ScanOptions options) {
        try (TableReader reader = table.reader(options)) {
            long records = 0;
            while (reader.next()) {
                records++;
            }
            assertThat(records).isPositive();
        }
    }
}
