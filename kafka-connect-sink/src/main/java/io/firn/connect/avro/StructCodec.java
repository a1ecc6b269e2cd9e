package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Structs. A schema may contain itself: so the fields come after the object. Immutable once they are there. */
final class StructCodec implements ValueCodec {
    private final Schema schema;
    private final Field[] fields;
    private ValueCodec[] codecs = {};

    StructCodec(Schema schema) {
        this.schema = schema;
        this.fields = schema.fields().toArray(Field[]::new);
    }

    /** Gives the codecs of the fields, in their order; once. */
    void complete(List<ValueCodec> ofFields) {
        codecs = ofFields.toArray(ValueCodec[]::new);
    }

    @Override
    public void write(@Nullable Object value, AvroOutput out) {
        if (!(value instanceof Struct struct)) {
            throw ScalarCodec.mismatch("a struct", value);
        }
        if (struct.schema() != schema && !struct.schema().equals(schema)) {
            throw new DataException("expected a struct of schema " + schema.name() + ", found one of another schema "
                    + struct.schema().name());
        }
        out.enter();
        for (int i = 0; i < fields.length; i++) {
            String name = fields[i].name();
            try {
                codecs[i].write(struct.getWithoutDefault(name), out);
            } catch (DataException refused) {
                throw new DataException(name + ": " + refused.getMessage(), refused);
            }
        }
        out.leave();
    }

    @Override
    public Struct read(AvroInput in) {
        in.enter();
        Struct struct = new Struct(schema);
        for (int i = 0; i < fields.length; i++) {
            Object value = codecs[i].read(in);
            if (value != null) { // null where a schema has a default is legal, and put refuses it
                struct.put(fields[i], value);
            }
        }
        in.leave();
        return struct;
    }
}
