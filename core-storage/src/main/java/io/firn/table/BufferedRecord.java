package io.firn.table;

import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import io.firn.record.TimestampType;
import io.firn.record.Timestamps;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record that was copied out of its segment, as a view. Confined to one thread. */
final class BufferedRecord implements RecordView {
    /** What a copied record costs beside its bytes. */
    private static final int OVERHEAD_BYTES = 160;

    private final long sequence;
    private final StreamRecord record;
    private final String partitionPath;

    BufferedRecord(long sequence, StreamRecord record, String partitionPath) {
        this.sequence = sequence;
        this.record = record;
        this.partitionPath = partitionPath;
    }

    String partitionPath() {
        return partitionPath;
    }

    @Override
    public long timestamp() {
        return record.timestamp();
    }

    @Override
    public boolean inMillis() {
        return record.inMillis();
    }

    @Override
    public long timestampNs() {
        return Timestamps.saturatedNs(record);
    }

    @Override
    public TimestampType timestampType() {
        return record.timestampType();
    }

    @Override
    public int typeId() {
        return record.typeId();
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public int keyLength() {
        byte[] key = record.key();
        return key == null ? -1 : key.length;
    }

    @Override
    public @Nullable ByteBuffer key() {
        return view(record.key());
    }

    @Override
    public int valueLength() {
        byte[] value = record.value();
        return value == null ? -1 : value.length;
    }

    @Override
    public @Nullable ByteBuffer value() {
        return view(record.value());
    }

    @Override
    public int headerCount() {
        return record.headers().size();
    }

    @Override
    public List<RecordHeader> headers() {
        return record.headers();
    }

    @Override
    public StreamRecord toRecord() {
        return record;
    }

    /** What a copy of a record takes of the heap, about. */
    static long sizeOf(RecordView view) {
        return OVERHEAD_BYTES + Math.max(0, view.keyLength()) + Math.max(0, view.valueLength()) + headersSizeOf(view);
    }

    private static long headersSizeOf(RecordView view) {
        if (view.headerCount() == 0) {
            return 0;
        }
        long size = 0;
        for (RecordHeader header : view.headers()) {
            byte[] value = header.value();
            size += OVERHEAD_BYTES + header.name().length() + (value == null ? 0 : value.length);
        }
        return size;
    }

    private static @Nullable ByteBuffer view(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
}
