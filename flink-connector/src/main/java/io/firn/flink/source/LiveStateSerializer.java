package io.firn.flink.source;

import io.firn.flink.source.HandOver.Partition;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The form of {@link LiveState} in checkpoints; Flink's part stands in it as Flink writes it, under its own version.
 * Thread-safe; no state.
 */
final class LiveStateSerializer implements SimpleVersionedSerializer<LiveState> {
    static final int VERSION = 1;
    private static final int START_BYTES = 1024;

    private final SimpleVersionedSerializer<KafkaSourceEnumState> kafka;

    LiveStateSerializer(SimpleVersionedSerializer<KafkaSourceEnumState> kafka) {
        this.kafka = kafka;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(LiveState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(START_BYTES);
        writeHandOver(state.handOver(), out);
        NestedState.write(kafka, state.kafka(), out);
        return out.getCopyOfBuffer();
    }

    @Override
    public LiveState deserialize(int version, byte[] bytes) throws IOException {
        FirnSplitSerializer.requireVersion("hand-over", version, VERSION);
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        HandOver handOver = readHandOver(in);
        return new LiveState(handOver, NestedState.read(kafka, in));
    }

    private static void writeHandOver(HandOver handOver, DataOutputSerializer out) throws IOException {
        out.writeUTF(handOver.clusterId());
        out.writeInt(handOver.topics().size());
        for (Map.Entry<String, String> topic : new TreeMap<>(handOver.topics()).entrySet()) {
            out.writeUTF(topic.getKey());
            out.writeUTF(topic.getValue());
        }
        out.writeInt(handOver.offsets().size());
        for (Map.Entry<Partition, Long> offset : handOver.offsets().entrySet()) {
            out.writeUTF(offset.getKey().topic());
            out.writeInt(offset.getKey().number());
            out.writeLong(offset.getValue());
        }
    }

    private static HandOver readHandOver(DataInputDeserializer in) throws IOException {
        String clusterId = in.readUTF();
        Map<String, String> topics = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            topics.put(in.readUTF(), in.readUTF());
        }
        Map<Partition, Long> offsets = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            offsets.put(new Partition(in.readUTF(), in.readInt()), in.readLong());
        }
        return new HandOver(topics, clusterId, offsets);
    }
}
