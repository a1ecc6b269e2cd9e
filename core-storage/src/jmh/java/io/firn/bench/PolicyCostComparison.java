package io.firn.bench;

import io.firn.bench.SideBySide.Contender;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.segment.SampleRecords;
import io.firn.table.CompressionPolicy;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What policies and access tracking cost those who only write and read hot: tables with the default policy and tracking
 * beside tables that are never compressed and not tracked, in turn; and the same records cold.
 *
 * <p>Arguments: rounds.
 */
public final class PolicyCostComparison {
    private static final int REPEATS = 8;
    private static final String NEVER = "never, untracked";
    private static final String DECLARED = "idle-after, tracked";
    private static final String COLD = "cold, tracked";
    private static final PartitionMapping MAPPING = PartitionMapping.parse("dt:date=timestamp");

    private PolicyCostComparison() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        List<StreamRecord> records = SampleRecords.flightsInJson();
        long count = (long) records.size() * REPEATS;
        Map<String, Double> written = new SideBySide(rounds, true)
                .run("write", count, List.of(new Write(NEVER, never(), records), new Write(DECLARED, declared(), records)));
        print("write", written, DECLARED);
        Path directory = Files.createTempDirectory("firn-bench");
        try (Table untracked = filled(directory.resolve("never"), never(), records);
                Table tracked = filled(directory.resolve("declared"), declared(), records);
                Table cold = filled(directory.resolve("cold"), declared(), records)) {
            try (LifecycleManager manager = LifecycleManager.open(cold, LifecycleOptions.defaults())) {
                manager.run(LifecycleRequest.compressAll());
            }
            Map<String, Double> read = new SideBySide(rounds, false)
                    .run(
                            "read",
                            count,
                            List.of(
                                    new Read(NEVER, untracked, count),
                                    new Read(DECLARED, tracked, count),
                                    new Read(COLD, cold, count)));
            print("read", read, DECLARED);
            print("read", read, COLD);
        } finally {
            SideBySide.delete(directory);
        }
    }

    private static void print(String what, Map<String, Double> rates, String name) {
        System.out.printf(
                "RESULT %s: %s takes %.3f of the time of %s%n",
                what,
                name,
                Objects.requireNonNull(rates.get(NEVER)) / Objects.requireNonNull(rates.get(name)),
                NEVER);
    }

    private static TableConfig never() {
        return TableConfig.builder()
                .compressionPolicy(new CompressionPolicy.Never())
                .trackAccess(false)
                .build();
    }

    private static TableConfig declared() {
        return TableConfig.defaults();
    }

    private static Table filled(Path path, TableConfig config, List<StreamRecord> records) {
        Table table = Table.create(path, MAPPING.scheme(), config);
        try (TableWriter writer =
                table.writer(WriterOptions.named("main").mapping(MAPPING).build())) {
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                records.forEach(writer::append);
            }
            writer.finish();
        }
        return table;
    }

    private record Write(String name, TableConfig config, List<StreamRecord> records) implements Contender {
        @Override
        public long run(Path directory) {
            long start = System.nanoTime();
            filled(directory.resolve("table"), config, records).close();
            return System.nanoTime() - start;
        }
    }

    private record Read(String name, Table table, long count) implements Contender {
        @Override
        public long run(Path directory) {
            long start = System.nanoTime();
            long read = 0;
            long sum = 0;
            try (TableReader reader = table.reader(ScanOptions.ALL)) {
                while (reader.next()) {
                    ByteBuffer value = reader.record().value();
                    sum += value == null ? 0 : value.get(value.position());
                    read++;
                }
            }
            long nanos = System.nanoTime() - start;
            if (read != count || sum == 0) {
                throw new IllegalStateException("read " + read + " records of " + count);
            }
            return nanos;
        }
    }
}
