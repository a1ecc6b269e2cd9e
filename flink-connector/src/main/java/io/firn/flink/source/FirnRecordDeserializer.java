package io.firn.flink.source;

import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.util.Collector;

/**
 * Makes elements of archived records. Called by the thread that reads, ahead of the task: an element that was handed
 * over must not be used again for the next record. Confined to that thread.
 *
 * @param <T> type of the elements
 */
public interface FirnRecordDeserializer<T> extends Serializable, ResultTypeQueryable<T> {
    /** Called once before the first record. */
    default void open(DeserializationSchema.InitializationContext context) throws Exception {}

    /**
     * Makes none, one or several elements of a record; all of them belong to the same checkpoint, and have the record's
     * timestamp.
     *
     * @param record the record; its buffers are valid until this method returns
     * @param place where it stands
     * @param out takes the elements
     */
    void deserialize(RecordView record, RecordPlace place, Collector<T> out) throws IOException;

    /** Whether no further element is wanted of a bounded source: its reader then leaves out the rest of its splits. */
    default boolean isSatisfied() {
        return false;
    }

    /** Gives a record's value to a deserialization schema; records without a value make no element. */
    static <T> FirnRecordDeserializer<T> valueOnly(DeserializationSchema<T> schema) {
        return new ValueDeserializer<>(schema);
    }

    /** Gives records as they are: key, headers in their order, value, timestamp, type id. */
    static FirnRecordDeserializer<StreamRecord> wholeRecords() {
        return new WholeRecords();
    }
}
