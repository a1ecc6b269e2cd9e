package io.firn.flink.series;

import io.firn.flink.series.SeriesSplit.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/** The form of {@link SeriesSplit} in checkpoints. Thread-safe; no state. */
final class SeriesSplitSerializer implements SimpleVersionedSerializer<SeriesSplit> {
    private static final int VERSION = 1;
    private static final int START_BYTES = 128;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(SeriesSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(START_BYTES);
        write(split, out);
        return out.getCopyOfBuffer();
    }

    @Override
    public SeriesSplit deserialize(int version, byte[] bytes) throws IOException {
        requireVersion(version);
        return read(new DataInputDeserializer(bytes));
    }

    static void requireVersion(int found) throws IOException {
        if (found != VERSION) {
            throw new IOException("The checkpoint holds state of a source of series of version " + found
                    + ", this version of Firn reads " + VERSION + "; restore with the version that wrote it");
        }
    }

    static void write(SeriesSplit split, DataOutputView out) throws IOException {
        out.writeUTF(split.splitId());
        out.writeLong(split.from());
        out.writeLong(split.to());
        out.writeBoolean(split.position().isPresent());
        if (split.position().isPresent()) {
            Position position = split.position().get();
            out.writeLong(position.timestamp());
            out.writeInt(position.labels().size());
            for (String text : position.labels()) {
                out.writeUTF(text);
            }
        }
    }

    static SeriesSplit read(DataInputView in) throws IOException {
        String id = in.readUTF();
        long from = in.readLong();
        long to = in.readLong();
        if (!in.readBoolean()) {
            return new SeriesSplit(id, from, to, Optional.empty());
        }
        long timestamp = in.readLong();
        int count = in.readInt();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels.add(in.readUTF());
        }
        return new SeriesSplit(id, from, to, Optional.of(new Position(labels, timestamp)));
    }
}
