package io.firn.flink.source;

import io.firn.flink.sink.FirnRecordSerializer;
import io.firn.flink.sink.FirnSink;
import io.firn.table.ArchiveRoot;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SimpleStringSchema;

/**
 * A table into which a job copies values, exactly once.
 *
 * @param root the archive's root
 */
record CopiedTable(String root) {
    private static final String NAME = "copy";

    FirnSink<String> sink() {
        return FirnSink.<String>builder()
                .path(root)
                .table(NAME)
                .sinkId(NAME)
                .serializer(FirnRecordSerializer.valueOnly(new SimpleStringSchema()))
                .build();
    }

    int size() {
        return values().size();
    }

    /** What is committed; nothing before the sink has made the table. */
    List<String> values() {
        List<String> values = new ArrayList<>();
        ArchiveRoot archive = ArchiveRoot.openOrCreate(Path.of(root));
        if (!archive.hasTable(NAME)) {
            return values;
        }
        try (Table table = Table.open(archive.tablePath(NAME));
                TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                values.add(new String(reader.record().toRecord().value(), StandardCharsets.UTF_8));
            }
        }
        return values;
    }
}
