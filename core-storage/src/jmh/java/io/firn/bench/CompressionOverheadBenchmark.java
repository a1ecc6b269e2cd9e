package io.firn.bench;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.CompressionPolicy;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What compression costs those who do not ask for it: writing and hot reading with a policy and access tracking beside
 * {@code Never} without; cold reading beside hot; a lifecycle run over a table in which nothing is due; compressing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 9)
@Fork(1)
public class CompressionOverheadBenchmark {
    private static final int RECORDS = 400_000;
    private static final int PARTITIONS = 50;
    private static final int ROLLS_PER_PARTITION = 20;
    private static final long START_MS = 978_307_200_000L;

    private static final TableConfig NEVER = TableConfig.builder()
            .compressionPolicy(new CompressionPolicy.Never())
            .trackAccess(false)
            .build();
    private static final TableConfig IDLE_AFTER = TableConfig.defaults();

    private final byte[][] values = new byte[256][];
    private Path directory;
    private Table never;
    private Table idleAfter;
    private Table cold;
    private Table many;
    private LifecycleManager manyLifecycle;
    private int written;

    /** Writes the tables that are only read: hot ones with and without a policy, a cold one, one of 1,000 segments. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        directory = Files.createTempDirectory(Path.of("target"), "overhead");
        for (int i = 0; i < values.length; i++) {
            values[i] = ("{\"symbol\":\"S" + i % 17 + "\",\"price\":" + (1000 + i * 7 % 97) + ".25,\"size\":" + i % 10
                            + ",\"venue\":\"XNAS\",\"flags\":[\"odd\",\"late\"]}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        never = filled("never", NEVER);
        idleAfter = filled("idle-after", IDLE_AFTER);
        cold = filled("cold", IDLE_AFTER);
        LifecycleManager.open(cold, LifecycleOptions.defaults()).run(LifecycleRequest.compressAll());
        many = Table.create(
                directory.resolve("many"), PartitionMapping.parse("k:string=key").scheme(), IDLE_AFTER);
        fillMany();
        manyLifecycle = LifecycleManager.open(many, LifecycleOptions.defaults());
        manyLifecycle.run(LifecycleRequest.settleAll());
    }

    private Table filled(String name, TableConfig config) {
        PartitionMapping mapping = PartitionMapping.parse("dt:date=timestamp");
        Table table = Table.create(directory.resolve(name), mapping.scheme(), config);
        append(table, mapping);
        return table;
    }

    private void append(Table table, PartitionMapping mapping) {
        try (TableWriter writer =
                table.writer(WriterOptions.named("main").mapping(mapping).build())) {
            for (int i = 0; i < RECORDS; i++) {
                writer.append(StreamRecord.atMillis(START_MS + i)
                        .value(values[i & 255])
                        .build());
            }
            writer.finish();
        }
    }

    private void fillMany() {
        PartitionMapping mapping = PartitionMapping.parse("k:string=key");
        try (TableWriter writer =
                many.writer(WriterOptions.named("main").mapping(mapping).build())) {
            for (int roll = 0; roll < ROLLS_PER_PARTITION; roll++) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    writer.append(StreamRecord.atMillis(START_MS + roll)
                            .key(("p" + partition).getBytes(StandardCharsets.UTF_8))
                            .value(values[partition])
                            .build());
                }
                writer.roll();
                writer.commit();
            }
        }
    }

    /** 400,000 records into a table that is never compressed. */
    @Benchmark
    public void writeUncompressed() {
        write(NEVER);
    }

    /** The same with the default policy declared, tracking on, and no lifecycle at work. */
    @Benchmark
    public void writeWithCompressionPolicy() {
        write(IDLE_AFTER);
    }

    private void write(TableConfig config) {
        filled("written" + written++, config);
    }

    /** Reads a hot table without tracking. */
    @Benchmark
    public long readHotSegmentUntracked() {
        return read(never);
    }

    /** Reads a hot table with tracking. */
    @Benchmark
    public long readHotSegment() {
        return read(idleAfter);
    }

    /** Reads the same records from cold segments. */
    @Benchmark
    public long readColdSegment() {
        return read(cold);
    }

    private static long read(Table table) {
        long sum = 0;
        long count = 0;
        try (TableReader reader = table.reader(ScanOptions.builder().build())) {
            while (reader.next()) {
                ByteBuffer value = reader.record().value();
                sum += value == null ? 0 : value.get(value.position());
                count++;
            }
        }
        if (count != RECORDS) {
            throw new IllegalStateException("read " + count + " records of " + RECORDS);
        }
        return sum;
    }

    /** A run over 1,000 segments in 50 partitions of which none is due. */
    @Benchmark
    public LifecycleStats lifecycleScan() {
        return manyLifecycle.run(LifecycleRequest.due());
    }

    /** Settles and compresses 400,000 records, with verification. */
    @Benchmark
    public LifecycleStats compressionOperation() {
        Table table = filled("compressed" + written++, IDLE_AFTER);
        try (LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            return lifecycle.run(LifecycleRequest.compressAll());
        }
    }

    /** Deletes all tables. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        manyLifecycle.close();
        for (Table table : new Table[] {never, idleAfter, cold, many}) {
            table.close();
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
