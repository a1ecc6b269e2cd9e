package io.firn.flink.source;

import io.firn.flink.TableLocation;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionMapping;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;

/** A table of numbered records: the value is {@code writer/number}, the timestamp a second for each number. */
final class ArchivedTable implements AutoCloseable {
    static final String NAME = "numbers";

    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    private final Path root;
    private final Table table;

    private ArchivedTable(Path root) {
        this.root = root;
        this.table = Table.openOrCreate(
                TableLocation.of(root.toString(), NAME).rootOrCreate().tablePath(NAME),
                MAPPING.scheme(),
                TableConfig.defaults());
    }

    static ArchivedTable below(Path directory) {
        return new ArchivedTable(directory.resolve("archive"));
    }

    Table table() {
        return table;
    }

    String path() {
        return root.toString();
    }

    FirnSourceBuilder<String> source() {
        return FirnSource.<String>builder().path(path()).table(NAME).deserializer(new Placed());
    }

    /** Appends records numbered from where the writer stands, over several segments, and closes the writer. */
    void append(String writer, int count) {
        append(writer, Map.of(), count);
    }

    void append(String writer, Map<String, String> properties, int count) {
        try (TableWriter open = writer(writer, properties)) {
            long first = open.position();
            for (long number = first; number < first + count; number++) {
                open.append(record(writer, number));
                if (number % 97 == 0) {
                    open.roll();
                }
            }
            open.finish();
        }
    }

    TableWriter writer(String name, Map<String, String> properties) {
        return table.writer(WriterOptions.named(name)
                .mapping(MAPPING)
                .properties(properties)
                .build());
    }

    static StreamRecord record(String writer, long number) {
        return StreamRecord.atMillis(number * 1000)
                .key(("p" + number % 3).getBytes(StandardCharsets.UTF_8))
                .value((writer + "/" + number).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    static StreamRecord record(String value) {
        return StreamRecord.atMillis(0)
                .key("p".getBytes(StandardCharsets.UTF_8))
                .value(value.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    void act(LifecycleRequest... requests) {
        try (LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            for (LifecycleRequest request : requests) {
                manager.run(request);
            }
        }
    }

    /** Everything that is committed, as {@link Placed} shows it. */
    List<String> content() {
        List<String> content = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                content.add(text(reader.record(), reader.partitionPath()));
            }
        }
        return content;
    }

    @Override
    public void close() {
        table.close();
    }

    private static String text(RecordView record, String partitionPath) {
        return StandardCharsets.UTF_8.decode(record.value()) + " in " + partitionPath;
    }

    /** Shows the value and the partition. */
    static final class Placed implements FirnRecordDeserializer<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public void deserialize(RecordView record, RecordPlace place, Collector<String> out) throws IOException {
            out.collect(text(record, place.partitionPath()));
        }

        @Override
        public TypeInformation<String> getProducedType() {
            return Types.STRING;
        }
    }

    /** Shows the value. */
    static final class Values implements FirnRecordDeserializer<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public void deserialize(RecordView record, RecordPlace place, Collector<String> out) throws IOException {
            out.collect(StandardCharsets.UTF_8.decode(record.value()).toString());
        }

        @Override
        public TypeInformation<String> getProducedType() {
            return Types.STRING;
        }
    }
}
