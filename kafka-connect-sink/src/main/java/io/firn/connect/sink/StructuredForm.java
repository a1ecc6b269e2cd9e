package io.firn.connect.sink;

import io.firn.connect.avro.RecordFormats;
import io.firn.connect.avro.StructuredEncoder;
import io.firn.connect.avro.StructuredValues;
import io.firn.error.InvalidRecordException;
import io.firn.partition.PartitionMapping;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.schema.TableSchemas;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** What the converters made of a record, as Avro with its schema kept in the table. Confined to the task's thread. */
final class StructuredForm implements RecordForm {
    private final StructuredEncoder encoder;
    private final PartitionFields fields;

    StructuredForm(TableSchemas schemas, PartitionMapping mapping) {
        this.encoder = new StructuredEncoder(schemas);
        this.fields = new PartitionFields(mapping);
    }

    @Override
    public Map<String, String> laneProperties() {
        return Map.of(RecordFormats.PROPERTY, RecordFormats.STRUCTURED);
    }

    @Override
    public void requireSame(Table table, List<LaneInfo> lanes) {
        RecordForm.requireOnly(RecordFormats.STRUCTURED, RecordFormats.of(table, lanes), table);
    }

    @Override
    public long append(SinkRecord record, long offset, TableWriter writer) {
        StreamRecord stored = RecordMapper.withTimestamp(record)
                .typeId(StructuredValues.TYPE_ID)
                .key(encode("key", record.keySchema(), record.key()))
                .headers(headers(record.headers()))
                .value(encode("value", record.valueSchema(), record.value()))
                .build();
        writer.append(offset, stored, fields.readable(record, stored));
        return RecordForm.sizeOf(stored);
    }

    private List<RecordHeader> headers(@Nullable Headers headers) {
        if (headers == null || headers.isEmpty()) {
            return List.of();
        }
        List<RecordHeader> encoded = new ArrayList<>(headers.size());
        for (Header header : headers) {
            String part = "header '" + header.key() + "'";
            encoded.add(new RecordHeader(header.key(), encode(part, header.schema(), header.value())));
        }
        return encoded;
    }

    private byte @Nullable [] encode(String part, @Nullable Schema schema, @Nullable Object value) {
        try {
            return encoder.encode(schema, value);
        } catch (InvalidRecordException refused) {
            throw new InvalidRecordException("The " + part + " cannot be stored: " + refused.getMessage(), refused);
        }
    }
}
