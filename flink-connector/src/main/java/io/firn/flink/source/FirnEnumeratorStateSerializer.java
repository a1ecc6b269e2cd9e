package io.firn.flink.source;

import io.firn.flink.source.FirnEnumeratorState.LaneMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The form of {@link FirnEnumeratorState} in checkpoints. Thread-safe; no state. */
final class FirnEnumeratorStateSerializer implements SimpleVersionedSerializer<FirnEnumeratorState> {
    static final int VERSION = 2;
    /** Says only by its marks whether the job has an end. */
    private static final int VERSION_1 = 1;

    private static final int START_BYTES = 1024;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(FirnEnumeratorState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(START_BYTES);
        out.writeBoolean(state.tableId().isPresent());
        if (state.tableId().isPresent()) {
            FirnSplitSerializer.writeId(state.tableId().get(), out);
        }
        out.writeInt(state.lanes().size());
        for (LaneMark lane : state.lanes()) {
            out.writeUTF(lane.writer());
            out.writeLong(lane.nextSequence());
            out.writeLong(lane.endSequence());
            out.writeBoolean(lane.inHistory());
        }
        out.writeInt(state.unassigned().size());
        for (FirnSplit split : state.unassigned()) {
            FirnSplitSerializer.write(split, out);
        }
        out.writeBoolean(state.unbounded());
        return out.getCopyOfBuffer();
    }

    @Override
    public FirnEnumeratorState deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION_1) {
            FirnSplitSerializer.requireVersion("enumerator", version, VERSION);
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        Optional<UUID> tableId = in.readBoolean() ? Optional.of(FirnSplitSerializer.readId(in)) : Optional.empty();
        List<LaneMark> lanes = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            lanes.add(new LaneMark(in.readUTF(), in.readLong(), in.readLong(), in.readBoolean()));
        }
        List<FirnSplit> unassigned = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            unassigned.add(FirnSplitSerializer.read(in));
        }
        boolean unbounded = version == VERSION_1 ? FirnEnumeratorState.followsAny(lanes) : in.readBoolean();
        return new FirnEnumeratorState(tableId, unbounded, lanes, unassigned);
    }
}
