package io.firn.lifecycle.rebuild;

import io.firn.log.LaneRange;
import io.firn.log.SegmentEntry;

/**
 * A file of the lifecycle that was found while a catalog is rebuilt.
 *
 * @param number its catalog number
 * @param entry what the catalog would say of it
 */
record RebuiltFile(long number, SegmentEntry entry) {
    /** Whether the two may hold the same record. */
    boolean mayShare(RebuiltFile other) {
        return entry.partitionPath().equals(other.entry.partitionPath())
                && entry.lanes().stream()
                        .anyMatch(range -> other.entry
                                .range(range.lane())
                                .filter(its -> overlap(range, its))
                                .isPresent());
    }

    private static boolean overlap(LaneRange one, LaneRange other) {
        return one.firstSequence() <= other.lastSequence() && other.firstSequence() <= one.lastSequence();
    }
}
