package io.firn.record;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as an application gives it to a writer and gets it back from a reader when it wants an object of its own.
 *
 * <p>The timestamp is exact in its own unit: milliseconds when {@link #inMillis} (Kafka), else nanoseconds. Arrays are
 * shared, not copied: do not change them. Immutable; thread-safe.
 */
public final class StreamRecord {
    /** Highest type id. */
    public static final int MAX_TYPE_ID = 65_535;

    private final long timestamp;
    private final boolean inMillis;
    private final TimestampType timestampType;
    private final int typeId;
    private final byte @Nullable [] key;
    private final List<RecordHeader> headers;
    private final byte @Nullable [] value;

    private StreamRecord(Builder builder) {
        this.timestamp = builder.timestamp;
        this.inMillis = builder.inMillis;
        this.timestampType = builder.timestampType;
        this.typeId = builder.typeId;
        this.key = builder.key;
        this.headers = builder.headers;
        this.value = builder.value;
    }

    /** Starts a record with a timestamp in nanoseconds since the epoch (any long; before 1970 is negative). */
    public static Builder atNanos(long timestampNs) {
        return new Builder(timestampNs, false);
    }

    /** Starts a record with a timestamp in milliseconds since the epoch (any long; Kafka's -1 is kept as it is). */
    public static Builder atMillis(long timestampMs) {
        return new Builder(timestampMs, true);
    }

    /** The timestamp in the unit that {@link #inMillis} names. */
    public long timestamp() {
        return timestamp;
    }

    /** Whether {@link #timestamp} is in milliseconds rather than nanoseconds. */
    public boolean inMillis() {
        return inMillis;
    }

    /** Who set the timestamp. */
    public TimestampType timestampType() {
        return timestampType;
    }

    /** The application's type id, 0 to 65535. */
    public int typeId() {
        return typeId;
    }

    /** The key's bytes, null when there is none. */
    public byte @Nullable [] key() {
        return key;
    }

    /** The headers in their order. */
    public List<RecordHeader> headers() {
        return headers;
    }

    /** The value's bytes, null when there is none (a tombstone). */
    public byte @Nullable [] value() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamRecord that
                && timestamp == that.timestamp
                && inMillis == that.inMillis
                && timestampType == that.timestampType
                && typeId == that.typeId
                && Arrays.equals(key, that.key)
                && headers.equals(that.headers)
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return (Long.hashCode(timestamp) * 31 + Arrays.hashCode(key)) * 31 + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "StreamRecord[timestamp=" + timestamp + (inMillis ? " ms" : " ns") + ", type=" + typeId + ", key="
                + describe(key) + ", headers=" + headers + ", value=" + describe(value) + "]";
    }

    private static String describe(byte @Nullable [] bytes) {
        return bytes == null ? "null" : bytes.length + " bytes";
    }

    /** Builds a record; everything but the timestamp is optional. Confined to one thread. */
    public static final class Builder {
        private final long timestamp;
        private final boolean inMillis;
        private TimestampType timestampType = TimestampType.CREATE_TIME;
        private int typeId;
        private byte @Nullable [] key;
        private List<RecordHeader> headers = List.of();
        private byte @Nullable [] value;

        private Builder(long timestamp, boolean inMillis) {
            this.timestamp = timestamp;
            this.inMillis = inMillis;
        }

        /** Who set the timestamp; default {@link TimestampType#CREATE_TIME}. */
        public Builder timestampType(TimestampType type) {
            this.timestampType = type;
            return this;
        }

        /** The application's type id, 0 to 65535; default 0. */
        public Builder typeId(int id) {
            if (id < 0 || id > MAX_TYPE_ID) {
                throw new IllegalArgumentException("typeId " + id + " is not in 0.." + MAX_TYPE_ID);
            }
            this.typeId = id;
            return this;
        }

        /** The key's bytes; default null. */
        public Builder key(byte @Nullable [] bytes) {
            this.key = bytes;
            return this;
        }

        /** The headers in order; default none. */
        public Builder headers(List<RecordHeader> list) {
            this.headers = List.copyOf(list);
            return this;
        }

        /** The value's bytes; default null. */
        public Builder value(byte @Nullable [] bytes) {
            this.value = bytes;
            return this;
        }

        /** Builds the record. */
        public StreamRecord build() {
            return new StreamRecord(this);
        }
    }
}
