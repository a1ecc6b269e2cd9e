package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.WrittenTable;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.LaneName;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.LaneInfo;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A table partitioned by key, for tests that lose parts of it. Confined to one thread. */
record KeyedTable(FileStore store) {
    static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    static KeyedTable create(FileStore store) {
        WrittenTable.create(store);
        return new KeyedTable(store);
    }

    /** A writer comes, commits records of the values {@code <value><sequence>}, and ends its segment. */
    void write(String name, String value, String key, int count) {
        try (Table table = WrittenTable.open(store);
                TableWriter writer = writer(table, name)) {
            append(writer, value, key, count);
            writer.finish();
        }
    }

    static TableWriter writer(Table table, String name) {
        return table.writer(
                WriterOptions.named(name).mapping(MAPPING).takeOver(true).build());
    }

    static void append(TableWriter writer, String value, String key, int count) {
        for (int i = 0; i < count; i++) {
            writer.append(StreamRecord.atMillis(1)
                    .key(key.getBytes(StandardCharsets.UTF_8))
                    .value((value + writer.nextSequence()).getBytes(StandardCharsets.UTF_8))
                    .build());
        }
    }

    void run(LifecycleRequest request) {
        assertThat(WrittenTable.maintain(store, request).errors()).isEmpty();
    }

    static PartitionFilter ofKey(String key) {
        return PartitionFilter.exact("k", key);
    }

    static Path laneDirectory(String writer) {
        return WrittenTable.ROOT.resolve("_table/lanes").resolve(LaneName.encode(writer));
    }

    ByteBuffer read(Path path) {
        try (StoreFile file = store.openRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.flip();
        }
    }

    void put(Path path, ByteBuffer bytes) {
        try (StoreFile file = store.createExclusively(path).orElseThrow()) {
            file.write(bytes, 0);
            file.force();
        }
    }

    List<String> values() {
        List<String> values = new ArrayList<>();
        try (Table table = WrittenTable.open(store);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                values.add(
                        StandardCharsets.UTF_8.decode(reader.record().value()).toString());
            }
        }
        return values;
    }

    LaneInfo lane(String writer) {
        try (Table table = WrittenTable.open(store)) {
            return table.lanes().stream()
                    .filter(lane -> lane.writer().equals(writer))
                    .findFirst()
                    .orElseThrow();
        }
    }

    List<String> damages() {
        try (Table table = WrittenTable.open(store)) {
            return TableVerifier.verify(table).damages().stream()
                    .map(String::valueOf)
                    .toList();
        }
    }
}
