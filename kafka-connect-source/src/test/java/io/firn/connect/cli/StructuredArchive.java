package io.firn.connect.cli;

import io.firn.connect.avro.StructuredEncoder;
import io.firn.connect.avro.StructuredValues;
import io.firn.connect.source.ArchiveFixture;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;

/** A table of structured records of one Kafka partition, with headers. Confined to one thread. */
final class StructuredArchive implements AutoCloseable {
    static final long TIME_MS = 978_307_200_000L;
    static final String HEADER = "h";

    private final ArchiveFixture archive;
    private final StructuredEncoder encoder;
    private long offset;

    StructuredArchive(Path root, String topic) {
        this.archive = ArchiveFixture.open(root, topic, "dt:date=timestamp", topic, 0);
        this.encoder = new StructuredEncoder(archive.table().schemas());
    }

    Table table() {
        return archive.table();
    }

    /** Archives a record whose key is a text, and whose header {@link #HEADER} is its offset. */
    void add(String key, SchemaAndValue value) {
        add(key, value, List.of(HEADER));
    }

    /** Archives a record with headers, each of which is its offset. */
    void add(String key, SchemaAndValue value, List<String> headers) {
        archive.append(
                0,
                offset,
                StreamRecord.atMillis(TIME_MS + offset)
                        .typeId(StructuredValues.TYPE_ID)
                        .key(encoder.encode(Schema.OPTIONAL_STRING_SCHEMA, key))
                        .value(encoder.encode(value.schema(), value.value()))
                        .headers(headers.stream().map(this::header).toList())
                        .build());
        archive.commit();
        offset++;
    }

    private RecordHeader header(String name) {
        return new RecordHeader(name, encoder.encode(Schema.OPTIONAL_INT64_SCHEMA, offset));
    }

    /** The record that was archived last. */
    RecordContent last() throws IOException {
        RecordContent last = null;
        ArchivedPartition partition =
                ArchivedTopic.of(archive.table()).partitions().get(0);
        try (ArchivedRecords records = new ArchivedRecords(partition)) {
            while (records.next()) {
                last = RecordContent.of(records.record());
            }
        }
        if (last == null) {
            throw new IllegalStateException("nothing is archived");
        }
        return last;
    }

    @Override
    public void close() {
        archive.close();
    }
}
