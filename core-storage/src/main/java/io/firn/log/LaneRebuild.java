package io.firn.log;

import java.time.InstantSource;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Puts a lane's log that was rebuilt from the files in the place of a lost one: fences every owner, lets the caller
 * find out what the files prove, writes that as the base of a new epoch, and only then renames the damaged logs aside.
 *
 * <p>A crash at any step leaves the damaged log or the rebuilt one; nothing is deleted. Thread-safe; no state.
 */
public final class LaneRebuild {
    private LaneRebuild() {}

    /**
     * What a lane's log is to say; all that it names is durable.
     *
     * @param identity who writes it
     * @param state what is committed
     */
    public record Rebuilt(LaneIdentity identity, LaneState state) {}

    /**
     * A log that was rebuilt.
     *
     * @param epoch its epoch
     * @param state what it says
     */
    public record Done(long epoch, LaneState state) {}

    /**
     * Rebuilds; the caller holds the lane's lock.
     *
     * @param toldEpoch the highest epoch that anything tells of
     * @param finding runs behind the fence and is given its epoch; when it throws, the lane stays damaged
     */
    public static Done run(
            TableLayout layout, String lane, InstantSource clock, long toldEpoch, LongFunction<Rebuilt> finding) {
        LogDirectory directory = layout.laneLog(lane);
        layout.createDirectories(List.of(directory.path()));
        try (EpochLog log = EpochLog.fenceForRebuild(directory, clock, toldEpoch)) {
            Rebuilt rebuilt = finding.apply(log.epoch());
            if (!rebuilt.identity().lane().equals(lane)) {
                throw new IllegalArgumentException("lane " + lane + " is not one of " + rebuilt.identity());
            }
            LaneState state = rebuilt.state().takenOver(rebuilt.state().segments());
            log.begin(LaneCodec.encodeBase(state, rebuilt.identity(), LogOwner.ofThisProcess()));
            DamagedLogs.putAside(directory, log.epoch());
            log.publish(state.position());
            return new Done(log.epoch(), state);
        }
    }
}
