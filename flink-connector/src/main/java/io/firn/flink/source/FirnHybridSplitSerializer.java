package io.firn.flink.source;

import java.io.IOException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The form of {@link FirnHybridSplit} in checkpoints. Thread-safe; no state. */
final class FirnHybridSplitSerializer implements SimpleVersionedSerializer<FirnHybridSplit> {
    static final int VERSION = 1;
    private static final int START_BYTES = 256;

    private final SimpleVersionedSerializer<FirnSplit> archived;
    private final SimpleVersionedSerializer<KafkaPartitionSplit> live;

    FirnHybridSplitSerializer(
            SimpleVersionedSerializer<FirnSplit> archived, SimpleVersionedSerializer<KafkaPartitionSplit> live) {
        this.archived = archived;
        this.live = live;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(FirnHybridSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(START_BYTES);
        if (split instanceof FirnHybridSplit.Live kafka) {
            out.writeBoolean(true);
            NestedState.write(live, kafka.split(), out);
        } else {
            out.writeBoolean(false);
            NestedState.write(archived, ((FirnHybridSplit.Archived) split).split(), out);
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public FirnHybridSplit deserialize(int version, byte[] bytes) throws IOException {
        FirnSplitSerializer.requireVersion("split", version, VERSION);
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        boolean isLive = in.readBoolean();
        return isLive
                ? new FirnHybridSplit.Live(NestedState.read(live, in))
                : new FirnHybridSplit.Archived(NestedState.read(archived, in));
    }
}
