package io.firn.lifecycle;

import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import io.firn.fs.PoliteLock;
import io.firn.log.LaneLog;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.TableLayout;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Ends segments whose writers are gone: the maintainer opens and closes the lane in their place (rule 23), after which
 * nobody can add to them. Lanes of writer attempts are left alone: only retirement ends those. Confined to one thread.
 */
final class DeadLanes {
    private final TableLayout layout;
    private final Lanes lanes;
    private final InstantSource clock;

    DeadLanes(TableLayout layout, InstantSource clock) {
        this.layout = layout;
        this.lanes = new Lanes(layout, clock);
        this.clock = clock;
    }

    /**
     * Takes over the lanes that have an open segment and no living owner.
     *
     * @param report gets what failed; the other lanes are taken over nevertheless
     * @return the writers that were taken over
     */
    List<String> takeOver(List<LaneSnapshot> snapshots, LifecycleReport report) {
        List<String> taken = new ArrayList<>();
        for (LaneSnapshot lane : snapshots) {
            boolean open = lane.state().segments().stream().anyMatch(segment -> !segment.rolled());
            if (open && !lanes.isAttempt(lane.lane()) && takeOver(lane, report)) {
                taken.add(lane.identity().writer());
            }
        }
        return taken;
    }

    /** How an attempt to take over a lane ended. */
    enum Outcome {
        TAKEN,
        /** Its owner lives. */
        OWNED,
        FAILED
    }

    private boolean takeOver(LaneSnapshot lane, LifecycleReport report) {
        return takeOver(lane, report, opened -> {}) == Outcome.TAKEN;
    }

    /**
     * Opens and closes a lane, unless it has a living owner.
     *
     * @param report gets what failed
     * @param whileOpen is done while the lane is open
     */
    Outcome takeOver(LaneSnapshot lane, LifecycleReport report, Consumer<LaneLog> whileOpen) {
        Optional<PoliteLock> lock = lanes.tryLock(lane.lane());
        if (lock.isEmpty()) {
            return Outcome.OWNED;
        }
        try (PoliteLock held = lock.get();
                LaneLog opened = LaneLog.openInPlaceOfOwner(layout, lane.lane(), clock)) {
            whileOpen.accept(opened);
            return Outcome.TAKEN;
        } catch (WriterFencedException owned) {
            report.skipped("the lane " + lane.lane() + " got another owner: " + owned.getMessage());
            return Outcome.OWNED;
        } catch (FirnException failed) {
            report.failed(layout.lane(lane.lane()), failed);
            return Outcome.FAILED;
        }
    }
}
