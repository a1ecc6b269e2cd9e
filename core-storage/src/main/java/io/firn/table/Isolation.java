package io.firn.table;

/** Which records a reader sees. */
public enum Isolation {
    /** Records of commits that are durable; what was seen once is never taken back. The default. */
    READ_COMMITTED,
    /** Also records that a live writer has appended and not committed yet; a crash or rollback withdraws those. */
    READ_UNCOMMITTED
}
