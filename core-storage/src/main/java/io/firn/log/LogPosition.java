package io.firn.log;

/**
 * How far a log was read: two reads with equal positions saw the same state.
 *
 * @param epoch epoch of the log, 0 when there is none yet
 * @param lengthBytes length of its valid part in bytes
 */
public record LogPosition(long epoch, long lengthBytes) {
    /** Nothing was ever written. */
    public static final LogPosition NONE = new LogPosition(0, 0);

    /** Whether everything up to here is a part of the same log up to another position. */
    boolean isWithin(LogPosition other) {
        return epoch == other.epoch && lengthBytes <= other.lengthBytes;
    }
}
