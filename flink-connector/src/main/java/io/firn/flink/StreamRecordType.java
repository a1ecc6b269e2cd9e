package io.firn.flink;

import io.firn.record.StreamRecord;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Flink's type of a stream of whole records: key, headers in their order, value, timestamp and type id. Not a key.
 *
 * <p>Immutable; thread-safe.
 */
public final class StreamRecordType extends TypeInformation<StreamRecord> {
    private static final long serialVersionUID = 1L;

    /** The only instance that is needed; all are equal. */
    public static final StreamRecordType INSTANCE = new StreamRecordType();

    private StreamRecordType() {}

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<StreamRecord> getTypeClass() {
        return StreamRecord.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<StreamRecord> createSerializer(SerializerConfig config) {
        return StreamRecordSerializer.INSTANCE;
    }

    @Override
    public String toString() {
        return StreamRecord.class.getSimpleName();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamRecordType;
    }

    @Override
    public int hashCode() {
        return StreamRecordType.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof StreamRecordType;
    }
}
