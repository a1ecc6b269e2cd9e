package io.firn.lifecycle;

import io.firn.log.LaneSnapshot;
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
}
