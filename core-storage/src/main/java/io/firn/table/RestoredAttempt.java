package io.firn.table;

import io.firn.log.LaneName;
import io.firn.log.PendingCommit.RetiredAttempt;

/**
 * What a checkpoint knows of a writer attempt that wrote when it was made.
 *
 * @param writer name of the attempt
 * @param prepared number of its last prepared commit, 0 when there is none
 * @param nextSequence the sequence behind that commit: whatever the attempt wrote later begins here
 * @param checkpointId id of the checkpoint; ids ascend during the life of an attempt
 * @param parallelism subtasks that wrote then
 */
public record RestoredAttempt(String writer, long prepared, long nextSequence, long checkpointId, int parallelism) {
    /** What the next attempt's first commit says of this one. */
    public RetiredAttempt retired() {
        return new RetiredAttempt(writer, prepared);
    }

    /** Directory name of its lane. */
    String lane() {
        return LaneName.encode(writer);
    }
}
