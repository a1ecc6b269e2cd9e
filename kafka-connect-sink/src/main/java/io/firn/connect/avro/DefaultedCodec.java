package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import org.jspecify.annotations.Nullable;

/**
 * A type without null whose schema has a default: Connect takes null for the default.
 *
 * @param defaultValue what is written for null
 * @param value the values
 */
record DefaultedCodec(Object defaultValue, ValueCodec value) implements ValueCodec {
    @Override
    public void write(@Nullable Object written, AvroOutput out) {
        value.write(written == null ? defaultValue : written, out);
    }

    @Override
    public @Nullable Object read(AvroInput in) {
        return value.read(in);
    }
}
