package io.firn.log;

/**
 * What is committed in a lane, read by rule 1: it is durable and can never be taken back.
 *
 * @param lane directory name of the lane
 * @param identity who writes it
 * @param ownerEpoch epoch of its owner, which the names of his files carry; 0 when it belongs to a writer attempt
 * @param logPosition how far its log was read
 * @param state the committed state
 * @param ended whether it belongs to a writer attempt that has ended: nothing follows, unless somebody restores a
 *     checkpoint that was made before it ended and holds a commit of it that was never made
 */
public record LaneSnapshot(
        String lane, LaneIdentity identity, long ownerEpoch, LogPosition logPosition, LaneState state, boolean ended) {
    /** A writer attempt has one owner for ever. */
    public static final long EPOCH_OF_ATTEMPTS = 0;

    /** The snapshot of a lane that a log describes: no attempt's. */
    static LaneSnapshot of(String lane, LogContent log) {
        LogPosition position = log.position();
        return new LaneSnapshot(
                lane, LaneCodec.identity(log), position.epoch(), position, LaneCodec.decode(log), false);
    }
}
