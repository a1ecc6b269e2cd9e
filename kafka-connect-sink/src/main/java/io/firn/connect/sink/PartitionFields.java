package io.firn.connect.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.firn.error.InvalidRecordException;
import io.firn.partition.PartitionMapping;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields that a mapping reads of structs and maps as the JSON objects that it can read; nothing else of a
 * record is written. Confined to the task's thread.
 */
final class PartitionFields {
    private static final JsonFactory JSON = new JsonFactory();

    private final Wanted ofKeys;
    private final Wanted ofValues;
    private final Set<String> headers;

    /** Names below which something is wanted. */
    private static final class Wanted {
        private final Map<String, Wanted> byName = new LinkedHashMap<>();
        private boolean whole;

        static Wanted of(List<List<String>> paths) {
            Wanted root = new Wanted();
            for (List<String> path : paths) {
                Wanted at = root;
                for (String name : path) {
                    at = at.byName.computeIfAbsent(name, any -> new Wanted());
                }
                at.whole = true;
            }
            return root;
        }

        boolean isEmpty() {
            return byName.isEmpty() && !whole;
        }
    }

    PartitionFields(PartitionMapping mapping) {
        this.ofKeys = Wanted.of(mapping.paths(true));
        this.ofValues = Wanted.of(mapping.paths(false));
        this.headers = mapping.headers();
    }

    /** The record for the mapping; {@code stored} itself where the mapping reads no part of the content. */
    StreamRecord readable(SinkRecord record, StreamRecord stored) {
        if (ofKeys.isEmpty() && ofValues.isEmpty() && headers.isEmpty()) {
            return stored;
        }
        return StreamRecord.atMillis(stored.timestamp())
                .timestampType(stored.timestampType())
                .key(bytes(ofKeys, record.keySchema(), record.key()))
                .value(bytes(ofValues, record.valueSchema(), record.value()))
                .headers(headers(record))
                .build();
    }

    private List<RecordHeader> headers(SinkRecord record) {
        List<RecordHeader> readable = new ArrayList<>();
        if (!headers.isEmpty() && record.headers() != null) {
            for (Header header : record.headers()) {
                if (headers.contains(header.key())) {
                    readable.add(new RecordHeader(header.key(), ConnectText.bytes(header.schema(), header.value())));
                }
            }
        }
        return readable;
    }

    private static byte @Nullable [] bytes(Wanted wanted, @Nullable Schema schema, @Nullable Object content) {
        if (content == null || wanted.isEmpty()) {
            return null;
        }
        if (!(content instanceof Struct || content instanceof Map) || wanted.byName.isEmpty()) {
            return ConnectText.bytes(schema, content);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            write(wanted, schema, content, json);
        } catch (IOException e) {
            throw new InvalidRecordException(
                    "a field of the partition cannot be written as JSON: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static void write(Wanted wanted, @Nullable Schema schema, Object content, JsonGenerator json)
            throws IOException {
        if (content instanceof Struct || content instanceof Map) {
            json.writeStartObject();
            for (Map.Entry<String, Wanted> each : wanted.byName.entrySet()) {
                Object value = part(content, each.getKey());
                if (value != null) {
                    json.writeFieldName(each.getKey());
                    write(each.getValue(), schemaOf(content, schema, each.getKey()), value, json);
                }
            }
            json.writeEndObject();
        } else {
            ConnectText.write(schema, content, json);
        }
    }

    private static @Nullable Object part(Object content, String name) {
        if (content instanceof Struct struct) {
            return struct.schema().field(name) == null ? null : struct.get(name);
        }
        return ((Map<?, ?>) content).get(name);
    }

    private static @Nullable Schema schemaOf(Object content, @Nullable Schema schema, String name) {
        if (content instanceof Struct struct) {
            return struct.schema().field(name).schema();
        }
        return schema == null ? null : schema.valueSchema();
    }
}
