package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.TableLayout;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads all lanes by TRUST, again and again. A lane whose log ends where it ended at the last read is not read and
 * forced once more: what was read then is still what was committed. Confined to one thread.
 */
final class LaneViews {
    private final TableLayout layout;
    private final Lanes lanes;
    private Map<String, LaneSnapshot> known = Map.of();

    LaneViews(TableLayout layout, InstantSource clock) {
        this.layout = layout;
        this.lanes = new Lanes(layout, clock);
    }

    /** Reads the lanes; a damaged one is reported and left out. */
    LaneView read(LifecycleReport report) {
        Map<String, LaneSnapshot> found = new HashMap<>();
        List<LaneSnapshot> readable = new ArrayList<>();
        boolean complete = true;
        for (String name : lanes.names()) {
            try {
                LaneSnapshot before = known.get(name);
                LaneSnapshot now = before != null && lanes.isUnchanged(before)
                        ? before
                        : lanes.read(name).orElse(null);
                if (now != null) {
                    found.put(name, now);
                    readable.add(now);
                }
            } catch (CorruptDataException damaged) {
                complete = false;
                report.failed(layout.lane(name), damaged);
            }
        }
        known = found;
        return new LaneView(readable, complete);
    }
}
