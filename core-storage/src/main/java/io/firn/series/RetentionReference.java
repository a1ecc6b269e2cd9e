package io.firn.series;

/** What the age of samples is measured from by retention. Thread-safe. */
public enum RetentionReference {
    /** The newest sample of the store. */
    NEWEST,
    /** The clock. */
    CLOCK,
    /** The earlier of both. */
    EARLIER
}
