package io.firn.flink.source;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a checkpoint keeps of the enumerator: a mark for each writer of the table, and splits that have no reader. It
 * does not grow with what was read.
 *
 * @param tableId the table, empty until it was planned
 * @param unbounded whether the table was given out without an end, as it was then and as it grows
 * @param lanes the marks
 * @param unassigned splits that no reader has, or that a failed one gave back
 */
public record FirnEnumeratorState(
        Optional<UUID> tableId, boolean unbounded, List<LaneMark> lanes, List<FirnSplit> unassigned) {
    /** Before anything was planned. */
    static final FirnEnumeratorState NEW = new FirnEnumeratorState(Optional.empty(), false, List.of(), List.of());

    /** Copies the lists. */
    public FirnEnumeratorState {
        lanes = List.copyOf(lanes);
        unassigned = List.copyOf(unassigned);
    }

    /** Whether a job follows writers without an end, as far as their marks say: not without any writer. */
    static boolean followsAny(List<LaneMark> lanes) {
        return lanes.stream().anyMatch(lane -> lane.endSequence() == Long.MAX_VALUE);
    }

    /**
     * How far a writer's records were given out in splits.
     *
     * @param writer name of the writer
     * @param nextSequence first sequence that is in no split yet
     * @param endSequence where the job ends, exclusive; {@link Long#MAX_VALUE} when it follows the writer
     * @param inHistory whether a reader still reads what was committed before the job started
     */
    public record LaneMark(String writer, long nextSequence, long endSequence, boolean inHistory) {}
}
