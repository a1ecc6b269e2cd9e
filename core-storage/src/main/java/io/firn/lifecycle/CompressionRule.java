package io.firn.lifecycle;

import io.firn.log.SegmentEntry;
import java.time.Instant;

/** Tells when hot files are compressed by themselves. */
interface CompressionRule {
    /** A run begins: what is known of reads is read anew, and a rule that cannot be loaded says so. */
    default void begin() {}

    /** Whether a hot file is to be compressed now. */
    boolean isDue(SegmentEntry segment, Instant now);

    /** Whether files are compressed as soon as they are made. */
    boolean isImmediate();
}
