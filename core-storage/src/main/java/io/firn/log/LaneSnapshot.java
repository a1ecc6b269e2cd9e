package io.firn.log;

/**
 * What is committed in a lane, read by rule 1: it is durable and can never be taken back.
 *
 * @param lane directory name of the lane
 * @param identity who writes it
 * @param logPosition how far its log was read
 * @param state the committed state
 * @param ended whether it belongs to a writer attempt that has ended: nothing follows, unless somebody restores a
 *     checkpoint that was made before it ended and holds a commit of it that was never made
 */
public record LaneSnapshot(
        String lane, LaneIdentity identity, LogPosition logPosition, LaneState state, boolean ended) {}
