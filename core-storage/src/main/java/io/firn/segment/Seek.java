package io.firn.segment;

import io.firn.record.RecordView;
import org.jspecify.annotations.Nullable;

/** What the next record of a cursor must be like. */
sealed interface Seek {
    /** Accepts every record. */
    Seek NOTHING = new Any();

    boolean accepts(RecordView record, SegmentContext context);

    /** Accepts every record. */
    record Any() implements Seek {
        @Override
        public boolean accepts(RecordView record, SegmentContext context) {
            return true;
        }
    }

    /** Accepts records at or above a timestamp. */
    record Timestamp(long timestampNs) implements Seek {
        @Override
        public boolean accepts(RecordView record, SegmentContext context) {
            return record.timestampNs() >= timestampNs;
        }
    }

    /** Accepts records at or above a sequence, of one lane or (null) of any. */
    record Sequence(@Nullable String lane, long sequence) implements Seek {
        @Override
        public boolean accepts(RecordView record, SegmentContext context) {
            return record.sequence() >= sequence && (lane == null || lane.equals(context.lane()));
        }
    }
}
