package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import org.jspecify.annotations.Nullable;

/**
 * A union of null and one other type.
 *
 * @param nullBranch index of null in the union
 * @param valueBranch index of the other type
 * @param value its values
 */
record NullableCodec(int nullBranch, int valueBranch, ValueCodec value) implements ValueCodec {
    @Override
    public void write(@Nullable Object written, AvroOutput out) {
        out.writeLong(written == null ? nullBranch : valueBranch);
        if (written != null) {
            value.write(written, out);
        }
    }

    @Override
    public @Nullable Object read(AvroInput in) {
        return in.readIndex(2) == nullBranch ? null : value.read(in);
    }
}
