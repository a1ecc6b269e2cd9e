package io.firn.flink.table;

import io.firn.flink.sink.FirnRecordSerializer;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** Makes a record of a row: the format makes the value, metadata columns the rest. Confined to its writer's thread. */
final class RowRecordSerializer implements FirnRecordSerializer<RowData> {
    private static final long serialVersionUID = 1L;
    private static final long NO_TIMESTAMP = -1;
    private static final int HEADER_FIELDS = 2;

    private final SerializationSchema<RowData> format;
    /** Empty when the format takes the row as it is. */
    private final List<RowData.FieldGetter> valueFields;

    private final Map<RecordMetadata, Integer> metadata;
    private final int timestampAt;
    private final int timestampNsAt;
    private final int keyAt;
    private final int headersAt;
    private final int typeAt;

    /**
     * Creates a serializer.
     *
     * @param valueFields what the format encodes; empty for whole rows
     * @param metadata where metadata columns stand in a row
     */
    RowRecordSerializer(
            SerializationSchema<RowData> format,
            List<RowData.FieldGetter> valueFields,
            Map<RecordMetadata, Integer> metadata) {
        this.format = format;
        this.valueFields = List.copyOf(valueFields);
        this.metadata = Map.copyOf(metadata);
        this.timestampAt = at(RecordMetadata.TIMESTAMP);
        this.timestampNsAt = at(RecordMetadata.TIMESTAMP_NS);
        this.keyAt = at(RecordMetadata.KEY);
        this.headersAt = at(RecordMetadata.HEADERS);
        this.typeAt = at(RecordMetadata.TYPE);
    }

    private int at(RecordMetadata column) {
        return metadata.getOrDefault(column, -1);
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) throws Exception {
        format.open(context);
    }

    @Override
    public StreamRecord serialize(RowData row, @Nullable Long timestampMs) {
        StreamRecord.Builder record = start(row, timestampMs).value(format.serialize(valueOf(row)));
        if (isSet(row, keyAt)) {
            record.key(row.getBinary(keyAt));
        }
        if (isSet(row, headersAt)) {
            record.headers(headers(row.getArray(headersAt)));
        }
        if (isSet(row, typeAt)) {
            record.typeId(row.getInt(typeAt));
        }
        return record.build();
    }

    private StreamRecord.Builder start(RowData row, @Nullable Long timestampMs) {
        if (isSet(row, timestampNsAt)) {
            return StreamRecord.atNanos(row.getLong(timestampNsAt));
        }
        if (isSet(row, timestampAt)) {
            return StreamRecord.atMillis(row.getTimestamp(timestampAt, 3).getMillisecond());
        }
        return StreamRecord.atMillis(timestampMs == null ? NO_TIMESTAMP : timestampMs);
    }

    private RowData valueOf(RowData row) {
        if (valueFields.isEmpty()) {
            return row;
        }
        GenericRowData value = new GenericRowData(row.getRowKind(), valueFields.size());
        for (int i = 0; i < valueFields.size(); i++) {
            value.setField(i, valueFields.get(i).getFieldOrNull(row));
        }
        return value;
    }

    private static boolean isSet(RowData row, int position) {
        return position >= 0 && !row.isNullAt(position);
    }

    private static List<RecordHeader> headers(ArrayData array) {
        List<RecordHeader> headers = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            if (array.isNullAt(i) || array.getRow(i, HEADER_FIELDS).isNullAt(0)) {
                throw new IllegalArgumentException(
                        "Header " + i + " of a row has no key; give every header a key, its" + " value may be NULL");
            }
            RowData header = array.getRow(i, HEADER_FIELDS);
            headers.add(
                    new RecordHeader(header.getString(0).toString(), header.isNullAt(1) ? null : header.getBinary(1)));
        }
        return headers;
    }
}
