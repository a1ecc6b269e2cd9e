package io.firn.lifecycle;

import io.firn.log.KnownLogs;
import io.firn.log.LaneSnapshot;
import io.firn.log.TableLayout;
import java.time.InstantSource;
import java.util.List;

/**
 * All lanes of a table by TRUST, as far as they can be read.
 *
 * @param lanes the readable ones
 * @param isComplete whether that is all of them: only then a segment that no lane lists was dropped by its owner
 */
record LaneView(List<LaneSnapshot> lanes, boolean isComplete) {
    LaneView {
        lanes = List.copyOf(lanes);
    }

    /** Reads the lanes; a damaged one is reported and left out. */
    static LaneView read(TableLayout layout, InstantSource clock, LifecycleReport report) {
        return new LaneViews(layout, KnownLogs.ofMaintainer(layout, clock)).view(report);
    }
}
