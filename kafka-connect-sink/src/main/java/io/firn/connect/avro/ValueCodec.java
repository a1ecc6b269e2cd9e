package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the values of one schema.
 *
 * <p>What does not fit the schema is an {@link org.apache.kafka.connect.errors.DataException}, and damaged bytes are an
 * {@link io.firn.error.InvalidRecordException}. Implementations are immutable and thread-safe.
 */
public interface ValueCodec {
    /** Writes a value in the form that Connect has it. */
    void write(@Nullable Object value, AvroOutput out);

    /** Reads a value. */
    @Nullable
    Object read(AvroInput in);
}
