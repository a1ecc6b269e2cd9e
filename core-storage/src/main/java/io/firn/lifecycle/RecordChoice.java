package io.firn.lifecycle;

import io.firn.log.LaneSegment;
import io.firn.log.SegmentEntry;
import io.firn.record.RecordView;
import io.firn.segment.SegmentContext;

/** Which records an erasure is about. Immutable; thread-safe. */
public sealed interface RecordChoice permits RecordKeys, LaneTails {
    /** Whether a record is one of them. */
    boolean contains(SegmentContext context, RecordView record);

    /** Whether some may stand in a segment of a lane, also in its part that was settled. */
    boolean mayBeIn(String lane, LaneSegment segment);

    /** Whether some may stand in a file of the catalog. */
    boolean mayBeIn(SegmentEntry file);

    /** Whether their bytes may stay nowhere: neither behind what is committed nor in files that nothing names. */
    boolean isConfidential();
}
