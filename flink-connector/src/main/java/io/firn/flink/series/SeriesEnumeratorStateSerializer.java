package io.firn.flink.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The form of {@link SeriesEnumeratorState} in checkpoints. Thread-safe; no state. */
final class SeriesEnumeratorStateSerializer implements SimpleVersionedSerializer<SeriesEnumeratorState> {
    private static final int START_BYTES = 1024;

    @Override
    public int getVersion() {
        return new SeriesSplitSerializer().getVersion();
    }

    @Override
    public byte[] serialize(SeriesEnumeratorState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(START_BYTES);
        out.writeBoolean(state.planned());
        out.writeInt(state.left().size());
        for (SeriesSplit split : state.left()) {
            SeriesSplitSerializer.write(split, out);
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public SeriesEnumeratorState deserialize(int version, byte[] bytes) throws IOException {
        SeriesSplitSerializer.requireVersion(version);
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        boolean planned = in.readBoolean();
        int count = in.readInt();
        List<SeriesSplit> left = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            left.add(SeriesSplitSerializer.read(in));
        }
        return new SeriesEnumeratorState(planned, left);
    }
}
