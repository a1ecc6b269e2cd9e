package io.firn.segment;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds where to start looking for a sequence, from context directory and sparse index: sequences of one lane ascend
 * within a segment. Thread-safe: no state.
 */
final class SequenceSeek {
    private SequenceSeek() {}

    static boolean hasOneLane(SegmentFooter footer) {
        return footer.summary().contexts().stream()
                        .map(each -> each.context().lane())
                        .distinct()
                        .limit(2)
                        .count()
                <= 1;
    }

    /** The offset to start at; {@code lane} is null when there is only one. */
    static long offset(SegmentFooter footer, @Nullable String lane, long sequence) {
        BitSet ofLane = new BitSet();
        long from = Long.MAX_VALUE;
        for (ContextSummary each : footer.summary().contexts()) {
            boolean matches = lane == null || lane.equals(each.context().lane());
            if (matches && each.recordCount() > 0) {
                ofLane.set(each.context().ref());
                boolean mayHold = each.sequences().last() >= sequence;
                from = mayHold ? Math.min(from, each.firstOffset()) : from;
            }
        }
        return from == Long.MAX_VALUE
                ? footer.summary().dataEnd()
                : footer.index().offsetForSequence(from, ofLane, sequence);
    }
}
