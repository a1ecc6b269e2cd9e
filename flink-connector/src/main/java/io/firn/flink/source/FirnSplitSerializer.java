package io.firn.flink.source;

import java.io.IOException;
import java.util.UUID;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/** The form of {@link FirnSplit} in checkpoints. Thread-safe; no state. */
final class FirnSplitSerializer implements SimpleVersionedSerializer<FirnSplit> {
    static final int VERSION = 1;
    private static final int START_BYTES = 192;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(FirnSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(START_BYTES);
        write(split, out);
        return out.getCopyOfBuffer();
    }

    @Override
    public FirnSplit deserialize(int version, byte[] bytes) throws IOException {
        requireVersion("split", version, VERSION);
        return read(new DataInputDeserializer(bytes));
    }

    static void requireVersion(String what, int found, int expected) throws IOException {
        if (found != expected) {
            throw new IOException("The checkpoint holds a source " + what + " of version " + found
                    + ", this version of Firn reads " + expected + "; restore with the version that wrote it");
        }
    }

    static void write(FirnSplit split, DataOutputView out) throws IOException {
        writeId(split.tableId(), out);
        out.writeUTF(split.plannedOn());
        out.writeUTF(split.writer());
        out.writeLong(split.firstSequence());
        out.writeLong(split.nextSequence());
        out.writeLong(split.endSequence());
        out.writeLong(split.historyEnd());
        out.writeLong(split.minTimestampNs());
        out.writeUTF(split.choice().where());
        out.writeLong(split.choice().fromNs());
        out.writeLong(split.choice().toNs());
    }

    static FirnSplit read(DataInputView in) throws IOException {
        return new FirnSplit(
                readId(in),
                in.readUTF(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                new ReadChoice(in.readUTF(), in.readLong(), in.readLong()));
    }

    static void writeId(UUID id, DataOutputView out) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    static UUID readId(DataInputView in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }
}
