package io.firn.log;

import java.util.List;

/**
 * One commit of a lane: what becomes visible at once.
 *
 * @param position the next sequence that is not committed
 * @param touched segments that grew or were rolled, with their new committed lengths
 * @param gaps sequences that will never come, since the last commit
 */
public record LaneCommit(long position, List<LaneSegment> touched, List<Gap> gaps) {
    /** Copies the lists. */
    public LaneCommit {
        touched = List.copyOf(touched);
        gaps = List.copyOf(gaps);
    }
}
