package io.firn.flink.source;

import io.firn.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.Collector;

/** Deserializes values. Confined to the thread that reads. */
final class ValueDeserializer<T> implements FirnRecordDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final DeserializationSchema<T> schema;

    ValueDeserializer(DeserializationSchema<T> schema) {
        this.schema = schema;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) throws Exception {
        schema.open(context);
    }

    @Override
    public void deserialize(RecordView record, RecordPlace place, Collector<T> out) throws IOException {
        ByteBuffer value = record.value();
        if (value != null) {
            byte[] bytes = new byte[value.remaining()];
            value.get(bytes);
            schema.deserialize(bytes, out);
        }
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return schema.getProducedType();
    }
}
