package io.firn.record;

/** Conversions between the units of timestamps. Thread-safe: no state. */
public final class Timestamps {
    private static final long NONE_MS = -1;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MAX_EXACT_MS = Long.MAX_VALUE / NANOS_PER_MILLI;
    private static final long MIN_EXACT_MS = Long.MIN_VALUE / NANOS_PER_MILLI;

    private Timestamps() {}

    /** Whether a record has a timestamp; Kafka's -1 ms says that it has none. */
    public static boolean isPresent(StreamRecord record) {
        return !record.inMillis() || record.timestamp() != NONE_MS;
    }

    /** How many units of a record's timestamp make a second. */
    public static long unitsPerSecond(StreamRecord record) {
        return record.inMillis() ? MILLIS_PER_SECOND : NANOS_PER_SECOND;
    }

    /** Milliseconds as nanoseconds, saturated at the ends of the long range: for comparing, never for storing. */
    public static long saturatedNs(long timestampMs) {
        if (timestampMs > MAX_EXACT_MS) {
            return Long.MAX_VALUE;
        }
        return timestampMs < MIN_EXACT_MS ? Long.MIN_VALUE : timestampMs * NANOS_PER_MILLI;
    }

    /** The timestamp of a record in nanoseconds, saturated: for comparing, never for storing. */
    public static long saturatedNs(StreamRecord record) {
        return record.inMillis() ? saturatedNs(record.timestamp()) : record.timestamp();
    }
}
