package io.firn.lifecycle;

import io.firn.record.RecordView;
import io.firn.segment.SegmentContext;

/** Decides which records of its inputs a rewrite keeps. Confined to one thread. */
interface RecordSieve {
    /** Keeps every record. */
    RecordSieve ALL = (context, record) -> true;

    /** Whether a record is kept; asked once for each record of the inputs, in the order in which they are read. */
    boolean keeps(SegmentContext context, RecordView record);
}
