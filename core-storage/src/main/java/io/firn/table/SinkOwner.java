package io.firn.table;

import io.firn.error.ConfigException;

/**
 * A job that writes through a two-phase sink.
 *
 * @param sinkId the sink, chosen by the user and the same in every restart of the job
 * @param jobId id of the job, the same in all its processes, another one in every other job
 * @param description the job for people, for messages about two jobs with one sink id
 */
public record SinkOwner(String sinkId, String jobId, String description) {
    private static final int MAX_ID_LENGTH = 200;

    /** Checks the ids. */
    public SinkOwner {
        if (sinkId.isBlank() || sinkId.length() > MAX_ID_LENGTH) {
            throw new ConfigException("Invalid sink id '" + sinkId + "': give the sink a name of 1 to " + MAX_ID_LENGTH
                    + " characters that stays the same when the job is started again and that no other job uses");
        }
        if (jobId.isBlank()) {
            throw new ConfigException("The owner of sink '" + sinkId + "' has no id");
        }
    }
}
