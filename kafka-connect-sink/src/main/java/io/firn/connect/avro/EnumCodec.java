package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts of a fixed set, by their index.
 *
 * @param symbols the set
 */
record EnumCodec(List<String> symbols) implements ValueCodec {
    EnumCodec {
        symbols = List.copyOf(symbols);
    }

    @Override
    public void write(@Nullable Object value, AvroOutput out) {
        int index = value instanceof String text ? symbols.indexOf(text) : -1;
        if (index < 0) {
            throw ScalarCodec.mismatch("one of " + symbols, value);
        }
        out.writeLong(index);
    }

    @Override
    public String read(AvroInput in) {
        return symbols.get(in.readIndex(symbols.size()));
    }
}
