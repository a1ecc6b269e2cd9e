package io.firn.log;

import io.firn.error.CorruptDataException;
import java.util.List;
import java.util.Optional;

/**
 * What can still be read of the log of a lane that is lost or damaged.
 *
 * @param log the valid part of the highest log that has a base: what it says was committed, unless a later owner, whose
 *     log is lost, took over before the last of its entries; what came after it is unknown
 * @param published what an owner said that it had committed; never ahead of its log
 * @param highestEpoch the highest epoch that file names or the published position tell of, 0 when none does
 * @param ofAttempt whether it is the lane of a two-phase attempt, which has no log
 */
public record LaneRemains(
        Optional<LaneSnapshot> log, Optional<Published> published, long highestEpoch, boolean ofAttempt) {
    /** There is nothing. */
    public static final LaneRemains NOTHING = new LaneRemains(Optional.empty(), Optional.empty(), 0, false);

    /**
     * A position that was committed.
     *
     * @param epoch the owner's
     * @param position the next sequence that was not committed then
     */
    public record Published(long epoch, long position) {}

    /** Reads what is there; changes nothing. */
    public static LaneRemains read(TableLayout layout, String lane) {
        LogDirectory directory = layout.laneLog(lane);
        if (!layout.store().isDirectory(directory.path())) {
            return NOTHING;
        }
        Optional<Published> published = directory.published().map(page -> new Published(page.epoch(), page.position()));
        List<String> names = layout.store().list(directory.path());
        long highest = Math.max(
                DamagedLogs.highestEpoch(names), published.map(Published::epoch).orElse(0L));
        boolean attempt =
                AttemptFiles.isAttempt(names) || AttemptFiles.lastCommit(names) > 0 || AttemptFiles.isRetired(names);
        return new LaneRemains(log(directory, lane), published, highest, attempt);
    }

    /** What an owner would start from who opened the lane now; empty when that is nothing, or refused. */
    public static Optional<LaneSnapshot> ofNextOwner(TableLayout layout, String lane) {
        try {
            return layout.laneLog(lane).predecessorOf(Long.MAX_VALUE).map(log -> snapshot(lane, log));
        } catch (CorruptDataException refused) {
            return Optional.empty(); // the caller wants to know whether a log is lost: it is
        }
    }

    private static LaneSnapshot snapshot(String lane, LogContent log) {
        return LaneSnapshot.of(lane, log);
    }

    private static Optional<LaneSnapshot> log(LogDirectory directory, String lane) {
        for (long epoch : directory.epochs()) {
            Optional<LaneSnapshot> snapshot = log(directory, lane, epoch);
            if (snapshot.isPresent()) {
                return snapshot;
            }
        }
        return Optional.empty();
    }

    private static Optional<LaneSnapshot> log(LogDirectory directory, String lane, long epoch) {
        try {
            return directory.readValidPart(epoch).map(log -> snapshot(lane, log));
        } catch (CorruptDataException damaged) {
            return Optional.empty(); // it tells nothing; that the lane is damaged is why it is read
        }
    }
}
