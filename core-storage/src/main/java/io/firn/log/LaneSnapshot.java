package io.firn.log;

/**
 * What is committed in a lane, read by rule 1: it is durable and can never be taken back.
 *
 * @param lane directory name of the lane
 * @param identity who writes it
 * @param logPosition how far its log was read
 * @param state the committed state
 * @param ended whether it belongs to a writer attempt that has ended: nothing will ever follow
 */
public record LaneSnapshot(
        String lane, LaneIdentity identity, LogPosition logPosition, LaneState state, boolean ended) {}
