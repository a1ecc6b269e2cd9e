package io.firn.partition;

import io.firn.error.InvalidRecordException;
import io.firn.registry.WireFormat;
import io.firn.registry.WireSchemas;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Extracts fields from bytes in Confluent's wire format by the schema of their id, and from all others as another
 * extractor does.
 *
 * <p>Confined to one thread.
 */
final class WireFields implements FieldExtractor {
    private final WireSchemas schemas;
    private final FieldExtractor unframed;
    private final JsonFields json;
    private final AvroFields avro;

    WireFields(List<WantedField> fields, WireSchemas schemas, FieldExtractor unframed) {
        this.schemas = schemas;
        this.unframed = unframed;
        this.json = new JsonFields(fields);
        this.avro = new AvroFields(fields);
    }

    @Override
    public @Nullable String extract(byte[] bytes, FieldSink sink) {
        if (bytes.length == 0 || bytes[0] != WireFormat.MAGIC) {
            return unframed.extract(bytes, sink);
        }
        if (!WireFormat.isFramed(bytes)) {
            return "has " + bytes.length + " bytes, too few for the wire format";
        }
        int id = WireFormat.id(bytes);
        WireSchemas.Writer writer = schemas.byId(id);
        if (writer instanceof WireSchemas.Writer.Unreadable unreadable) {
            return unreadable.reason();
        }
        if (writer instanceof WireSchemas.Writer.Avro known) {
            return extract(known, id, bytes, sink);
        }
        return json.extract(Arrays.copyOfRange(bytes, WireFormat.HEADER_BYTES, bytes.length), sink);
    }

    private @Nullable String extract(WireSchemas.Writer.Avro known, int id, byte[] bytes, FieldSink sink) {
        try {
            avro.extract(known.schema(), bytes, WireFormat.HEADER_BYTES, sink);
            return null;
        } catch (InvalidRecordException e) {
            return "is not of its schema " + id + ": " + e.getMessage();
        }
    }
}
