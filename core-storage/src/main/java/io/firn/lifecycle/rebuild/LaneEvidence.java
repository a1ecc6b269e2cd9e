package io.firn.lifecycle.rebuild;

import io.firn.log.Removal;
import io.firn.segment.SegmentContext;
import java.util.Optional;
import java.util.Set;

/** What is known of lanes whose logs are lost outside of their hot segments. */
interface LaneEvidence {
    /** Lanes of which records were rewritten or removed for ever. */
    Set<String> lanes();

    /** Different records of a lane that stand in files of the lifecycle, or were removed for ever. */
    long records(String lane);

    /**
     * How many of {@link #records} are known to lie below a position. Less than there are where nobody knows them one
     * by one.
     */
    long recordsBelow(String lane, long position);

    /** A position that a lane had committed: behind the last record that was rewritten or removed for ever. */
    long position(String lane);

    /** Records of a lane that were removed for ever, and of which no marker says where they stood. */
    long unmarked(String lane);

    /** What the catalog says was removed from a lane's segment. */
    Optional<Removal> removal(String path);

    /** Whether a segment without a removal was not rewritten. */
    boolean knowsRemovals();

    /** Whether a record of a lane's segment is one of {@link #records}. */
    boolean isRewritten(String path, SegmentContext context, long sequence);

    /**
     * Whether a record that is not rewritten has the sequence of one that is: its owner never committed it, a successor
     * wrote the sequence again into a file that is gone since.
     */
    boolean isReplaced(SegmentContext context, long sequence);
}
