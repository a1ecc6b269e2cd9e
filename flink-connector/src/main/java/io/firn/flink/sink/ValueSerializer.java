package io.firn.flink.sink;

import io.firn.record.StreamRecord;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.jspecify.annotations.Nullable;

/** Stores what a serialization schema makes. Confined to the thread of its writer. */
final class ValueSerializer<T> implements FirnRecordSerializer<T> {
    private static final long serialVersionUID = 1L;
    private static final long NO_TIMESTAMP = -1;

    private final SerializationSchema<T> schema;

    ValueSerializer(SerializationSchema<T> schema) {
        this.schema = schema;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) throws Exception {
        schema.open(context);
    }

    @Override
    public StreamRecord serialize(T element, @Nullable Long timestampMs) {
        return StreamRecord.atMillis(timestampMs == null ? NO_TIMESTAMP : timestampMs)
                .value(schema.serialize(element))
                .build();
    }
}
