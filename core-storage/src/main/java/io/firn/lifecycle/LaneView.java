package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.TableLayout;
import java.time.InstantSource;
import java.util.ArrayList;
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
        Lanes reader = new Lanes(layout, clock);
        List<LaneSnapshot> lanes = new ArrayList<>();
        boolean complete = true;
        for (String name : reader.names()) {
            try {
                reader.read(name).ifPresent(lanes::add);
            } catch (CorruptDataException damaged) {
                complete = false;
                report.failed(layout.lane(name), damaged);
            }
        }
        return new LaneView(lanes, complete);
    }
}
