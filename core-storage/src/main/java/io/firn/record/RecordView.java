package io.firn.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window onto the record that a cursor stands on; it shows another record after the cursor has moved.
 *
 * <p>Nothing is allocated by the primitive accessors and by {@link #key} and {@link #value}, whose buffers belong to
 * the view: they are read-only, positioned on the bytes, and valid until the cursor moves or closes. {@link #toRecord}
 * copies. Confined to the thread of its cursor.
 */
public interface RecordView {
    /** The timestamp in the unit that {@link #inMillis} names. */
    long timestamp();

    /** Whether {@link #timestamp} is in milliseconds rather than nanoseconds. */
    boolean inMillis();

    /**
     * The timestamp in nanoseconds since the epoch, saturated at the ends of the long range (only for comparing;
     * {@link #timestamp} is the exact one).
     */
    long timestampNs();

    /** Who set the timestamp. */
    TimestampType timestampType();

    /** The application's type id, 0 to 65535. */
    int typeId();

    /** The record's sequence in its lane (the Kafka offset in the Kafka sink). */
    long sequence();

    /** Length of the key in bytes, -1 when the record has none. */
    int keyLength();

    /** The key, null when the record has none. */
    @Nullable
    ByteBuffer key();

    /** Length of the value in bytes, -1 when the record has none. */
    int valueLength();

    /** The value, null when the record has none. */
    @Nullable
    ByteBuffer value();

    /** Number of headers. */
    int headerCount();

    /** The headers in their order, copied. */
    List<RecordHeader> headers();

    /** The whole record, copied. */
    StreamRecord toRecord();
}
