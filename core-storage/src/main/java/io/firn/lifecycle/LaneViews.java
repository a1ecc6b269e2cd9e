package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.log.KnownLogs;
import io.firn.log.LaneSnapshot;
import io.firn.log.TableLayout;
import java.util.ArrayList;
import java.util.List;

/** Reads all lanes by TRUST, again and again. Confined to one thread. */
final class LaneViews {
    private final TableLayout layout;
    private final KnownLogs logs;

    LaneViews(TableLayout layout, KnownLogs logs) {
        this.layout = layout;
        this.logs = logs;
    }

    /** Reads the lanes; a damaged one is reported and left out. */
    LaneView read(LifecycleReport report) {
        List<LaneSnapshot> readable = new ArrayList<>();
        boolean complete = true;
        for (String name : logs.laneNames()) {
            try {
                logs.lane(name).ifPresent(readable::add);
            } catch (CorruptDataException damaged) {
                complete = false;
                report.failed(layout.lane(name), damaged);
            }
        }
        return new LaneView(readable, complete);
    }
}
