package io.firn.series;

import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record as a reader shows it, with any type and value. Immutable as long as nobody changes the array. */
final class ForgedRecord implements RecordView {
    private final int type;
    private final byte[] bytes;

    ForgedRecord(int type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    int type() {
        return type;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Copies the record on which a reader stands. */
    static ForgedRecord of(RecordView record) {
        byte[] value = record.toRecord().value();
        return new ForgedRecord(record.typeId(), value == null ? new byte[0] : value);
    }

    @Override
    public long timestamp() {
        return 0;
    }

    @Override
    public boolean inMillis() {
        return true;
    }

    @Override
    public long timestampNs() {
        return 0;
    }

    @Override
    public TimestampType timestampType() {
        return TimestampType.CREATE_TIME;
    }

    @Override
    public int typeId() {
        return type;
    }

    @Override
    public long sequence() {
        return 0;
    }

    @Override
    public int keyLength() {
        return -1;
    }

    @Override
    public @Nullable ByteBuffer key() {
        return null;
    }

    @Override
    public int valueLength() {
        return bytes.length;
    }

    @Override
    public ByteBuffer value() {
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public int headerCount() {
        return 0;
    }

    @Override
    public List<RecordHeader> headers() {
        return List.of();
    }

    @Override
    public StreamRecord toRecord() {
        return StreamRecord.atMillis(0).typeId(type).value(bytes).build();
    }
}
