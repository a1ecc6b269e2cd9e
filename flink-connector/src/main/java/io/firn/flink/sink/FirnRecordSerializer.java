package io.firn.flink.sink;

import io.firn.record.StreamRecord;
import java.io.Serializable;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.jspecify.annotations.Nullable;

/**
 * Makes the archived record of an element. Confined to the thread of its writer.
 *
 * @param <T> type of the elements
 */
public interface FirnRecordSerializer<T> extends Serializable {
    /** Called once before the first element. */
    default void open(SerializationSchema.InitializationContext context) throws Exception {}

    /**
     * Makes the record.
     *
     * @param element the element
     * @param timestampMs event time of the element in milliseconds since the epoch, null when it has none
     * @return the record; null leaves the element out
     */
    @Nullable
    StreamRecord serialize(T element, @Nullable Long timestampMs);

    /**
     * Stores what a serialization schema makes as the record's value, under the element's event time in milliseconds;
     * elements without one get -1, as records without a timestamp have in Kafka.
     */
    static <T> FirnRecordSerializer<T> valueOnly(SerializationSchema<T> schema) {
        return new ValueSerializer<>(schema);
    }
}
