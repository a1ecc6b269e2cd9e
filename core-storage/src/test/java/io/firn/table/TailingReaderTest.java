package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that go on after a refresh. */
class TailingReaderTest {
    private static final PartitionMapping BY_KEY = PartitionMapping.parse("k:string=key");

    @TempDir
    Path directory;

    @Test
    void anUncommittedReaderSeesWhatReplacesWithdrawnRecordsHoweverLateItComes() {
        ScanOptions uncommitted =
                ScanOptions.builder().isolation(Isolation.READ_UNCOMMITTED).build();
        try (Table table = table();
                TableWriter writer = writer(table);
                TableReader reader = table.reader(uncommitted)) {
            append(writer, "0");
            writer.commit();
            append(writer, "withdrawn");
            assertThat(drain(reader)).containsExactly("0", "withdrawn");
            writer.rollback();
            assertThat(drain(reader)).isEmpty();
            append(writer, "in its place");
            assertThat(drain(reader)).containsExactly("in its place");
        }
    }

    private Table table() {
        return Table.create(directory.resolve("t"), BY_KEY.scheme(), TableConfig.defaults());
    }

    private static TableWriter writer(Table table) {
        return table.writer(WriterOptions.named("main").mapping(BY_KEY).build());
    }

    private static void append(TableWriter writer, String value) {
        writer.append(StreamRecord.atMillis(0)
                .key("k".getBytes(StandardCharsets.UTF_8))
                .value(value.getBytes(StandardCharsets.UTF_8))
                .build());
    }

    private static List<String> drain(TableReader reader) {
        reader.refresh();
        List<String> values = new ArrayList<>();
        while (reader.next()) {
            ByteBuffer value = Objects.requireNonNull(reader.record().value());
            values.add(StandardCharsets.UTF_8.decode(value).toString());
        }
        return values;
    }
}
