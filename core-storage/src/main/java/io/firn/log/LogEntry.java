package io.firn.log;

import java.util.Objects;

/**
 * One frame of a log: its place and its payload. Immutable by convention (the array is not copied); thread-safe.
 */
final class LogEntry {
    private final long offset;
    private final byte[] payload;

    LogEntry(long offset, byte[] payload) {
        this.offset = offset;
        this.payload = Objects.requireNonNull(payload);
    }

    /** Offset of the frame in the log file in bytes. */
    long offset() {
        return offset;
    }

    byte[] payload() {
        return payload;
    }
}
