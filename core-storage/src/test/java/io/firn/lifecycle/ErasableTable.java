package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionValues;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.segment.Segment;
import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.CrashFileStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of people's records in two partitions: cold, settled, settled in part, sealed and hot, and written straight
 * into a partition. Every fifth record is Eve's; her key stands in key and value.
 */
public final class ErasableTable {
    static final String EVE = "eve@example.org-7319";
    static final RecordKeys KEYS = RecordKeys.of(List.of(bytes(EVE)));
    static final LifecycleRequest ERASE = LifecycleRequest.erase(Erasure.of(KEYS));
    static final PartitionMapping MAPPING = PartitionMapping.parse("p:string=header.p");

    private static final int RECORDS = 10;

    private ErasableTable() {}

    /** The table with everything in it. */
    static CrashFileStore filled() {
        CrashFileStore machine = created();
        write(machine, "w");
        maintain(machine, LifecycleRequest.compressAll());
        write(machine, "w");
        maintain(machine, LifecycleRequest.settleAll());
        write(machine, "w");
        maintain(machine, LifecycleRequest.settleAll().where(PartitionFilter.exact("p", "odd")));
        write(machine, "w");
        writeFixed(machine);
        return machine;
    }

    public static CrashFileStore created() {
        CrashFileStore machine = WrittenTable.machine();
        create(machine);
        return machine;
    }

    /** The table without records. */
    static void create(FileStore store) {
        TableConfig config = TableConfig.builder()
                .segmentSizeBytes(64 << 10)
                .compressionBlockSizeBytes(64 << 10)
                .build();
        Table.create(WrittenTable.ROOT, MAPPING.scheme(), config, WrittenTable.environment(store))
                .close();
    }

    /** A writer with a mapping appends some records, commits and closes. */
    static void write(FileStore store, String name) {
        try (Table table = WrittenTable.open(store);
                TableWriter writer = table.writer(options(name))) {
            append(writer, RECORDS);
            writer.finish();
        }
    }

    static void writeFixed(FileStore store) {
        try (Table table = WrittenTable.open(store);
                TableWriter writer = table.writer(WriterOptions.named("fixed")
                        .partition(PartitionValues.of(table.scheme(), "odd"))
                        .build())) {
            append(writer, RECORDS);
            writer.finish();
        }
    }

    public static WriterOptions options(String name) {
        return WriterOptions.named(name).mapping(MAPPING).build();
    }

    static void append(TableWriter writer, int count) {
        for (int i = 0; i < count; i++) {
            writer.append(record(writer.nextSequence()));
        }
    }

    /** Every fifth is Eve's. */
    public static StreamRecord record(long sequence) {
        String key = sequence % 5 == 3 ? EVE : "user" + sequence % 5;
        String parity = sequence % 2 == 0 ? "even" : "odd";
        return StreamRecord.atMillis(sequence)
                .key(bytes(key))
                .headers(List.of(new RecordHeader("p", bytes(parity))))
                .value(bytes("mail of " + key + " number " + sequence))
                .build();
    }

    public static LifecycleStats maintain(FileStore store, LifecycleRequest request) {
        LifecycleStats stats = WrittenTable.maintain(store, request);
        assertThat(stats.errors()).isEmpty();
        return stats;
    }

    public static List<String> records(FileStore store) {
        return records(store, ScanOptions.builder().order(ReadOrder.WRITER).build());
    }

    public static List<String> records(FileStore store, ScanOptions options) {
        List<String> records = new ArrayList<>();
        try (Table table = WrittenTable.open(store);
                TableReader reader = table.reader(options)) {
            while (reader.next()) {
                records.add(describe(reader));
            }
        }
        return records;
    }

    static String describe(TableReader reader) {
        return reader.writer() + " " + reader.partitionPath() + " "
                + reader.record().sequence() + " "
                + StandardCharsets.UTF_8.decode(reader.record().value());
    }

    static List<String> withoutEve(List<String> records) {
        return records.stream().filter(record -> !record.contains(EVE)).toList();
    }

    /** Her key stands in no byte of any file, also not in what it decompresses to. */
    static void assertNoTrace(FileStore store) {
        assertThat(traces(store)).isEmpty();
        try (Table table = WrittenTable.open(store)) {
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
        }
    }

    /** The files in which her key stands. */
    static List<String> traces(FileStore store) {
        List<String> traces = new ArrayList<>();
        try (Table table = WrittenTable.open(store)) {
            collect(store, WrittenTable.ROOT, table, traces);
        }
        return traces;
    }

    private static void collect(FileStore store, Path directory, Table table, List<String> traces) {
        for (String name : store.list(directory)) {
            Path child = directory.resolve(name);
            if (store.isDirectory(child)) {
                collect(store, child, table, traces);
            } else if (holdsEve(store, child, table)) {
                traces.add(child.toString());
            }
        }
    }

    private static boolean holdsEve(FileStore store, Path path, Table table) {
        byte[] raw = contentOf(store, path);
        if (isIn(raw)) {
            return true;
        }
        return path.toString().endsWith(".zst") && (isIn(unzipped(raw)) || isIn(canonical(store, path, table)));
    }

    private static byte[] contentOf(FileStore store, Path path) {
        try (StoreFile file = store.openRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    private static byte[] unzipped(byte[] raw) {
        try (ZstdInputStream zstd = new ZstdInputStream(new ByteArrayInputStream(raw))) {
            return zstd.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] canonical(FileStore store, Path path, Table table) {
        try (Segment segment = Segment.open(store, path, table.segmentAccess())) {
            ByteBuffer bytes = ByteBuffer.allocate((int) segment.sizeBytes());
            segment.readAt(0, bytes);
            return bytes.array();
        }
    }

    private static boolean isIn(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains(EVE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
