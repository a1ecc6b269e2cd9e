package io.firn.table;

import java.time.Instant;

/** User code that decides whether a segment is to be compressed; see {@link CompressionPolicy#custom}. */
@FunctionalInterface
public interface SegmentRule {
    /** Whether a sealed hot segment is to be compressed now. An exception counts as no. */
    boolean isDue(SegmentInfo segment, Instant now);
}
