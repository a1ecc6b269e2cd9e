package io.firn.lifecycle;

import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import io.firn.record.TimestampType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A number that stands for a list of records in their order: two lists with equal digests hold the same records.
 *
 * <p>Covers lane, sequence, timestamp, types, key, headers and value of every record, and their order. It guards
 * against mistakes and damage, not against an attacker. Confined to one thread.
 */
final class RecordDigest {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final CRC32C crc = new CRC32C();
    private long count;
    private long chain;

    /** Adds a record to the end of the list. */
    void add(String lane, RecordView record) {
        long hash = mix(lane.hashCode());
        hash = mix(hash ^ record.sequence());
        hash = mix(hash ^ record.timestamp());
        hash = mix(hash ^ kindOf(record));
        hash = mix(hash ^ contentOf(record));
        chain = mix(chain ^ hash);
        count++;
    }

    /** Records so far. */
    long count() {
        return count;
    }

    /** Whether another list holds the same records. */
    boolean matches(RecordDigest other) {
        return count == other.count && chain == other.chain;
    }

    @Override
    public String toString() {
        return count + " records, digest " + Long.toHexString(chain);
    }

    /** Everything of fixed size; lengths are part of it, so that bytes cannot move from the key to the value. */
    private static long kindOf(RecordView record) {
        long kind = record.typeId();
        kind = kind * 3 + (record.inMillis() ? 1 : 0);
        kind = kind * 3 + (record.timestampType() == TimestampType.LOG_APPEND_TIME ? 1 : 0);
        kind = kind * MULTIPLIER + record.keyLength();
        kind = kind * MULTIPLIER + record.valueLength();
        return kind * MULTIPLIER + record.headerCount();
    }

    private long contentOf(RecordView record) {
        crc.reset();
        update(record.key());
        update(record.value());
        long content = crc.getValue();
        if (record.headerCount() > 0) {
            for (RecordHeader header : record.headers()) {
                content = mix(content ^ hashOf(header.name().getBytes(StandardCharsets.UTF_8)));
                content = mix(content ^ hashOf(header.value()));
            }
        }
        return content;
    }

    private void update(@Nullable ByteBuffer bytes) {
        if (bytes != null) {
            crc.update(bytes);
        }
    }

    private long hashOf(byte @Nullable [] bytes) {
        if (bytes == null) {
            return -1;
        }
        crc.reset();
        crc.update(bytes, 0, bytes.length);
        return ((long) bytes.length << Integer.SIZE) | crc.getValue();
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 32)) * MULTIPLIER;
        return mixed ^ (mixed >>> 29);
    }
}
