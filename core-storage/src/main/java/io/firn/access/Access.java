package io.firn.access;

/**
 * How a file was read.
 *
 * @param lastMs when it was last opened for reading, milliseconds since the epoch
 * @param count how often it was, at most once a minute for each process
 */
public record Access(long lastMs, long count) {
    /** Validates the count. */
    public Access {
        if (count < 0) {
            throw new IllegalArgumentException("negative count of reads: " + count);
        }
    }

    /** What both say together: the later time, and all reads. */
    Access plus(Access other) {
        return new Access(Math.max(lastMs, other.lastMs), count + other.count);
    }
}
