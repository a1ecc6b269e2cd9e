package io.firn.lifecycle;

import io.firn.record.RecordView;
import io.firn.segment.SegmentContext;

/** Takes records one by one; the view shows the next record after the call. */
interface RecordSink {
    /** Takes a record of a lane and partition. */
    void accept(SegmentContext context, RecordView record);
}
