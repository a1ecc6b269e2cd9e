package io.firn.flink.source;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A part of a state in the form of its own serializer, under that one's version. Thread-safe; no state. */
final class NestedState {
    private NestedState() {}

    static <S> void write(SimpleVersionedSerializer<S> serializer, S part, DataOutputView out) throws IOException {
        byte[] bytes = serializer.serialize(part);
        out.writeInt(serializer.getVersion());
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static <S> S read(SimpleVersionedSerializer<S> serializer, DataInputView in) throws IOException {
        int version = in.readInt();
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return serializer.deserialize(version, bytes);
    }
}
