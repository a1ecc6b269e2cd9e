package io.firn.connect.avro;

import io.firn.error.InvalidRecordException;
import io.firn.registry.AvroInput;
import io.firn.schema.TableSchemas;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what {@link StructuredEncoder} made to an equal schema and value; bytes come back as an array.
 *
 * <p>Confined to one thread.
 */
public final class StructuredDecoder {
    private static final int MAX_SCHEMAS = 1_000;

    private final TableSchemas schemas;
    private final Map<Long, Decoding> byFingerprint = new HashMap<>();

    private record Decoding(@Nullable Schema schema, ValueCodec codec) {}

    /** Creates a decoder of values of a table. */
    public StructuredDecoder(TableSchemas schemas) {
        this.schemas = schemas;
    }

    /**
     * Decodes a value; null becomes null without a schema.
     *
     * @throws DataException when the bytes are not of this form, or the table does not have their schema
     * @throws io.firn.error.CorruptDataException when the file of the schema is damaged
     */
    public SchemaAndValue decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            return SchemaAndValue.NULL;
        }
        if (bytes.length < StructuredValues.HEADER_BYTES
                || bytes[0] != StructuredValues.MARK_0
                || bytes[1] != StructuredValues.MARK_1) {
            throw new DataException("expected a value that begins with C3 01 and the fingerprint of its schema, found "
                    + bytes.length + " other bytes");
        }
        Decoding decoding = decoding(fingerprint(bytes));
        AvroInput in = new AvroInput(bytes, StructuredValues.HEADER_BYTES);
        try {
            Object value = decoding.codec().read(in);
            in.requireEnd();
            return new SchemaAndValue(decoding.schema(), value);
        } catch (AvroRuntimeException | InvalidRecordException damaged) {
            throw new DataException(String.valueOf(damaged.getMessage()), damaged);
        }
    }

    private static long fingerprint(byte[] bytes) {
        long fingerprint = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            fingerprint |= (bytes[2 + i] & 0xFFL) << (i * Byte.SIZE);
        }
        return fingerprint;
    }

    private Decoding decoding(long fingerprint) {
        Decoding known = byFingerprint.get(fingerprint);
        if (known == null) {
            known = make(fingerprint);
            if (byFingerprint.size() >= MAX_SCHEMAS) {
                byFingerprint.clear();
            }
            byFingerprint.put(fingerprint, known);
        }
        return known;
    }

    private Decoding make(long fingerprint) {
        String text = schemas.find(fingerprint)
                .orElseThrow(() -> new DataException("the table has no schema " + schemas.path(fingerprint)
                        + ", by which the value was written; restore the file from a copy of the table"));
        try {
            org.apache.avro.Schema avro = new org.apache.avro.Schema.Parser().parse(text);
            Schema schema = SchemaFromAvro.translate(avro);
            return new Decoding(schema, Codecs.of(schema, avro));
        } catch (AvroRuntimeException damaged) {
            throw new DataException(
                    "cannot read the schema " + schemas.path(fingerprint) + ": " + damaged.getMessage(), damaged);
        }
    }
}
