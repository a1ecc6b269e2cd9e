package io.firn.connect.avro;

import io.firn.error.InvalidRecordException;
import io.firn.schema.TableSchemas;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Encodes keys, values and header values for a table: Avro's single-object encoding, the schema kept in the table.
 *
 * <p>A schema is durable before the first value that refers to it is returned. Confined to one thread.
 */
public final class StructuredEncoder {
    private final TableSchemas schemas;
    private final AvroOutput out = new AvroOutput();
    private final BySchema<Encoding> encodings = new BySchema<>(this::make);

    private record Encoding(long fingerprint, ValueCodec codec) {}

    /** Creates an encoder of values of a table. */
    public StructuredEncoder(TableSchemas schemas) {
        this.schemas = schemas;
    }

    /**
     * Encodes a value; null without a schema stays null.
     *
     * @throws InvalidRecordException when the value does not fit its schema, or Avro has no form of it
     * @throws io.firn.error.StorageIoException when a new schema could not be stored
     */
    public byte @Nullable [] encode(@Nullable Schema schema, @Nullable Object value) {
        if (schema == null && value == null) {
            return null;
        }
        try {
            Encoding encoding = encodings.get(schema);
            out.clear();
            out.writeByte(StructuredValues.MARK_0);
            out.writeByte(StructuredValues.MARK_1);
            out.writeFixed(encoding.fingerprint(), Long.BYTES);
            encoding.codec().write(value, out);
            return out.toByteArray();
        } catch (DataException | AvroRuntimeException refused) {
            throw new InvalidRecordException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private Encoding make(@Nullable Schema schema) {
        org.apache.avro.Schema avro = SchemaToAvro.exact(schema);
        String text = avro.toString();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new DataException("a schema has a text with half a surrogate pair, which UTF-8 cannot express");
        }
        return new Encoding(schemas.keep(text), Codecs.of(schema, avro));
    }
}
