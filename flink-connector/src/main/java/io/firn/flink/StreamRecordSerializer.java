package io.firn.flink;

import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * The form of a record between tasks and in Flink's state: i64 timestamp, u8 flags (1 milliseconds, 2 log append time),
 * u16 type id, then key, i32 number of headers, each with name and value, and value; bytes follow their i32 length,
 * which is -1 for null.
 *
 * <p>Thread-safe; no state.
 */
public final class StreamRecordSerializer extends TypeSerializerSingleton<StreamRecord> {
    private static final long serialVersionUID = 1L;
    private static final int MILLIS = 1;
    private static final int LOG_APPEND = 2;
    private static final int NULL = -1;
    private static final int VARIABLE_LENGTH = -1;
    private static final StreamRecord EMPTY = StreamRecord.atMillis(0).build();

    /** The instance. */
    public static final StreamRecordSerializer INSTANCE = new StreamRecordSerializer();

    private StreamRecordSerializer() {}

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public StreamRecord createInstance() {
        return EMPTY;
    }

    @Override
    public StreamRecord copy(StreamRecord from) {
        return from;
    }

    @Override
    public StreamRecord copy(StreamRecord from, StreamRecord reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return VARIABLE_LENGTH;
    }

    @Override
    public void serialize(StreamRecord record, DataOutputView target) throws IOException {
        target.writeLong(record.timestamp());
        int millis = record.inMillis() ? MILLIS : 0;
        int logAppend = record.timestampType() == TimestampType.LOG_APPEND_TIME ? LOG_APPEND : 0;
        target.writeByte(millis | logAppend);
        target.writeShort(record.typeId());
        writeBytes(record.key(), target);
        target.writeInt(record.headers().size());
        for (RecordHeader header : record.headers()) {
            writeBytes(header.name().getBytes(StandardCharsets.UTF_8), target);
            writeBytes(header.value(), target);
        }
        writeBytes(record.value(), target);
    }

    @Override
    public StreamRecord deserialize(DataInputView source) throws IOException {
        long timestamp = source.readLong();
        int flags = source.readUnsignedByte();
        boolean millis = (flags & MILLIS) != 0;
        boolean logAppend = (flags & LOG_APPEND) != 0;
        return (millis ? StreamRecord.atMillis(timestamp) : StreamRecord.atNanos(timestamp))
                .timestampType(logAppend ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME)
                .typeId(source.readUnsignedShort())
                .key(readBytes(source))
                .headers(readHeaders(source))
                .value(readBytes(source))
                .build();
    }

    @Override
    public StreamRecord deserialize(StreamRecord reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<StreamRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    private static List<RecordHeader> readHeaders(DataInputView source) throws IOException {
        int count = source.readInt();
        if (count == 0) {
            return List.of();
        }
        List<RecordHeader> headers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] name = readBytes(source);
            if (name == null) {
                throw new IOException("Header " + i + " of " + count + " has no name: these bytes are no record");
            }
            headers.add(new RecordHeader(new String(name, StandardCharsets.UTF_8), readBytes(source)));
        }
        return headers;
    }

    private static void writeBytes(byte @Nullable [] bytes, DataOutputView target) throws IOException {
        if (bytes == null) {
            target.writeInt(NULL);
        } else {
            target.writeInt(bytes.length);
            target.write(bytes);
        }
    }

    private static byte @Nullable [] readBytes(DataInputView source) throws IOException {
        int length = source.readInt();
        if (length == NULL) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        return bytes;
    }

    /** Says in Flink's state which serializer wrote it. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<StreamRecord> {
        /** For Flink. */
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
