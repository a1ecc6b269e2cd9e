package io.firn.flink.sink;

import io.firn.table.RestoredAttempt;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The form of {@link WriterState} in checkpoints. Thread-safe; no state. */
final class WriterStateSerializer implements SimpleVersionedSerializer<WriterState> {
    private static final int VERSION = 2;
    /** Without the newest partition. */
    private static final int VERSION_1 = 1;

    private static final int START_BYTES = 128;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(WriterState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(START_BYTES);
        out.writeLong(state.tableId().getMostSignificantBits());
        out.writeLong(state.tableId().getLeastSignificantBits());
        RestoredAttempt attempt = state.attempt();
        out.writeUTF(attempt.writer());
        out.writeLong(attempt.prepared());
        out.writeLong(attempt.nextSequence());
        out.writeLong(attempt.checkpointId());
        out.writeInt(attempt.parallelism());
        out.writeBoolean(state.newestPartition().isPresent());
        if (state.newestPartition().isPresent()) {
            out.writeUTF(state.newestPartition().get());
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public WriterState deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION && version != VERSION_1) {
            throw new IOException(
                    "The checkpoint holds a writer state of version " + version + ", this version of Firn reads "
                            + VERSION_1 + " and " + VERSION + "; restore with the version that wrote it");
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        UUID tableId = new UUID(in.readLong(), in.readLong());
        RestoredAttempt attempt =
                new RestoredAttempt(in.readUTF(), in.readLong(), in.readLong(), in.readLong(), in.readInt());
        boolean hasNewest = version != VERSION_1 && in.readBoolean();
        return new WriterState(tableId, attempt, hasNewest ? Optional.of(in.readUTF()) : Optional.empty());
    }
}
