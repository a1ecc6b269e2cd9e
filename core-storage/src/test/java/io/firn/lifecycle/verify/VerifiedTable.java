package io.firn.lifecycle.verify;

import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.lifecycle.TestTables;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableOption;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.InMemoryFileStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A small table in memory whose files can be damaged one byte at a time. */
public final class VerifiedTable implements AutoCloseable {
    public static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final Path ROOT = Path.of("/t");

    private final FileStore store = new InMemoryFileStore();
    private final Table table;

    public VerifiedTable() {
        TableConfig config =
                TableConfig.builder().set(TableOption.DISK_MIN_FREE_BYTES, "0").build();
        table = Table.create(ROOT, MAPPING.scheme(), config, TableEnvironment.deterministic(store, TestTables.CLOCK));
    }

    public Table table() {
        return table;
    }

    public FileStore store() {
        return store;
    }

    public VerifyReport verify() {
        return TableVerifier.verify(table);
    }

    public TableWriter writer(String name) {
        return table.writer(WriterOptions.named(name).mapping(MAPPING).build());
    }

    public static void append(TableWriter writer, int count) {
        for (int i = 0; i < count; i++) {
            String value = "value " + writer.nextSequence();
            writer.append(StreamRecord.atMillis(1_000 + i)
                    .key(("k" + i % 2).getBytes(StandardCharsets.UTF_8))
                    .value(value.getBytes(StandardCharsets.UTF_8))
                    .build());
        }
    }

    /** Writes, commits and seals. */
    public VerifiedTable with(String name, int records) {
        try (TableWriter writer = writer(name)) {
            append(writer, records);
            writer.finish();
        }
        return this;
    }

    public VerifiedTable run(LifecycleRequest request) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            LifecycleStats stats = manager.run(request);
            if (!stats.errors().isEmpty()) {
                throw new AssertionError(stats.errors());
            }
        }
        return this;
    }

    /** Content of all files by path relative to the table. */
    public Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        collect(ROOT, files);
        return files;
    }

    private void collect(Path directory, Map<String, byte[]> files) {
        for (String name : store.list(directory)) {
            Path child = directory.resolve(name);
            if (store.isDirectory(child)) {
                collect(child, files);
            } else {
                files.put(ROOT.relativize(child).toString(), read(child));
            }
        }
    }

    public byte[] contentOf(String path) {
        return read(ROOT.resolve(path));
    }

    private byte[] read(Path path) {
        try (StoreFile file = store.openRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    public void flip(String path, long bit) {
        try (StoreFile file = store.openWrite(ROOT.resolve(path))) {
            ByteBuffer octet = ByteBuffer.allocate(1);
            file.read(octet, bit / 8);
            octet.put(0, (byte) (octet.get(0) ^ (1 << (bit % 8))));
            file.write(octet.flip(), bit / 8);
        }
    }

    public void cut(String path, long sizeBytes) {
        try (StoreFile file = store.openWrite(ROOT.resolve(path))) {
            file.truncate(sizeBytes);
        }
    }

    public void delete(String path) {
        store.delete(ROOT.resolve(path));
    }

    /** Writes a file, also over one that is there. */
    public void put(String path, byte[] content) {
        delete(path);
        try (StoreFile file = store.createExclusively(ROOT.resolve(path)).orElseThrow()) {
            file.write(ByteBuffer.wrap(content), 0);
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
