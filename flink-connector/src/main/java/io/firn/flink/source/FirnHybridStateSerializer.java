package io.firn.flink.source;

import java.io.IOException;
import java.util.Optional;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The form of {@link FirnHybridState} in checkpoints. Thread-safe; no state. */
final class FirnHybridStateSerializer implements SimpleVersionedSerializer<FirnHybridState> {
    static final int VERSION = 1;
    private static final int START_BYTES = 1024;

    private final SimpleVersionedSerializer<FirnEnumeratorState> archive;
    private final SimpleVersionedSerializer<LiveState> live;

    FirnHybridStateSerializer(
            SimpleVersionedSerializer<FirnEnumeratorState> archive, SimpleVersionedSerializer<LiveState> live) {
        this.archive = archive;
        this.live = live;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(FirnHybridState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(START_BYTES);
        NestedState.write(archive, state.archive(), out);
        out.writeBoolean(state.live().isPresent());
        if (state.live().isPresent()) {
            NestedState.write(live, state.live().get(), out);
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public FirnHybridState deserialize(int version, byte[] bytes) throws IOException {
        FirnSplitSerializer.requireVersion("enumerator", version, VERSION);
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        FirnEnumeratorState archived = NestedState.read(archive, in);
        boolean isLive = in.readBoolean();
        return new FirnHybridState(archived, isLive ? Optional.of(NestedState.read(live, in)) : Optional.empty());
    }
}
