package io.firn.table;

import io.firn.error.ConfigException;

/**
 * Who writes through a two-phase sink: an operator of a job.
 *
 * @param sinkId the sink, chosen by the user and the same in every restart of the job
 * @param jobId id of the job, the same in all its processes, another one in every other job
 * @param operatorId id of the operator of the job that writes, the same in all its subtasks and restarts; empty for
 *     those parts of the job that only commit what its operators prepared
 * @param description the operator and its job for people, for messages about two of them with one sink id
 */
public record SinkOwner(String sinkId, String jobId, String operatorId, String description) {
    private static final int MAX_ID_LENGTH = 200;

    /** Checks the ids. */
    public SinkOwner {
        if (sinkId.isBlank() || sinkId.length() > MAX_ID_LENGTH) {
            throw new ConfigException("Invalid sink id '" + sinkId + "': give the sink a name of 1 to " + MAX_ID_LENGTH
                    + " characters that stays the same when the job is started again and that no other sink uses");
        }
        if (jobId.isBlank() || jobId.indexOf('/') >= 0) {
            throw new ConfigException("Invalid job id '" + jobId + "' of the owner of sink '" + sinkId
                    + "': expected a text that is not empty and has no '/'");
        }
    }
}
